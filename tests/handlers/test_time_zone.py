"""A customer says by which clock he lives."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.services.house import House
from bot.services.zones import zone_of
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person

MOSCOW = ZoneInfo("Europe/Moscow")


async def zone(house: House) -> str:
    customer = await house.customers.get(ANNA)
    assert customer
    return customer.zone


async def open_zones(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Настройки")
    await anna.taps("Часовой пояс: Москва")


async def test_city_is_picked_and_shown_in_the_settings(anna: Person, house: House) -> None:
    await open_zones(anna)
    assert "Ваше время: Москва" in anna.screen.text
    await anna.taps("Владивосток")
    assert await zone(house) == "Asia/Vladivostok"
    assert "Часовой пояс: Владивосток" in anna.screen.buttons


async def test_city_is_typed(anna: Person, house: House) -> None:
    await open_zones(anna)
    await anna.says("казань")
    assert await zone(house) == "Europe/Moscow"


async def test_one_of_several_is_chosen(anna: Person, house: House) -> None:
    await open_zones(anna)
    await anna.says("ново")
    await anna.taps("Новокузнецк")
    assert await zone(house) == "Asia/Novokuznetsk"


async def test_unknown_city_is_said_and_asked_again(anna: Person, house: House) -> None:
    await open_zones(anna)
    await anna.says("Нигдегорск")
    assert any("не нашёлся" in seen.text for seen in anna.messages)
    await anna.says("+7")
    assert await zone(house) == "Etc/GMT-7"


async def test_way_back_to_the_sellers_time(anna: Person, house: House) -> None:
    await house.customers.choose_zone(ANNA, "Asia/Bishkek")
    await anna.says("/start")
    await anna.taps("Настройки")
    await anna.taps("Часовой пояс: Бишкек")
    await anna.taps("Как у продавца: Москва")
    assert await zone(house) == ""


async def test_forged_button_changes_nothing(anna: Person, house: House) -> None:
    await open_zones(anna)
    await anna.taps_data("zone:Mars/Olympus")
    assert await zone(house) == ""


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "Europe", "../etc/passwd", "x" * 300, "Europe/Moscow\0", "/etc/localtime"]
)
async def test_no_zone_is_refused_and_one_in_the_books_does_no_harm(name: str, house: House) -> None:
    with pytest.raises(CustomerError, match="unknown_zone"):
        await house.customers.choose_zone(ANNA, name)
    assert zone_of(Customer(ANNA, "Anna", "ru", zone=name), MOSCOW) is MOSCOW
