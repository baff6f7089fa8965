"""The first days of a month, while its regular invoices are formed and no papers can be ordered."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.periods import add_months, now, today

LAST_CLOSED_DAY = 3


def opens_at(zone: ZoneInfo) -> datetime | None:
    """When papers can be ordered again, by the seller's wall clock; None while they can be."""
    here = now().astimezone(zone)
    if here.day > LAST_CLOSED_DAY:
        return None
    return datetime(here.year, here.month, LAST_CLOSED_DAY + 1, tzinfo=zone)


def months_before(zone: ZoneInfo, count: int) -> list[str]:
    """The months before this one, the newest first: ["2026-10", "2026-09"]."""
    first = today(zone).replace(day=1)
    return [month_of(add_months(first, -back)) for back in range(1, count + 1)]


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"
