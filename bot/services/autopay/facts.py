"""What every notice about an autopay says."""

from __future__ import annotations

from typing import Any

from bot.domain.autopays import Autopay
from bot.storage.tx import Tx


def facts_of(tx: Tx, autopay: Autopay) -> dict[str, Any]:
    """Enough to write the notice without asking the books again; `zone` is "" for the seller's."""
    card = tx.saved_cards.get(autopay.card_id) if autopay.card_id else None
    customer = tx.customers.get(autopay.customer_id)
    return {
        "autopay_id": autopay.id,
        **thing_of(tx, autopay),
        "payer_id": autopay.payer_id,
        "amount": autopay.amount,
        "months": autopay.interval.months,
        "days": autopay.interval.days,
        "card": card.masked if card else "",
        "method": card.method if card else "balance",
        "balance_first": autopay.balance_first,
        "charge_on": autopay.charge_on,
        "zone": customer.zone if customer else "",
    }


def thing_of(tx: Tx, autopay: Autopay) -> dict[str, str]:
    """What it pays for: for a balance `connector_id` is "", and `title` the payer's own name or ""."""
    if autopay.connector_id is not None:
        connector = tx.connectors.get(autopay.connector_id)
        return {"title": connector.title if connector else "", "connector_id": autopay.connector_id}
    payer = tx.payers.get(autopay.payer_id)
    return {"title": payer.title if payer else "", "connector_id": ""}
