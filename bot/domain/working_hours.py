"""By when something is promised that only gets done while somebody sits at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.desk_terms import DeskTerms

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def promised_until(now: datetime, hours: int, terms: DeskTerms, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which that many working hours have gone by since now.

    Hours are honest ones, also on the day that clocks are moved. Who promises none at night promises `now`.
    """
    return resumed_until(now, timedelta(hours=hours), terms, zone)


def resumed_until(now: datetime, left: timedelta, terms: DeskTerms, zone: ZoneInfo) -> datetime:
    """The same for what is left of a promise that rested, see `working_time`."""
    moment = now.astimezone(UTC)
    for begins, ends in _shifts(moment, terms, zone):
        since = max(begins, moment)
        if left <= ends - since:
            return since + left if left else moment
        left -= max(ends - since, timedelta())
    raise AssertionError("there is always another day")


def working_time(since: datetime, until: datetime, terms: DeskTerms, zone: ZoneInfo) -> timedelta:
    """How much of the time between them somebody sits at the desk; none where it is over already."""
    first, last = since.astimezone(UTC), until.astimezone(UTC)
    total = timedelta()
    for begins, ends in _shifts(first, terms, zone):
        if begins >= last:
            return total
        total += max(min(ends, last) - max(begins, first), timedelta())
    raise AssertionError("there is always another day")


def _shifts(moment: datetime, terms: DeskTerms, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Those that are not over at that moment, one after another, without an end."""
    day = moment.astimezone(zone).date() - ONE_DAY
    while True:
        begins, ends = _shift(day, terms, zone)
        if ends > moment and (terms.weekend or day.weekday() < SATURDAY):
            yield begins, ends
        day += ONE_DAY


def _shift(day: date, terms: DeskTerms, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The one that begins on this day; it ends on the next where it goes past midnight."""
    since, until = terms.work.since, terms.work.until
    last = day if since < until else day + ONE_DAY
    return _utc(day, since, zone), _utc(last, until, zone)


def _utc(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
