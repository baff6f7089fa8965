"""What the seller tells of a metered line: a call just made, a telephone that is paid for in parts."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from sandbox import clock

METERED = "sip"
"""The tariff whose lines are charged for what they use."""


def call(line_id: str) -> dict[str, Any]:
    """A call of three minutes that ends now."""
    return {
        "reference": f"call-{secrets.token_hex(6)}",
        "connector": line_id,
        "started_at": clock.now().isoformat(timespec="seconds"),
        "amount": "5.40",
        "currency": "RUB",
        "number": "+7 999 765-43-21",
        "duration_s": 180,
        "description": "мобильный",
    }


def instalment(line_id: str, today: date) -> dict[str, Any]:
    """A telephone of which a third is paid; the next part is due on the first of the next month."""
    next_on = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return {
        "connector": line_id,
        "title": "IP-телефон",
        "currency": "RUB",
        "total": "12000.00",
        "paid": "4000.00",
        "next_on": next_on.isoformat(),
        "next_amount": "2000.00",
    }
