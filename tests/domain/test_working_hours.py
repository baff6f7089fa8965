"""By when an answer is promised: counted in the hours that somebody sits at the desk."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.desk_terms import DeskTerms, Hours
from bot.domain.working_hours import promised_until, resumed_until, working_time

MINSK = ZoneInfo("Europe/Minsk")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [MINSK, BERLIN, ZoneInfo("Asia/Bishkek"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")]
DAY = DeskTerms(work=Hours(time(9), time(18)))
NIGHT = DeskTerms(work=Hours(time(20), time(4)))


def at(words: str, zone: ZoneInfo = MINSK) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-11-18T10:00", 4, "2026-11-18T14:00"),
        ("2026-11-18T16:00", 4, "2026-11-19T11:00"),
        ("2026-11-18T03:00", 4, "2026-11-18T13:00"),
        ("2026-11-18T21:00", 4, "2026-11-19T13:00"),
        ("2026-11-20T17:00", 4, "2026-11-23T12:00"),  # Friday evening, Monday noon
        ("2026-11-21T12:00", 4, "2026-11-23T13:00"),
        ("2026-11-18T09:00", 9, "2026-11-18T18:00"),
        ("2026-11-18T09:00", 24, "2026-11-20T15:00"),
        ("2026-11-21T12:00", 0, "2026-11-21T12:00"),
    ],
)
def test_hours_are_counted_while_somebody_is_there(since: str, hours: int, until: str) -> None:
    assert promised_until(at(since), hours, DAY, MINSK) == at(until)


def test_those_who_work_at_the_weekend_promise_it() -> None:
    always = DeskTerms(work=DAY.work, weekend=True)
    assert promised_until(at("2026-11-20T17:00"), 4, always, MINSK) == at("2026-11-21T12:00")


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-11-18T23:00", 2, "2026-11-19T01:00"),
        ("2026-11-19T01:00", 2, "2026-11-19T03:00"),
        ("2026-11-19T03:00", 2, "2026-11-19T21:00"),
        ("2026-11-21T03:00", 2, "2026-11-23T21:00"),  # Friday's night ends on Saturday
    ],
)
def test_a_shift_past_midnight_belongs_to_the_day_it_begins(since: str, hours: int, until: str) -> None:
    assert promised_until(at(since), hours, NIGHT, MINSK) == at(until)


def test_a_day_on_which_the_clock_is_moved_has_honest_hours() -> None:
    nights = DeskTerms(work=Hours(time(1), time(5)), weekend=True)
    since = at("2026-03-29T01:00", BERLIN)
    assert promised_until(since, 3, nights, BERLIN) == at("2026-03-29T05:00", BERLIN)
    assert promised_until(since, 4, nights, BERLIN) == at("2026-03-30T02:00", BERLIN)


moments = some.integers(0, 10 * 366 * 24 * 60 * 60).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
clocks = some.times().map(lambda clock: clock.replace(second=0, microsecond=0))
terms = some.builds(
    DeskTerms,
    work=some.tuples(clocks, clocks).filter(lambda two: two[0] != two[1]).map(lambda two: Hours(*two)),
    weekend=some.booleans(),
)
few_hours = some.integers(min_value=1, max_value=20)


@given(moments, few_hours, terms, some.sampled_from(ZONES))
def test_a_promise_lies_ahead_by_at_least_its_hours(
    now: datetime, hours: int, terms: DeskTerms, zone: ZoneInfo
) -> None:
    until = promised_until(now, hours, terms, zone)
    assert until.tzinfo is UTC
    assert until - now >= timedelta(hours=hours)
    assert promised_until(now.astimezone(zone), hours, terms, zone) == until


@given(moments, few_hours, few_hours, terms, some.sampled_from(ZONES))
def test_two_promises_in_a_row_are_one_of_both(
    now: datetime, first: int, second: int, terms: DeskTerms, zone: ZoneInfo
) -> None:
    halfway = promised_until(now, first, terms, zone)
    whole = promised_until(now, first + second, terms, zone)
    assert promised_until(halfway, second, terms, zone) == whole


@given(moments, some.integers(min_value=0, max_value=10_000), few_hours, terms, some.sampled_from(ZONES))
def test_who_comes_later_is_never_promised_an_earlier_answer(
    now: datetime, minutes: int, hours: int, terms: DeskTerms, zone: ZoneInfo
) -> None:
    later = now + timedelta(minutes=minutes)
    assert promised_until(now, hours, terms, zone) <= promised_until(later, hours, terms, zone)


@given(moments, few_hours, terms, some.sampled_from(ZONES))
def test_a_promise_ends_while_somebody_is_there(
    now: datetime, hours: int, terms: DeskTerms, zone: ZoneInfo
) -> None:
    until = promised_until(now, hours, terms, zone)
    just_before = (until - timedelta(microseconds=1)).astimezone(zone)
    assert terms.work.includes(just_before.time())


@given(moments, few_hours, terms, some.sampled_from(ZONES))
def test_a_promise_that_rested_goes_on_with_what_was_left_of_it(
    now: datetime, hours: int, terms: DeskTerms, zone: ZoneInfo
) -> None:
    until = promised_until(now, hours, terms, zone)
    assert working_time(now, until, terms, zone) == timedelta(hours=hours)
    halfway = resumed_until(now, timedelta(minutes=30), terms, zone)
    assert resumed_until(halfway, working_time(halfway, until, terms, zone), terms, zone) == until
    assert working_time(until, now, terms, zone) == timedelta()
