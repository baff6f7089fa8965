"""Amounts as the API writes them, held as kopecks."""

import re
from typing import Any

from sandbox.yookassa.errors import invalid

Json = dict[str, Any]


def parse_amount(amount: object, currency: str, parameter: str = "amount") -> int:
    """Read `{"value": "490.00", "currency": "RUB"}`; a number, a comma or a third decimal is refused."""
    if not isinstance(amount, dict):
        raise invalid(parameter, "Amount is missing or is not an object")
    value = amount.get("value")
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,12}\.\d{2}", value, re.ASCII):
        raise invalid(f"{parameter}.value", "Value must be a string with a dot and two decimals")
    if amount.get("currency") != currency:
        raise invalid(f"{parameter}.currency", f"Currency of this shop is {currency}")
    kopecks = int(value.replace(".", ""))
    if kopecks == 0:
        raise invalid(f"{parameter}.value", "Value must be more than zero")
    return kopecks


def decimal(kopecks: int) -> str:
    return f"{kopecks // 100}.{kopecks % 100:02}"


def as_amount(kopecks: int, currency: str) -> Json:
    return {"value": decimal(kopecks), "currency": currency}
