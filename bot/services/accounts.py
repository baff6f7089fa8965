"""The accounts that money moves between."""

from __future__ import annotations

from bot.storage.ledger import REVENUE, source
from bot.storage.tx import Tx


def open_accounts(tx: Tx, payer_id: int, provider: str, currency: str) -> None:
    """Make the accounts that a payment will move money between, before any of it arrives."""
    tx.ledger.open(source(provider), currency)
    tx.ledger.open(REVENUE, currency)
    tx.ledger.open_payer(payer_id, currency)
