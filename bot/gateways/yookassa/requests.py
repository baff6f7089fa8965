"""Bodies of the requests that leave the house, made by the SDK's models without its detour through float."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from yookassa.domain.common import ConfirmationType
from yookassa.domain.models.amount import Amount
from yookassa.domain.models.receipt_data.receipt_item import ReceiptItem
from yookassa.domain.request import PaymentRequest, RefundRequest

from bot.domain.errors import ProviderRefused
from bot.domain.money import Money
from bot.gateways import base
from bot.gateways.yookassa.settings import BY_PHONE, KINDS, YooKassaSettings

WithReceipt = base.LinkRequest | base.ChargeRequest | base.RefundCall | base.OffsetRequest

MARK = "kassir"
"""The key of our reference in YooKassa's metadata: what does not bear it is foreign."""

VAT_CODES = {
    "none": 1, "0": 2, "10": 3, "20": 4, "10/110": 5, "20/120": 6,
    "5": 7, "7": 8, "5/105": 9, "7/107": 10, "22": 11, "22/122": 12,
}  # fmt: skip
"""The catalogue's word → YooKassa's code; 22 % came in 2026."""

LONGEST_TITLE = 128
LONGEST_REASON = 250
LONGEST_ADDRESS = 2048
MOST_ITEMS = {"yookassa": 80, "register": 100}


class ExactAmount(Amount):  # type: ignore[misc]  # the SDK has no types
    """The SDK's amount, kept as the decimal it was given: its own goes through float."""

    @property
    def value(self) -> Decimal:
        return self._exact

    @value.setter
    def value(self, text: str) -> None:
        self._exact = Decimal(text)


class ExactItem(ReceiptItem):  # type: ignore[misc]  # the SDK has no types
    """The SDK's receipt line with a whole quantity instead of a float."""

    @property
    def quantity(self) -> Decimal:
        return self._exact

    @quantity.setter
    def quantity(self, number: int) -> None:
        self._exact = Decimal(number)


def payment_body(request: base.LinkRequest, settings: YooKassaSettings) -> dict[str, Any]:
    """What POST /payments takes; the same request gives the same bytes, as a repeat with one key must."""
    if len(request.return_url) > LONGEST_ADDRESS:
        raise ProviderRefused(f"the return address is longer than {LONGEST_ADDRESS}")
    wanted = _payment(request, settings) | {"confirmation": _confirmation(request)} | _means(request)
    return _checked(PaymentRequest, wanted)


def charge_body(request: base.ChargeRequest, settings: YooKassaSettings) -> dict[str, Any]:
    """What POST /payments takes where nobody confirms: the saved card, and no page."""
    return _checked(PaymentRequest, _payment(request, settings) | {"payment_method_id": request.token})


def _payment(request: base.LinkRequest | base.ChargeRequest, settings: YooKassaSettings) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "amount": _amount(request.amount),
        "capture": True,
        "description": request.title[:LONGEST_TITLE],
        "metadata": {MARK: request.reference},
    }
    if settings.receipts != "off":
        wanted["receipt"] = _receipt(request, settings)
    return wanted


def _means(request: base.LinkRequest) -> dict[str, Any]:
    """By what he pays: by the card on file, or by what he chooses, which is kept only where he agreed."""
    if request.page_token:
        return {"payment_method_id": request.page_token}
    means: dict[str, Any] = {"save_payment_method": request.saves_card}
    if kind := KINDS[request.method]:
        means["payment_method_data"] = {"type": kind} | _payers_phone(request)
    return means


def refund_body(request: base.RefundCall, settings: YooKassaSettings) -> dict[str, Any]:
    """What POST /refunds takes; a refund of the whole payment bears no receipt, YooKassa copies the first."""
    wanted: dict[str, Any] = {
        "payment_id": request.provider_payment,
        "amount": _amount(request.amount),
        "metadata": {MARK: request.reference},
    }
    if request.reason:
        wanted["description"] = request.reason[:LONGEST_REASON]
    if settings.receipts != "off" and request.items:
        wanted["receipt"] = _receipt(request, settings)
    return _checked(RefundRequest, wanted)


