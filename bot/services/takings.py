"""The till's report for operators: what came by method, tariff and day, what went back, what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import Role
from bot.domain.takings import MOST_DAYS, Declined, Flow, Span, Taking, Takings
from bot.services.autopay.reports import AutopayReportService
from bot.services.desk import DeskService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

SETTLES = timedelta(hours=1)
"""After midnight: a unit that began before it may still be writing."""
MOMENT = timedelta(minutes=1)
KEPT_AT_ONCE = 7


class TakingsService:
    """Days that are over are added up once and kept: what was booked on them can't change any more."""

    def __init__(
        self, database: Database, desk: DeskService, autopays: AutopayReportService, zone: ZoneInfo
    ) -> None:
        self.database = database
        self._desk = desk
        self._autopays = autopays
        self._zone = zone
        self._told: tuple[Takings, datetime] | None = None

    def today(self) -> date:
        return periods.today(self._zone)

    async def report(self, span: Span) -> Takings:
        """What came and went in these days; CustomerError "bad_days" for none, too many or none yet."""
        if not 0 < len(span) <= MOST_DAYS or span.first > self.today():
            raise CustomerError("bad_days", most=MOST_DAYS)
        takings, before = await self._added_up(span), await self._added_up(span.before)
        owed, unpaid = await self._debts()
        return Takings(
            span,
            takings,
            declined=await self._declined(span),
            expected=await self._autopays.expected(),
            owed=owed,
            unpaid=unpaid,
            earlier=_came(before),
        )

    async def told(self, span: Span) -> Takings:
        """As it was told in words a moment ago: a picture says the same, and nothing is counted twice."""
        if self._told is not None and self._told[0].span == span and periods.now() - self._told[1] < MOMENT:
            return self._told[0]
        return await self.report(span)

    async def send(self, who: int, span: Span) -> None:
        """The picture comes into the group, with what it says in words below it."""
        self._desk.demand(who, Role.VIEWER)
        report = await self.report(span)
        self._told = (report, periods.now())
        await self._write_notice(report)

    @transaction
    def send_table(self, tx: Tx, who: int, span: Span) -> None:
        """The same as a table for a spreadsheet."""
        self._desk.demand(who, Role.VIEWER)
        tx.outbox.to_operators("takings_table", **_days(span))

    async def keep_days(self) -> int:
        """Add up days that are over, a few at a time and the latest first; how many there were."""
        first = await self._first_day()
        if first is None:
            return 0
        last = self._over()
        span = Span(max(first, last - timedelta(days=MOST_DAYS)), last)
        known = await self._kept_days(span)
        missing = [on for on in reversed(list(span)) if on not in known][:KEPT_AT_ONCE]
        for on in missing:
            await self._keep(on, await self._count(on))
        return len(missing)

    async def _added_up(self, span: Span) -> list[Taking]:
        known, over = await self._kept(span), self._over()
        found: list[Taking] = []
        for on in span:
            if on in known:
                found += known[on]
                continue
            takings = await self._count(on)
            found += takings
            if on <= over:
                await self._keep(on, takings)
        return found

    def _over(self) -> date:
        """The last day on which nothing more can be booked."""
        return (periods.now().astimezone(self._zone) - SETTLES).date() - timedelta(days=1)

    def _midnight(self, on: date) -> datetime:
        return datetime.combine(on, time(), self._zone)

    @reading
    def _kept_days(self, tx: Tx, span: Span) -> set[date]:
        return tx.takings.kept_days(span.first, span.last)

    @reading
    def _kept(self, tx: Tx, span: Span) -> dict[date, list[Taking]]:
        return tx.takings.kept(list(span))

    @reading
    def _count(self, tx: Tx, on: date) -> list[Taking]:
        return tx.takings.count_day(on, self._midnight(on), self._midnight(on + timedelta(days=1)))

    @transaction
    def _keep(self, tx: Tx, on: date, takings: Sequence[Taking]) -> None:
        tx.takings.keep(on, takings)

    @reading
    def _first_day(self, tx: Tx) -> date | None:
        moment = tx.takings.first_day()
        return moment.astimezone(self._zone).date() if moment is not None else None

    @reading
    def _declined(self, tx: Tx, span: Span) -> list[Declined]:
        return tx.takings.declined(self._midnight(span.first), self._midnight(span.last + timedelta(days=1)))

    @reading
    def _debts(self, tx: Tx) -> tuple[list[Money], list[Money]]:
        return tx.takings.owed(), tx.takings.unpaid_bills()

    @transaction
    def _write_notice(self, tx: Tx, report: Takings) -> None:
        tx.outbox.to_operators("takings", **facts_of(report))


def facts_of(report: Takings) -> dict[str, Any]:
    """What a notice says of it in words; the picture is drawn when that is sent."""
    totals = [(currency, report.total(currency)) for currency in report.currencies]
    return {
        **_days(report.span),
        "totals": [
            {"came": total.came, "back": total.back, "movements": total.movements} for _name, total in totals
        ],
        "earlier": list(report.earlier),
        "declined": sum(each.payments for each in report.declined),
        "expected": list(report.expected),
        "owed": list(report.owed),
        "unpaid": list(report.unpaid),
    }


def _days(span: Span) -> dict[str, Any]:
    return {"first": span.first, "last": span.last}


def _came(takings: Sequence[Taking]) -> list[Money]:
    sums: Counter[str] = Counter()
    for each in takings:
        if each.flow is Flow.CAME:
            sums[each.amount.currency] += each.amount.minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]
