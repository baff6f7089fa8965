from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.billing import ConnectorUsage, is_closed, month_of, moved
from bot.domain.money import Money

VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")


def test_a_month_begins_when_it_does_at_the_sellers() -> None:
    last_evening = datetime(2026, 10, 31, 14, 0, tzinfo=UTC)
    assert month_of(last_evening, VLADIVOSTOK) == "2026-11"
    assert month_of(last_evening, ZoneInfo("Europe/Moscow")) == "2026-10"


@pytest.mark.parametrize(("months", "there"), [(0, "2026-12"), (1, "2027-01"), (-12, "2025-12")])
def test_months_are_moved_over_the_turn_of_a_year(months: int, there: str) -> None:
    assert moved("2026-12", months) == there


@pytest.mark.parametrize(
    ("day", "hour", "closed"), [(31, 23, False), (1, 0, True), (3, 23, True), (4, 0, False)]
)
def test_the_section_is_closed_from_the_first_to_the_third(day: int, hour: int, closed: bool) -> None:
    month = 12 if day == 31 else 1
    here = datetime(2026, month, day, hour, 59 if hour else 0, tzinfo=VLADIVOSTOK)
    opens = is_closed(here.astimezone(UTC), VLADIVOSTOK)
    assert opens == (datetime(2026, 1, 4, tzinfo=VLADIVOSTOK) if closed else None)


def test_a_begun_minute_counts() -> None:
    assert ConnectorUsage("sip-1", "Office", "sip", 2, 61, Money(120, "RUB")).minutes == 2
