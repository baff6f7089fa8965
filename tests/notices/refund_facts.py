"""Facts of notices about refunds."""

from __future__ import annotations

from datetime import date
from typing import Any

REFUND: dict[str, Any] = {
    "request_id": 4,
    "attempt_id": 6,
    "service": "shorten",
    "destination": "source",
    "account": "",
    "proposed_by": 2002,
    "asked_by": 1001,
    "promo": "WINTER",
    "alone": True,
    "reason": "by agreement",
    "lines": [{"title": "WhatsApp +7 999", "before": date(2027, 1, 14), "after": date(2026, 12, 14)}],
}
REFUNDS: dict[str, dict[str, Any]] = {
    "refund_asked": REFUND,
    "refund_proposed": REFUND,
    "refund_by_hand": REFUND | {"destination": "by_hand", "account": "40702810900000002453"},
}
"""By the kind of the operators' notice."""
