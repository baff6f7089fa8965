"""Usage detail and current charges in the chat, of one subscriber and of all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.domain.billing import Instalment
from bot.domain.money import Money
from bot.domain.seller import Charge
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.conftest import ANNA, give_lines
from tests.handlers.rig import Chat, Person
from tests.handlers.test_invoices_section import sip

MOSCOW = ZoneInfo("Europe/Moscow")
TODAY = datetime(2026, 11, 14, 12, tzinfo=MOSCOW)
OCTOBER = TODAY - timedelta(days=30)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
async def two_sips(house: House, sqlite_database: Database) -> None:
    """One was used often this month, the other once in October."""
    await give_lines(sqlite_database, ANNA, sip(1), sip(2))
    calls = [
        Charge(
            f"n{number}",
            "sip-1",
            TODAY - timedelta(hours=number),
            Money(210, "RUB"),
            number="+7 999 000-00-00",
            duration_s=105,
            description="Москва",
        )
        for number in range(1, 11)
    ]
    october = Charge("o1", "sip-2", OCTOBER, Money(35000, "RUB"), description="Абонентская плата")
    await house.seller.add_charges([*calls, october], None)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


async def test_detail_of_a_month_has_pages(anna: Person, chat: Chat, two_sips: None) -> None:
    await anna.says("/invoices")
    await anna.taps("Все абоненты")
    await anna.taps("Детализация")
    assert anna.screen.buttons[:3] == ["● ноябрь 2026", "○ октябрь 2026", "Далее ›"]
    await anna.taps("Далее ›")
    words = plain(anna.screen.text)
    assert "Детализация, ноябрь 2026" in words
    assert "Итого: 21 ₽ · 10 записей, 17:30" in words
    assert "▪ +7 495 000-00-01\n14.11.26 11:00 · +7 999 000-00-00 · 1:45 · 2,10 ₽ · Москва" in words
    await anna.taps("›")
    assert plain(anna.screen.text).count("2,10 ₽") == 2
    chat.restart()
    await anna.taps_data("nonsense")
    assert plain(anna.screen.text).count("2,10 ₽") == 2
    await anna.taps("‹ Назад")
    await anna.taps("октябрь 2026")
    await anna.taps("Далее ›")
    assert "350 ₽ · Абонентская плата" in plain(anna.screen.text)


async def test_charges_so_far_are_told_by_subscriber(anna: Person, two_sips: None) -> None:
    await anna.says("/invoices")
    await anna.taps("Все абоненты")
    await anna.taps("Начисления")
    words = plain(anna.screen.text)
    assert "Начисления за текущий период, ноябрь 2026" in words
    assert "▪ +7 495 000-00-01: 21 ₽" in words
    assert "350" not in words, "that was October"
    await anna.taps("‹ Назад")
    await anna.taps("Сменить абонента")
    await anna.taps("+7 495 000-00-02")
    await anna.taps("Начисления")
    assert "Начислений пока нет" in anna.screen.text


async def test_a_month_without_use_says_so(anna: Person, sqlite_database: Database) -> None:
    await give_lines(sqlite_database, ANNA, sip(1))
    await anna.says("/invoices")
    await anna.taps("Детализация")
    await anna.taps("Далее ›")
    assert "За этот месяц записей нет" in anna.screen.text


async def test_nothing_is_ordered_while_invoices_are_formed(anna: Person, two_sips: None) -> None:
    await anna.says("/invoices")
    await anna.taps("Все абоненты")
    before = anna.screen
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=MOSCOW), tick=False):
        await anna.taps("Детализация", on=before)
        assert "Раздел откроется 4 декабря 2026, 00:00" in plain(anna.screen.text)
        assert "Детализация" not in anna.screen.buttons
        assert "Способ и адрес доставки" in anna.screen.buttons


async def test_a_strangers_connector_shows_nothing(anna: Person, bob: Person, two_sips: None) -> None:
    await anna.says("/invoices")
    await bob.says("/invoices")
    await bob.taps_data("section:charges")
    assert "21" not in bob.screen.text


async def test_instalments_are_told_where_there_are_any(anna: Person, house: House, two_sips: None) -> None:
    await anna.says("/invoices")
    await anna.taps("+7 495 000-00-01")
    assert "Рассрочка" not in anna.screen.buttons
    phone = Instalment(
        "phone-1",
        "sip-1",
        "IP-телефон",
        total=Money(1200000, "RUB"),
        paid=Money(400000, "RUB"),
        next_on=date(2026, 12, 1),
        next_amount=Money(200000, "RUB"),
    )
    await house.instalments.put(phone)
    await anna.says("/invoices")
    await anna.taps("+7 495 000-00-01")
    await anna.taps("Рассрочка")
    words = plain(anna.screen.text)
    assert "▪ IP-телефон\nИтого: 12 000 ₽\nОплачено: 4 000 ₽ · осталось: 8 000 ₽" in words
    assert "Следующий платёж: 1 декабря 2026, 2 000 ₽" in words
    await anna.taps_data("nonsense")
    assert "IP-телефон" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Абонент: +7 495 000-00-01" in anna.screen.text
