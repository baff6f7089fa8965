"""Months the way people count them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.periods import add_months, first_of_month, today

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "anchor", "end"),
    [
        (date(2027, 1, 31), 1, None, date(2027, 2, 28)),
        (date(2027, 2, 28), 1, 31, date(2027, 3, 31)),
        (date(2027, 3, 31), 1, 31, date(2027, 4, 30)),
        (date(2027, 2, 28), 1, None, date(2027, 3, 28)),
        (date(2028, 1, 31), 1, 31, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, 29, date(2029, 2, 28)),
        (date(2029, 2, 28), 36, 29, date(2032, 2, 29)),
        (date(2100, 1, 29), 1, 29, date(2100, 2, 28)),
        (date(2026, 12, 15), 1, 15, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, 31, date(2026, 2, 28)),
        (date(9999, 12, 1), 1, None, date.max),
    ],
)
def test_months_keep_their_anchor_day(start: date, months: int, anchor: int | None, end: date) -> None:
    assert add_months(start, months, anchor) == end


@given(days, st.integers(1, 31), st.integers(1, 60))
def test_month_by_month_ends_where_one_leap_does(start: date, anchor: int, months: int) -> None:
    """Nothing drifts, however short a month on the way is."""
    first = add_months(start, 0, anchor)
    day = first
    for _ in range(months):
        day = add_months(day, 1, anchor)
    assert day == add_months(first, months, anchor)


@given(days, st.integers(1, 31), st.integers(1, 400))
def test_so_many_months_later_is_that_month_and_never_past_the_anchor(
    start: date, anchor: int, months: int
) -> None:
    end = add_months(start, months, anchor)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= anchor


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Kamchatka", date(2027, 1, 1)),
        ("Europe/Moscow", date(2026, 12, 31)),
        ("America/New_York", date(2026, 12, 31)),
    ],
)
def test_today_is_the_wall_calendars(zone: str, day: date) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 20, 0, tzinfo=UTC), tick=False):
        assert today(ZoneInfo(zone)) == day


def test_month_begins_at_midnight_there() -> None:
    begun = first_of_month(date(2027, 1, 17), ZoneInfo("Asia/Bishkek"))
    assert begun.astimezone(UTC) == datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
