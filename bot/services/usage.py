"""What metered connectors used, for screens, letters and files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.billing import Usage, UsageRecord, month_of, moved, usage_of
from bot.services.paging import Page, page_of
from bot.storage.database import Database, reading
from bot.storage.tx import Tx
from bot.storage.usage import After, Scope

MONTHS_BACK = 12
PART = 1000
"""Records read at a time by whoever wants them all."""


class UsageService:
    """A subscriber is a metered connector, named by its id; None is all of them, of one payer or of all."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self.database = database
        self._zone = zone

    @property
    def this_month(self) -> str:
        return month_of(periods.now(), self._zone)

    @reading
    def months(
        self, tx: Tx, customer_id: int, subscriber: str | None = None, *, payer_id: int | None = None
    ) -> list[str]:
        """This month, and those of the last twelve that have records; the newest first."""
        scope = Scope(customer_id, subscriber, payer_id)
        before = (moved(self.this_month, -back) for back in range(1, MONTHS_BACK + 1))
        return [self.this_month, *(month for month in before if tx.usage.has_any(scope, month))]

    @reading
    def summary(
        self,
        tx: Tx,
        customer_id: int,
        subscriber: str | None,
        month: str,
        *,
        payer_id: int | None = None,
    ) -> Usage:
        """Totals of each connector and currency; of this month: what was charged so far."""
        return usage_of(month, tx.usage.totals(Scope(customer_id, subscriber, payer_id), month))

    @reading
    def records(
        self,
        tx: Tx,
        customer_id: int,
        subscriber: str | None,
        month: str,
        page: int = 0,
        *,
        payer_id: int | None = None,
    ) -> Page[UsageRecord]:
        """A screen of single uses: by connector, the newest first."""
        scope = Scope(customer_id, subscriber, payer_id)
        total = sum(each.records for each in tx.usage.totals(scope, month))
        return page_of(
            lambda limit, offset: tx.usage.records(scope, month, limit=limit, offset=offset), total, page
        )

    async def every_record(
        self, customer_id: int, subscriber: str | None, month: str, *, payer_id: int | None = None
    ) -> AsyncIterator[UsageRecord]:
        """All of them by connector and time, a part in memory at a time."""
        scope = Scope(customer_id, subscriber, payer_id)
        after: After | None = None
        while part := await self._part(scope, month, after):
            for _, record in part:
                yield record
            after = part[-1][0]

    @reading
    def _part(self, tx: Tx, scope: Scope, month: str, after: After | None) -> list[tuple[After, UsageRecord]]:
        return tx.usage.records_after(scope, month, after, PART)
