"""When autopays announce and charge: honest hours, never at night, in every zone and season."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.autopay_times import (
    NOTICE,
    REMINDER,
    announce_moment,
    charge_moment,
    is_day,
    next_day_moment,
    not_at_night,
    preview_moment,
    remind_moment,
    retry_moment,
)

BERLIN, MOSCOW, BISHKEK = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Bishkek")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""Nights on which Berlin's clocks lose an hour and gain one."""

ZONES = [
    "Pacific/Pago_Pago",
    "America/Los_Angeles",
    "America/St_Johns",
    "UTC",
    "Europe/Berlin",
    "Europe/Kaliningrad",
    "Europe/Minsk",
    "Asia/Kolkata",
    "Asia/Bishkek",
    "Asia/Kamchatka",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2026, 1, 1), date(2032, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds the zone)
references = st.text("0123456789abcdef", min_size=1, max_size=16)


@given(days, zones, references)
def test_a_charge_is_made_on_its_day_with_an_hour_to_spare(day: date, zone: ZoneInfo, reference: str) -> None:
    charge_at = charge_moment(day, zone, reference)
    assert charge_at.astimezone(zone).date() == day
    assert is_day(charge_at, zone)
    assert is_day(charge_at + timedelta(minutes=59), zone)


@given(days, zones, references)
def test_an_announcement_is_72_hours_old_when_it_may_wait_two_hours(
    day: date, zone: ZoneInfo, reference: str
) -> None:
    charge_at = charge_moment(day, zone, reference)
    announced = announce_moment(charge_at, zone)
    assert charge_at - (announced + timedelta(hours=2)) >= NOTICE
    assert charge_at - announced <= NOTICE + timedelta(hours=15)
    assert is_day(announced, zone)


@given(days, zones, references)
def test_steps_come_in_their_order(day: date, zone: ZoneInfo, reference: str) -> None:
    charge_at = charge_moment(day, zone, reference)
    steps = [
        preview_moment(charge_at, zone),
        announce_moment(charge_at, zone),
        remind_moment(charge_at, zone),
    ]
    assert steps == sorted(steps)
    assert all(is_day(step, zone) for step in steps)
    assert charge_at - steps[-1] >= REMINDER


@pytest.mark.parametrize("day", [SPRING + timedelta(days=after) for after in range(4)])
@pytest.mark.parametrize("reference", ["a", "b", "c", "d", "e"])
def test_hour_lost_in_spring_is_not_taken_from_the_72(day: date, reference: str) -> None:
    in_the_zone = charge_moment(day, BERLIN, reference).astimezone(BERLIN)
    announced = announce_moment(in_the_zone, BERLIN)
    assert in_the_zone.astimezone(UTC) - announced.astimezone(UTC) >= NOTICE + timedelta(hours=1)


@pytest.mark.parametrize("changed", [SPRING, AUTUMN])
def test_days_on_which_clocks_change_have_the_usual_hours(changed: date) -> None:
    for number in range(200):
        local = charge_moment(changed, BERLIN, str(number)).astimezone(BERLIN)
        assert (9, 30) <= (local.hour, local.minute) <= (20, 0)


def test_charges_are_spread_evenly_over_the_day() -> None:
    begins = datetime(2027, 3, 28, 9, 30, tzinfo=MOSCOW)
    moments = (charge_moment(SPRING, MOSCOW, f"autopay-{n}") for n in range(20_000))
    parts = Counter((moment - begins) // timedelta(minutes=63) for moment in moments)
    assert sorted(parts) == list(range(10))
    assert all(abs(count - 2000) < 200 for count in parts.values())


def test_same_autopay_has_another_hour_on_another_day() -> None:
    days = [SPRING + timedelta(days=n) for n in range(30)]
    assert len({charge_moment(day, MOSCOW, "one").time() for day in days}) > 25
    assert charge_moment(SPRING, MOSCOW, "one") == charge_moment(SPRING, MOSCOW, "one")


@given(days, zones, references)
def test_retries_come_after_1_3_and_7_days_in_the_morning(day: date, zone: ZoneInfo, reference: str) -> None:
    for tries, later in enumerate((1, 3, 7), start=1):
        moment = retry_moment(day, tries, zone, reference)
        assert moment is not None
        local = moment.astimezone(zone)
        assert local.date() == day + timedelta(days=later)
        assert 10 <= local.hour < 12


def test_there_is_no_fifth_try() -> None:
    assert [retry_moment(SPRING, tries, MOSCOW, "a") for tries in (0, 4, 5)] == [None, None, None]


@given(moments, zones)
def test_what_comes_at_night_moves_to_the_evening_before(moment: datetime, zone: ZoneInfo) -> None:
    moved = not_at_night(moment, zone)
    assert is_day(moved, zone)
    assert moved == moment or timedelta() < moment - moved <= timedelta(hours=15)


@given(moments, zones, references)
def test_next_day_begins_soon_after_nine(moment: datetime, zone: ZoneInfo, reference: str) -> None:
    local = next_day_moment(moment, zone, reference).astimezone(zone)
    assert 9 <= local.hour < 11
    assert timedelta() < local - moment <= timedelta(hours=36)


@pytest.mark.parametrize(
    ("hour", "zone", "day"),
    [(6, MOSCOW, True), (5, MOSCOW, False), (18, MOSCOW, False), (17, MOSCOW, True), (3, BISHKEK, True)],
)
def test_day_is_where_the_customer_lives(hour: int, zone: ZoneInfo, day: bool) -> None:
    assert is_day(datetime(2026, 12, 1, hour, 0, tzinfo=UTC), zone) is day
