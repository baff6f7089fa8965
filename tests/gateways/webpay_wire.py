"""Notifications as WEBPAY would write them, and the shop they are for."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from bot.domain.events import Callback
from bot.gateways.webpay.settings import WebPaySettings

SECRET = "secret_Key_1"
REFERENCE = "c3mt4qz5y7rw2nlbx6dk3hjvsa"
NUMBER = f"K-{REFERENCE}"
SIGNED = (
    *("batch_timestamp", "currency_id", "amount", "payment_method", "order_id", "site_order_id"),
    *("transaction_id", "payment_type", "rrn"),
)
PLAIN = {
    "batch_timestamp": "1700000100",
    "currency_id": "BYN",
    "amount": "25.50",
    "payment_method": "cc",
    "order_id": "88001",
    "site_order_id": NUMBER,
    "transaction_id": "777000111",
    "payment_type": "1",
    "rrn": "431200000001",
}
CARD = {"card": "411111xxxxxx1111"}
BOUND = {
    "customer_id": "tg42",
    "operation_type": "recurring_bind",
    "recurring_token": "929900001",
    "offer_exp_date": "2028-12-31",
}


def shop(**more: Any) -> WebPaySettings:
    return WebPaySettings.model_validate({"store_id": "11111111", "secret_key": SECRET} | more)


def signature(fields: dict[str, str], *more: str, secret: str = SECRET) -> str:
    glued = "".join(fields.get(name, "") for name in (*SIGNED, *more))
    return hashlib.md5((glued + secret).encode()).hexdigest()


def sent(fields: dict[str, str]) -> Callback:
    return Callback(urlencode(fields).encode(), {"content-type": "application/x-www-form-urlencoded"})


def notification(*signed: str, secret: str = SECRET, **changes: str) -> Callback:
    """The plain one with these changes; `signed` names what is signed beyond the usual fields."""
    fields = PLAIN | changes
    return sent(fields | {"wsb_signature": signature(fields, *signed, secret=secret)})
