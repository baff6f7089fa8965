"""The list of connectors: pages, search, long ids of the seller's."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from tests.handlers.conftest import ANNA, give_lines
from tests.handlers.rig import Chat, Person

LONG = "the-sellers-own-идентификатор-that-is-much-longer-than-a-button-may-carry:" * 3


@pytest.fixture
async def many(sqlite_database: Database) -> None:
    lines = [(f"{LONG}{number}", "whatsapp", f"Номер {number:02}") for number in range(18)]
    await give_lines(sqlite_database, ANNA, *lines)


async def test_pages_and_search_reach_every_line(anna: Person, many: None) -> None:
    await anna.says("/start")
    await anna.taps("Коннекторы")
    assert "1 из 3" in anna.screen.buttons
    await anna.taps("›")
    await anna.taps("›")
    assert "3 из 3" in anna.screen.buttons
    await anna.taps("Поиск")
    await anna.says("Номер 17")
    assert "Найдено по «Номер 17»: 1" in anna.screen.text
    await anna.taps("Номер 17")
    assert "Тариф: WhatsApp" in anna.screen.text
    await anna.taps("Оплатить")
    assert "На какой срок" in anna.screen.text


async def test_pay_finds_a_line_by_search(anna: Person, many: None) -> None:
    await anna.says("/pay")
    await anna.taps("Поиск")
    await anna.taps("‹ Назад")
    await anna.taps("Поиск")
    await anna.says("номера нет")
    assert "Найдено по «номера нет»: 0" in anna.screen.text
    await anna.taps("Показать все")
    assert "1 из 3" in anna.screen.buttons


async def test_ticks_stay_while_pages_turn(anna: Person, many: None) -> None:
    await anna.says("/pay")
    await anna.taps("Оплатить несколько сразу")
    await anna.taps(anna.screen.buttons[0])
    await anna.taps("›")
    await anna.taps(anna.screen.buttons[0])
    assert "Продолжить (2)" in anna.screen.buttons
    await anna.taps("‹")
    assert sum(words.startswith("☑") for words in anna.screen.buttons) == 1


async def test_a_page_from_before_does_not_choose_another_line(anna: Person, many: None) -> None:
    await anna.says("/pay")
    first = str((anna.screen.button(anna.screen.buttons[0]) or {})["callback_data"])
    await anna.taps("›")
    await anna.taps_data(first)
    assert "устарела" in anna.toast
    assert "2 из 3" in anna.screen.buttons


async def test_a_connector_without_a_tariff_is_shown_but_not_sold(
    anna: Person, sqlite_database: Database
) -> None:
    await give_lines(sqlite_database, ANNA, ("x", "gone", "Старая линия"))
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("Старая линия")
    assert "больше не продаётся" in anna.screen.text
    assert "Оплатить" not in anna.screen.buttons
    await anna.says("/pay")
    await anna.taps("Старая линия")
    assert "здесь это оплатить нельзя" in anna.screen.text
    assert "Что оплачиваем?" in anna.screen.text


async def test_dialogs_survive_a_restart(anna: Person, chat: Chat, many: None) -> None:
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("›")
    chat.restart()
    await anna.taps("›")
    assert "3 из 3" in anna.screen.buttons
