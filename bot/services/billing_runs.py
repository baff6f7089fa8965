"""How far the forming of regular invoices has come."""

from __future__ import annotations

from bot.domain.billing import Run
from bot.storage.database import Database, reading
from bot.storage.tx import Tx

SHOWN_RUNS = 12


class BillingRuns:
    """Reads, and changes nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reading
    def run(self, tx: Tx, month: str) -> Run | None:
        """How far a month has come; None while it was not begun."""
        return tx.billing.get(month)

    @reading
    def runs(self, tx: Tx) -> list[Run]:
        """The newest months that were begun."""
        return tx.billing.last(SHOWN_RUNS)
