"""How each field looks. Values are signed glued together, so only fixed shapes say where one ends.

Between two neighbours either a letter meets a digit or one of them has a fixed length; so no character of a
signed text can be moved from one field into the next. docs/providers/webpay.md goes through it pair by pair.
"""

from __future__ import annotations

import re

from bot.domain.errors import ProviderRefused

PREFIX = "K-"
"""Begins our order numbers: our mark, and the letter that ends the digits before it."""

REFERENCE = re.compile(r"[a-z2-7]{26}", re.ASCII)

SHAPES = {
    "batch_timestamp": r"\d{8,14}",
    "currency_id": r"[A-Z]{3}",
    "amount": r"(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?",
    "payment_method": r"[A-Za-z][A-Za-z_-]{0,31}",
    "order_id": r"\d{1,20}",
    "site_order_id": r"[\x21-\x7e]{1,64}",
    "transaction_id": r"\d{4,20}",
    "payment_type": r"[1-9]|1[0-2]|23",
    "rrn": r"(?:\d{12})?",
    "card": r"\d{6}[xX*]{2,9}\d{4}",
    "customer_id": r"[a-z]{1,8}\d{1,20}",
    "operation_type": r"recurring_(?:bind|pay|unbind)",
    "recurring_token": r"[0-9A-Za-z]{1,64}",
    "offer_exp_date": r"\d{4}-\d\d-\d\d",
    "wsb_signature": r"[0-9a-fA-F]{32}",
}
_NEARLY_OURS = re.compile(PREFIX + r"[a-z2-7]{13}", re.ASCII)
_COMPILED = {name: re.compile(shape, re.ASCII) for name, shape in SHAPES.items()}


def order_number(reference: str) -> str:
    """How WEBPAY knows our payment: always 28 characters, never only digits."""
    if not REFERENCE.fullmatch(reference):
        raise ProviderRefused("a reference of another shape makes no order number")
    return PREFIX + reference


def reference_of(number: str) -> str:
    """Our reference in an order number, "" where it does not bear our mark."""
    reference = number.removeprefix(PREFIX)
    return reference if number.startswith(PREFIX) and REFERENCE.fullmatch(reference) else ""


def is_cut_wrongly(number: str) -> bool:
    """Whether an order number is ours with a piece too much or too little: its neighbours were moved."""
    return _NEARLY_OURS.search(number) is not None and not reference_of(number)


def fits(name: str, value: str) -> bool:
    """Whether the value looks as this field must."""
    return _COMPILED[name].fullmatch(value) is not None