def _confirmation(request: base.LinkRequest) -> dict[str, Any]:
    """How the payer confirms: on YooKassa's page, or by answering a text message of his operator."""
    locale = "ru_RU" if request.language in ("ru", "be", "ky") else "en_US"
    if request.method in BY_PHONE:
        return {"type": ConfirmationType.EXTERNAL, "locale": locale}
    page = {"type": ConfirmationType.REDIRECT, "return_url": request.return_url, "locale": locale}
    # Without it a shop that may charge saved cards would take the money, and ask its owner nothing.
    return page | ({"enforce": True} if request.page_token else {})


def _payers_phone(request: base.LinkRequest) -> dict[str, str]:
    if request.method not in BY_PHONE:
        return {}
    digits = digits_of(request.phone)
    if not digits:
        raise ProviderRefused("a payment from a phone's balance needs its number")
    return {"phone": digits}


def offset_body(request: base.OffsetRequest, settings: YooKassaSettings) -> dict[str, Any]:
    """What POST /receipts takes for the use of a prepayment that came through this payment."""
    receipt = _receipt(request, settings)
    return {
        "type": "payment",
        "payment_id": request.provider_payment,
        "send": True,
        **receipt,
        "items": [dict(line) for line in receipt["items"]],
        "settlements": [{"type": "prepayment", "amount": dict(_amount(request.amount))}],
    }


def _receipt(request: WithReceipt, settings: YooKassaSettings) -> dict[str, Any]:
    lines = receipt_lines(request, settings)
    receipt: dict[str, Any] = {
        "customer": _customer(request.email, request.phone, settings),
        "items": [_line(item) for item in lines],
    }
    if settings.tax_system_code is not None:
        receipt["tax_system_code"] = settings.tax_system_code
    return receipt


def receipt_lines(request: WithReceipt, settings: YooKassaSettings) -> list[base.Item]:
    """What a receipt lists; ProviderRefused where it does not make the sum of the payment."""
    lines = [item for item in request.items if item.price]
    _fits(lines, request.amount, MOST_ITEMS[settings.receipts])
    return lines


def _fits(lines: Sequence[base.Item], amount: Money, most: int) -> None:
    if not 0 < len(lines) <= most:
        raise ProviderRefused(f"a receipt needs from 1 to {most} lines, not {len(lines)}")
    total = sum((line.price * line.quantity for line in lines), Money(0, amount.currency))
    if total != amount:
        raise ProviderRefused(f"the lines of the receipt make {total}, the payment is {amount}")


def _customer(email: str, phone: str, settings: YooKassaSettings) -> dict[str, str]:
    customer = {key: value for key, value in (("email", email), ("phone", digits_of(phone))) if value}
    if not customer or (settings.receipts == "yookassa" and not email):
        raise ProviderRefused(
            "a receipt needs an e-mail" + ("" if settings.receipts == "yookassa" else " or a phone")
        )
    return customer


def digits_of(phone: str) -> str:
    return "".join(letter for letter in phone if letter in "0123456789")


def _line(item: base.Item) -> ExactItem:
    return ExactItem(
        {
            "description": item.title[:LONGEST_TITLE],
            "quantity": item.quantity,
            "amount": _amount(item.price),
            "vat_code": vat_code(item),
            "payment_subject": item.subject,
            "payment_mode": item.mode,
            "measure": item.measure,
        }
    )


def vat_code(item: base.Item) -> int:
    if item.vat not in VAT_CODES:
        raise ProviderRefused(f"vat {item.vat!r} is not one of: {', '.join(VAT_CODES)}")
    return VAT_CODES[item.vat]


def _amount(money: Money) -> ExactAmount:
    return ExactAmount({"value": money.decimal(), "currency": money.currency})


def _checked(model: type[Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Let the SDK look at it before it leaves; empty lists, which it adds on its own, stay here."""
    try:
        request = model(wanted)
        request.validate()
    except (TypeError, ValueError) as wrong:
        raise ProviderRefused(f"not sent, the SDK says: {wrong}") from wrong
    return {key: value for key, value in dict(request).items() if value != []}
