"""Doing without for a while, tapped through: from a connector's page and from the balance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from bot.domain.states import ExtensionCause
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Chat, Person
from tests.services.money import paid_until

UNTIL = date(2027, 2, 20)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2027, 1, 10, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def paid(clock: time_machine.Traveller, house: House, sqlite_database: Database) -> None:
    def give(tx: Tx) -> None:
        connector = tx.connectors.lock("wa-1")
        assert connector is not None
        tx.connectors.extend(connector, UNTIL, anchor_day=20, cause=ExtensionCause.IMPORT)

    await sqlite_database.write(give)


def read(anna: Person) -> str:
    """Her screen, with plain spaces where dates and sums have firm ones."""
    return anna.screen.text.replace("\N{NO-BREAK SPACE}", " ")


async def to_its_page(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("WhatsApp +7 999")


async def test_from_a_connectors_page_and_back_to_work_the_same_day(
    anna: Person, paid: None, sqlite_database: Database
) -> None:
    await to_its_page(anna)
    await anna.taps("Приостановить")
    assert "плата не берётся" in anna.screen.text
    await anna.taps("Сегодня")
    await anna.taps("1 месяц")
    for words in ("с 10 января 2027", "31 день", "оплачено до 20 февраля 2027", "23 марта 2027"):
        assert words in read(anna)
    assert "Автоплатёж" not in anna.screen.text
    await anna.taps("Приостановить")
    assert "Приостановлено" in anna.toast
    assert "снова работает с 10 февраля" in read(anna)
    assert await paid_until(sqlite_database, "wa-1") == date(2027, 3, 23)
    await anna.taps("Возобновить сейчас")
    assert "⏸" not in anna.screen.text
    assert await paid_until(sqlite_database, "wa-1") == UNTIL


async def test_days_may_be_typed_and_what_was_planned_called_off(
    anna: Person, paid: None, sqlite_database: Database
) -> None:
    await to_its_page(anna)
    await anna.taps("Приостановить")
    await anna.says("послезавтра")
    assert "14.12" in anna.screen.text
    await anna.says("25.01")
    await anna.says("30.01")
    assert "не меньше чем на 10 дней" in anna.screen.text
    await anna.says("10.02")
    assert "16 дней" in anna.screen.text
    await anna.taps("‹ Назад")
    await anna.taps("10 дней")
    await anna.taps("Приостановить")
    assert "Будет приостановлено с 25 января" in read(anna)
    await anna.taps("Не приостанавливать")
    assert "Приостановка отменена" in anna.toast
    assert "Приостановить" in anna.screen.buttons
    assert await paid_until(sqlite_database, "wa-1") == UNTIL


async def test_a_whole_account_rests_from_the_balance(
    anna: Person, paid: None, sqlite_database: Database
) -> None:
    await anna.says("/balance")
    await anna.taps("Приостановить")
    assert "всё, что здесь оплачивается" in anna.screen.text
    await anna.taps("Завтра")
    await anna.taps("2 месяца")
    await anna.taps("Приостановить")
    assert "Будет приостановлено с 11 января" in read(anna)
    assert "Баланс" in anna.screen.text


async def test_what_is_not_paid_for_offers_nothing(anna: Person) -> None:
    await to_its_page(anna)
    assert "Приостановить" not in anna.screen.buttons
    await anna.says("/balance")
    assert "Приостановить" not in anna.screen.buttons


async def test_every_screen_comes_back_after_a_restart(anna: Person, chat: Chat, paid: None) -> None:
    await to_its_page(anna)
    await anna.taps("Приостановить")
    for button in ("Завтра", "1 месяц"):
        seen = anna.screen.text
        chat.restart()
        await anna.taps_data("no such button")
        assert anna.screen.text == seen
        await anna.taps(button)
    seen = anna.screen.text
    await anna.taps_data("no such button")
    assert anna.screen.text == seen


async def test_a_button_from_before_says_how_it_is(anna: Person, paid: None, house: House) -> None:
    await to_its_page(anna)
    await anna.taps("Приостановить")
    await anna.taps("Сегодня")
    await anna.taps("10 дней")
    await anna.taps("Приостановить")
    button = anna.screen.button("Возобновить сейчас")
    assert button is not None
    await anna.taps("Возобновить сейчас")
    await anna.taps_data(str(button["callback_data"]))
    assert "Приостановка уже закончилась" in anna.screen.text + anna.toast
    assert (await house.books.prove()).disagreements == []
    assert anna.id == ANNA
