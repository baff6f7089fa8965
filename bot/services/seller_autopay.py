"""What the seller's own systems are told of autopays; docs/webhooks.md shows each kind."""

from __future__ import annotations

from typing import Any, Literal

from bot.domain.autopays import Autopay
from bot.domain.webhooks import News
from bot.storage.tx import Tx

Change = Literal["connected", "changed", "failed", "paused", "ended"]


def tell_autopay(tx: Tx, change: Change, autopay: Autopay, reason: str = "", **more: Any) -> None:
    """The autopay as it stands; `reason` says why it failed, pauses or has ended."""
    if not tx.webhooks.seller_listens:
        return
    told = {
        "autopay": autopay.reference,
        "connector": autopay.connector_id,
        "amount": {"value": autopay.amount.decimal(), "currency": autopay.amount.currency},
        "months": autopay.interval.months or None,
        "days": autopay.interval.days or None,
        "charge_on": autopay.charge_on.isoformat() if autopay.charge_on else None,
        "reason": reason or None,
    }
    tx.webhooks.tell(News(f"autopay.{change}", told | more))
