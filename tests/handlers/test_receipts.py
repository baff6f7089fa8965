"""Receipts in the chat: one by its button, those of a period by a short dialog."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.handlers.receipts import read_dates
from bot.i18n import today
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person
from tests.handlers.test_pay import choose_whatsapp


@pytest.fixture
async def paid(anna: Person, house: House, card: FakeGateway) -> int:
    await choose_whatsapp(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference))
    return payment.id


async def rows(database: Database, kind: str) -> list[Any]:
    query = select(outbox.c.payload, outbox.c.email).where(outbox.c.kind == kind).order_by(outbox.c.id)
    return list(await database.read(lambda tx: tx.connection.execute(query).all()))


async def kinds(database: Database) -> list[str]:
    return [file["kind"] for row in await rows(database, "documents") for file in row.payload["files"]]


async def test_the_receipt_of_a_payment_by_its_button(
    anna: Person, paid: int, sqlite_database: Database
) -> None:
    await anna.says("/history")
    await anna.taps("990")
    screen = anna.screen.text
    await anna.taps("Чек (PDF)")
    assert anna.toast == "Чек уже в пути."
    assert anna.screen.text == screen
    assert await kinds(sqlite_database) == ["receipt"]


async def test_nobody_gets_anothers_receipt(bob: Person, paid: int, sqlite_database: Database) -> None:
    await bob.says("/start")
    await bob.taps_data(f"receipt:{paid}:0")
    await bob.taps_data("receipt:0:1")
    await bob.taps_data("receipt:99999999999999999999:0")
    assert await kinds(sqlite_database) == []


@pytest.mark.parametrize("button", ["Этот месяц", "Этот год"])
@pytest.mark.usefixtures("paid")
async def test_receipts_of_a_period_come_as_paper_and_table(
    anna: Person, sqlite_database: Database, button: str
) -> None:
    await anna.says("/balance")
    await anna.taps("Чеки за период")
    await anna.taps(button)
    assert "1 строка" in anna.screen.text
    assert "990" in anna.screen.text
    assert anna.screen.button("на почту") is None, "mail is off"
    await anna.taps("Прислать сюда")
    assert await kinds(sqlite_database) == ["receipts", "receipts_csv"]


@pytest.mark.usefixtures("paid")
async def test_receipts_of_typed_dates_by_e_mail(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    sqlite_database.listeners.add("mail")
    await house.customers.set_email(ANNA, "anna@example.org")
    await anna.says("/balance")
    await anna.taps("Чеки за период")
    await anna.taps("Другие даты")
    await anna.says("вчера")
    assert "Не похоже на две даты" in anna.screen.text
    await anna.says(f"{today():%d.%m.%Y} - {today():%d.%m.%y}")
    assert "anna@example.org" not in anna.screen.text
    await anna.taps("На другой адрес")
    await anna.says("не адрес")
    await anna.says("books@example.org")
    (letter,) = await rows(sqlite_database, "receipts")
    assert letter.email == "books@example.org"


async def test_an_empty_period_is_said(anna: Person) -> None:
    await anna.says("/balance")
    await anna.taps("Чеки за период")
    await anna.taps("Прошлый месяц")
    assert "платежей не было" in anna.toast
    assert "За какой период" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Баланс" in anna.screen.text


def test_two_dates_are_read_as_people_write_them() -> None:
    september = (date(2026, 9, 1), date(2026, 9, 30))
    assert read_dates("01.09.2026 – 30.09.26") == september
    assert read_dates("с 30.09.2026 по 1/9/2026") == september
    assert read_dates("31.02.2026 01.03.2026") is None
    assert read_dates("01.09.2026") is None
