"""Months the way people count them, and the one clock of this product."""

from __future__ import annotations

import calendar
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_ahead = timedelta()


def add_months(start: date, months: int, anchor_day: int | None = None) -> date:
    """Move by whole months towards the anchor day: 31 Jan + 1 is 28 Feb, and + 1 again is 31 Mar."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max  # "for ever", as some sellers write it
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(anchor_day or start.day, last))


def now() -> datetime:
    """The present moment in UTC; nothing else reads a clock. Tests and the sandbox move it, also back."""
    return datetime.now(UTC) + _ahead


def run_ahead(by: timedelta) -> None:
    """Let the present be so far ahead of the machine's clock; only CLOCK_URL and tests do this."""
    global _ahead  # noqa: PLW0603 (one clock for the whole process is what this is)
    _ahead = by


def ahead() -> timedelta:
    """How far the present was moved."""
    return _ahead


def machine_seconds() -> float:
    """The machine's own clock, never moved: for the ages of files, which the machine wrote."""
    return time.time()


def today(zone: ZoneInfo) -> date:
    """The date on the seller's wall calendar."""
    return now().astimezone(zone).date()


def first_of_month(day: date, zone: ZoneInfo) -> datetime:
    """The moment that day's month began on the seller's wall calendar."""
    return datetime(day.year, day.month, 1, tzinfo=zone)
