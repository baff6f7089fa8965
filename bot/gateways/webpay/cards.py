"""Bound cards: what is asked for to bind one, to charge it and to let it go."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.errors import ProviderRefused
from bot.domain.money import Money
from bot.gateways.webpay.forms import new_seed
from bot.gateways.webpay.settings import WebPaySettings
from bot.gateways.webpay.shapes import fits, order_number
from bot.gateways.webpay.signatures import order_signature

BIND, PAY, UNBIND = "recurring_bind", "recurring_pay", "recurring_unbind"


def binding(form: Mapping[str, str], customer: str, settings: WebPaySettings) -> dict[str, str]:
    """A payment form that binds the payer's card as well; the payer is there and confirms with 3-D Secure."""
    more = {"wsb_customer_id": _customer(customer), "wsb_operation_type": BIND}
    return _signed({name: value for name, value in form.items() if name != "wsb_signature"} | more, settings)


def charge(
    reference: str, amount: Money, title: str, notify_url: str, *, customer: str, token: str,
    settings: WebPaySettings,
) -> dict[str, str]:  # fmt: skip
    """A payment by a bound card, sent from here: a new order number each time, no payer, no 3-D Secure."""
    fields = {
        "*scart": "",
        "wsb_version": "2",
        "wsb_storeid": settings.store_id,
        "wsb_order_num": order_number(reference),
        "wsb_test": "1" if settings.test else "0",
        "wsb_currency_id": amount.currency,
        "wsb_seed": new_seed(),
        "wsb_customer_id": _customer(customer),
        "wsb_operation_type": PAY,
        "wsb_recurring_token": _token(token),
        "wsb_notify_url": notify_url,
        "wsb_invoice_item_name[0]": title,
        "wsb_invoice_item_quantity[0]": "1",
        "wsb_invoice_item_price[0]": amount.decimal(),
        "wsb_total": amount.decimal(),
    }
    return _signed(fields, settings)


def unbinding(customer: str, token: str, settings: WebPaySettings) -> dict[str, str]:
    """Let a card go: after it the token is good for nothing."""
    fields = {
        "wsb_version": "2",
        "wsb_seed": new_seed(),
        "wsb_storeid": settings.store_id,
        "wsb_customer_id": _customer(customer),
        "wsb_operation_type": UNBIND,
        "wsb_recurring_token": _token(token),
    }
    return _signed(fields, settings)


def _signed(fields: dict[str, str], settings: WebPaySettings) -> dict[str, str]:
    return fields | {"wsb_signature": order_signature(fields, settings.secret_key.get_secret_value())}


def _customer(customer: str) -> str:
    """It stands between digits in the signed text, so it begins with letters and has one shape."""
    if not fits("customer_id", customer):
        raise ProviderRefused("a customer is letters and a number, such as c42")
    return customer


def _token(token: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z]{1,64}", token, re.ASCII):
        raise ProviderRefused("not a token of WEBPAY")
    return token
