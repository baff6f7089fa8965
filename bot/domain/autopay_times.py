"""When an autopay does what: by day, spread over it, and never before its notice is 72 hours old."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_BEGINS = time(9)
DAY_ENDS = time(21)
NOTICE = timedelta(hours=72)
MARGIN = timedelta(hours=2)
"""A notice may wait its turn in the outbox: it is written so much earlier."""
LATEST = NOTICE + MARGIN / 4
"""Nearer to its charge than this nothing is announced any more: the charge moves to another day."""
REMINDER = timedelta(hours=24)
PREVIEW_DAYS = 7
RETRY_DAYS = (1, 3, 7)
"""Days after the first declined charge; with it that is four tries, far below every scheme's ceiling."""
RETRY_BEGINS = time(10)
RETRY_SPREAD = timedelta(hours=2)
UNSENT_PAUSES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=5))
"""After a call that provably never arrived."""


def charge_moment(day: date, zone: ZoneInfo, reference: str) -> datetime:
    """The moment of that day on which this autopay is charged: each has its own, from 9:30 to 20:00.

    The last hour of the day stays free for what comes late.
    """
    spread = timedelta(hours=10, minutes=30) * _share(f"{reference}:{day}")
    return _at(day, DAY_BEGINS, zone) + timedelta(minutes=30) + spread


def charge_day(soonest: datetime, zone: ZoneInfo, reference: str) -> date:
    """The first day on which its charge does not come before that moment."""
    day = soonest.astimezone(zone).date()
    return day if charge_moment(day, zone, reference) >= soonest else day + timedelta(days=1)


def retry_moment(first: date, tries: int, zone: ZoneInfo, reference: str) -> datetime | None:
    """When it is tried again after so many declined charges, the first on that day; None after the last."""
    if not 0 < tries <= len(RETRY_DAYS):
        return None
    day = first + timedelta(days=RETRY_DAYS[tries - 1])
    return _at(day, RETRY_BEGINS, zone) + RETRY_SPREAD * _share(f"{reference}:{day}")


def announce_moment(charge_at: datetime, zone: ZoneInfo) -> datetime:
    """Early enough for 72 hours, and not at night."""
    return not_at_night(_before(charge_at, NOTICE + MARGIN), zone)


def remind_moment(charge_at: datetime, zone: ZoneInfo) -> datetime:
    return not_at_night(_before(charge_at, REMINDER), zone)


def preview_moment(charge_at: datetime, zone: ZoneInfo) -> datetime:
    return not_at_night(_before(charge_at, timedelta(days=PREVIEW_DAYS)), zone)


def not_at_night(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself by day; at night the last hour of the day before."""
    if is_day(moment, zone):
        return moment
    local = moment.astimezone(zone)
    day = local.date() if local.time() >= DAY_ENDS else local.date() - timedelta(days=1)
    return _at(day, DAY_ENDS, zone) - timedelta(hours=1)


def is_day(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a charge may be made now: between 9 and 21 where the customer lives."""
    return DAY_BEGINS <= moment.astimezone(zone).time() < DAY_ENDS


def next_day_moment(moment: datetime, zone: ZoneInfo, reference: str) -> datetime:
    """The nearest moment by day for what comes at night: spread over its first two hours."""
    local = moment.astimezone(zone)
    day = local.date() if local.time() < DAY_BEGINS else local.date() + timedelta(days=1)
    return _at(day, DAY_BEGINS, zone) + timedelta(hours=2) * _share(f"{reference}:{day}")


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """In UTC: what is added to a moment with a zone goes by the wall, where an hour of spring is missing."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def _before(moment: datetime, so_long: timedelta) -> datetime:
    """Hours that really pass, also over the night when the clocks are put forward."""
    return moment.astimezone(UTC) - so_long


def _share(of: str) -> float:
    """A number from 0 to 1 that is the same each time; no money, so a float does no harm."""
    digest = hashlib.blake2b(of.encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32
