"""What Telegram's invoice says where the shop takes the money: the sum in kopecks, its receipt in roubles."""

from __future__ import annotations

import json
from typing import Any

from bot.gateways import base
from bot.gateways.invoices import invoice
from bot.gateways.yookassa.requests import LONGEST_TITLE, receipt_lines, vat_code
from bot.gateways.yookassa.settings import YooKassaSettings


def card_invoice(request: base.LinkRequest, settings: YooKassaSettings) -> base.Link:
    """The receipt needs an e-mail: Telegram's form asks for it, and hands it to the shop."""
    if settings.receipts == "off":
        return invoice(request)
    data = json.dumps({"receipt": _receipt(request, settings)}, ensure_ascii=False)
    return invoice(request, need_email="true", send_email_to_provider="true", provider_data=data)


def _receipt(request: base.LinkRequest, settings: YooKassaSettings) -> dict[str, Any]:
    lines = receipt_lines(request, settings)
    receipt: dict[str, Any] = {"items": [_line(item) for item in lines]}
    if settings.tax_system_code is not None:
        receipt["tax_system_code"] = settings.tax_system_code
    return receipt


def _line(item: base.Item) -> dict[str, Any]:
    return {
        "description": item.title[:LONGEST_TITLE],
        "quantity": item.quantity,
        "amount": {"value": item.price.decimal(), "currency": item.price.currency},
        "vat_code": vat_code(item),
        "payment_mode": item.mode,
        "payment_subject": item.subject,
        "measure": item.measure,
    }
