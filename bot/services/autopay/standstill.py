"""A provider by which no saved card can be charged, by a fault of ours: operators hear of it once."""

from __future__ import annotations

from typing import Any

from bot.domain.money import Money
from bot.storage.tx import Tx

SWITCHED_OFF = "it is switched off in the settings"


def tell_standstill(tx: Tx, provider: str, why: str, amount: Money) -> None:
    """Hang a card about it, unless one hangs already."""
    subject = f"charging:{provider}"
    if tx.cards.has_open(subject):
        return
    facts: dict[str, Any] = {"provider": provider, "why": why[:200], "amount": amount}
    card = tx.cards.add("charging_refused", subject, facts)
    tx.outbox.to_operators("charging_refused", card=card, **facts)
