"""The invoices section: whose papers, what is offered, and the days on which it is closed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.storage.database import Database
from tests.handlers.conftest import ANNA, give_lines
from tests.handlers.rig import Chat, Person

MOSCOW = ZoneInfo("Europe/Moscow")


def sip(number: int) -> tuple[str, str, str]:
    return f"sip-{number}", "sip", f"+7 495 000-00-{number:02}"


async def test_without_metered_connectors_nobody_is_asked_for(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Счета")
    assert anna.screen.text == "Счета"
    assert "Сменить абонента" not in anna.screen.buttons
    await anna.taps("‹ Назад")
    assert "Оплатить" in anna.screen.buttons


async def test_one_subscriber_is_not_asked_for(anna: Person, sqlite_database: Database) -> None:
    await give_lines(sqlite_database, ANNA, sip(1))
    await anna.says("/invoices")
    assert "Абонент: +7 495 000-00-01" in anna.screen.text
    assert "Сменить абонента" not in anna.screen.buttons


async def test_one_or_all_are_chosen_and_changed(anna: Person, chat: Chat, sqlite_database: Database) -> None:
    await give_lines(sqlite_database, ANNA, sip(1), sip(2))
    await anna.says("/invoices")
    assert anna.screen.buttons[:3] == ["Все абоненты", "+7 495 000-00-01", "+7 495 000-00-02"]
    await anna.taps("+7 495 000-00-02")
    assert "Абонент: +7 495 000-00-02" in anna.screen.text
    chat.restart()
    await anna.taps_data("nonsense")
    assert "Абонент: +7 495 000-00-02" in anna.screen.text
    await anna.taps("Сменить абонента")
    await anna.taps("Все абоненты")
    assert "Все абоненты: Anna" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Выберите абонента" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Настройки" in anna.screen.buttons


async def test_many_are_paged_and_searched(anna: Person, sqlite_database: Database) -> None:
    await give_lines(sqlite_database, ANNA, *(sip(number) for number in range(1, 11)))
    await anna.says("/invoices")
    assert len([each for each in anna.screen.buttons if each.startswith("+7")]) == 8
    await anna.taps("›")
    await anna.taps("Поиск")
    await anna.taps("‹ Назад")
    await anna.taps("Поиск")
    await anna.says("00-07")
    assert "Найдено по «00-07»: 1" in anna.screen.text
    await anna.taps("+7 495 000-00-07")
    assert "Абонент: +7 495 000-00-07" in anna.screen.text


async def test_what_is_metered_is_not_paid_for_by_periods(anna: Person, sqlite_database: Database) -> None:
    await give_lines(sqlite_database, ANNA, sip(1))
    await anna.says("/pay")
    assert "+7 495 000-00-01" not in anna.screen.buttons
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("+7 495 000-00-01")
    assert "раз в месяц" in anna.screen.text
    assert "Оплатить" not in anna.screen.buttons
    await anna.taps("Счета")
    assert "Абонент: +7 495 000-00-01" in anna.screen.text


async def test_nobody_looks_at_anothers_papers(anna: Person, bob: Person, sqlite_database: Database) -> None:
    await give_lines(sqlite_database, ANNA, sip(1), sip(2))
    await bob.says("/start")
    await give_lines(sqlite_database, bob.id, sip(3), sip(4))
    await bob.says("/invoices")
    await bob.taps_data("pays:1")
    assert "Nothing of yours" in bob.screen.text


@pytest.mark.parametrize(
    ("moment", "is_closed"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=MOSCOW), False),
        (datetime(2026, 12, 1, tzinfo=MOSCOW), True),
        (datetime(2026, 12, 3, 23, 59, 59, tzinfo=MOSCOW), True),
        (datetime(2026, 12, 4, tzinfo=MOSCOW), False),
    ],
)
async def test_the_section_says_when_it_is_closed(
    anna: Person, sqlite_database: Database, moment: datetime, is_closed: bool
) -> None:
    await give_lines(sqlite_database, ANNA, sip(1))
    with time_machine.travel(moment, tick=False):
        await anna.says("/invoices")
    words = anna.screen.text.replace("\N{NO-BREAK SPACE}", " ")
    assert ("4 декабря 2026, 00:00" in words) is is_closed
