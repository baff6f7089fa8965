"""Zones are found by the names that people give their cities, and are told by what the clock shows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import speaking
from bot.i18n.cities import CITIES, NEAR_HOME
from bot.i18n.zone_words import MOST_FOUND, city_of, find_zones, there


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Казань", "Europe/Moscow"),
        ("  орел ", "Europe/Moscow"),
        ("Ростов на дону", "Europe/Moscow"),
        ("тюмень", "Asia/Yekaterinburg"),
        ("Мінск", "Europe/Minsk"),
        ("гродна", "Europe/Minsk"),
        ("Ош", "Asia/Bishkek"),
        ("бишк", "Asia/Bishkek"),
        ("Астана", "Asia/Almaty"),
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("+5", "Etc/GMT-5"),
        ("UTC−3", "Etc/GMT+3"),
        ("gmt +06:00", "Etc/GMT-6"),
    ],
)
def test_city_as_people_write_it(words: str, zone: str) -> None:
    assert find_zones(words) == [zone]


@pytest.mark.parametrize(
    "words", ["", "   ", "-", "Нигдегорск", "+15", "-13", "5", "\0", "../etc/passwd", "а" * 4096]
)
def test_nothing_is_found_for_nonsense(words: str) -> None:
    assert find_zones(words) == []


def test_beginning_of_several_names_finds_each_zone_once_and_not_too_many() -> None:
    found = find_zones("ново")
    assert {"Asia/Novosibirsk", "Asia/Novokuznetsk", "Europe/Moscow"} == set(found)
    assert len(find_zones("а")) == MOST_FOUND


def test_every_zone_of_ours_is_known_to_the_machine() -> None:
    for name in (*NEAR_HOME, *CITIES):
        assert ZoneInfo(name)


@pytest.mark.parametrize(
    ("zone", "code", "said"),
    [
        ("Asia/Vladivostok", "ru", "Владивосток, 19:05"),
        ("Asia/Bishkek", "en", "Bishkek, 15:05"),
        ("Etc/GMT-5", "ru", "UTC+5, 14:05"),
        ("Etc/GMT+3", "be", "UTC-3, 06:05"),
    ],
)
def test_zone_is_told_by_its_city_and_its_clock(zone: str, code: str, said: str) -> None:
    with speaking(code):
        assert there(zone, datetime(2026, 12, 1, 9, 5, tzinfo=UTC)) == said
        assert city_of(zone) in said
