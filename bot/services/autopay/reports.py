"""What operators ask of all autopays at once; the chart and the table are made when they are sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.autopay_reports import DAYS, AutopayReport, CurrencyReport, Day, Failures, Standing
from bot.domain.money import Money
from bot.domain.states import OPEN_PAYMENTS, PaymentState, Role
from bot.services.desk import DeskService
from bot.storage.autopay_reports import Ended, Planned, Waiting
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

_OPEN = {state.value for state in OPEN_PAYMENTS}


class AutopayReportService:
    """Reads sums off indexes, a day at a time, so that no unit takes long however many autopays there are."""

    def __init__(self, database: Database, desk: DeskService, zone: ZoneInfo) -> None:
        self.database = database
        self._desk = desk
        self._zone = zone

    async def report(self) -> AutopayReport:
        """The days to come, from today on, and as many that have been; each is looked up by itself."""
        today = periods.today(self._zone)
        past = [today - timedelta(days=back) for back in reversed(range(DAYS))]
        ended = {on: await self._ended(on) for on in past}
        return AutopayReport(
            today,
            _currencies(await self._coming(today), _charged(ended)),
            _failures(ended.values()),
            await self._standing(),
            sum(each.charges for found in ended.values() for each in found if each.state in _OPEN),
        )

    async def expected(self) -> list[Money]:
        """What the days to come are to bring, by currency; what has been charged is not looked at."""
        forecast = _currencies(await self._coming(periods.today(self._zone)), {})
        return [each.expects for each in forecast if each.expects]

    async def send(self, who: int) -> None:
        """The chart comes into the group, with what it says in words below it."""
        self._desk.demand(who, Role.VIEWER)
        await self._write_notice(await self.report())

    @reading
    def backlog(self, tx: Tx) -> list[Waiting]:
        """What the clock has not got round to, for whoever watches from outside."""
        return tx.autopay_reports.waiting(periods.now())

    @transaction
    def send_table(self, tx: Tx, who: int) -> None:
        """The same as a table for a spreadsheet."""
        self._desk.demand(who, Role.VIEWER)
        tx.outbox.to_operators("autopay_table")

    @transaction
    def _write_notice(self, tx: Tx, report: AutopayReport) -> None:
        tx.outbox.to_operators(
            "autopay_report",
            currencies=[{"expected": each.expects, "charged": each.brought} for each in report.currencies],
            failures=[{"refusal": each.refusal, "charges": each.charges} for each in report.failures],
            standing=[
                {"state": each.state.value, "reason": each.reason, "autopays": each.autopays}
                for each in report.standing
            ],
            unknown=report.unknown,
        )

    async def _coming(self, today: date) -> dict[str, list[Day]]:
        days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
        planned = [each for on in days for each in await self._planned(on)]
        return _expected(planned, today + timedelta(days=DAYS))

    @reading
    def _planned(self, tx: Tx, on: date) -> list[Planned]:
        return tx.autopay_reports.planned(on)

    @reading
    def _ended(self, tx: Tx, on: date) -> list[Ended]:
        return tx.autopay_reports.ended(self._midnight(on), self._midnight(on + timedelta(days=1)))

    @reading
    def _standing(self, tx: Tx) -> tuple[Standing, ...]:
        return tuple(tx.autopay_reports.standing())

    def _midnight(self, on: date) -> datetime:
        return datetime.combine(on, time(), self._zone)


def _expected(planned: Iterable[Planned], end: date) -> dict[str, list[Day]]:
    """By currency; what comes every few days comes more than once in that time."""
    sums: dict[tuple[str, date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for each in planned:
        on = each.on
        while on < end:
            charges, minor = sums[each.currency, on]
            sums[each.currency, on] = (charges + each.charges, minor + each.minor)
            if not each.days:
                break
            on += timedelta(days=each.days)
    return _by_currency(sums)


def _charged(ended: dict[date, list[Ended]]) -> dict[str, list[Day]]:
    sums = {
        (each.currency, on): (each.charges, each.minor)
        for on, found in ended.items()
        for each in found
        if each.state == PaymentState.SUCCEEDED.value
    }
    return _by_currency(sums)


def _by_currency(sums: dict[tuple[str, date], tuple[int, int]]) -> dict[str, list[Day]]:
    days: dict[str, list[Day]] = defaultdict(list)
    for (currency, on), (charges, minor) in sorted(sums.items()):
        days[currency].append(Day(on, Money(minor, currency), charges))
    return days


def _currencies(expected: dict[str, list[Day]], charged: dict[str, list[Day]]) -> tuple[CurrencyReport, ...]:
    return tuple(
        CurrencyReport(currency, tuple(expected.get(currency, ())), tuple(charged.get(currency, ())))
        for currency in sorted(expected.keys() | charged.keys())
    )


def _failures(ended: Iterable[list[Ended]]) -> tuple[Failures, ...]:
    counts: dict[str, int] = defaultdict(int)
    for found in ended:
        for each in found:
            if each.state == PaymentState.REFUSED.value:
                counts[each.refusal] += each.charges
    return tuple(Failures(*pair) for pair in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
