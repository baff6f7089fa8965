"""Regular invoices: each month's use of metered connectors, billed to whoever pays for them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.billing import Run, is_closed
from bot.storage.database import Database, reading
from bot.storage.tx import Tx

SHOWN_RUNS = 12


class BillingService:
    """A month is formed from 00:00 on the 1st of the next one, in the seller's zone."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self.database = database
        self._zone = zone

    def opens_at(self) -> datetime | None:
        """While the invoices section is closed: the moment it opens again."""
        return is_closed(periods.now(), self._zone)

    @reading
    def run(self, tx: Tx, month: str) -> Run | None:
        """How far a month has come; None while it was not begun."""
        return tx.billing.get(month)

    @reading
    def runs(self, tx: Tx) -> list[Run]:
        """The newest months that were begun."""
        return tx.billing.last(SHOWN_RUNS)
