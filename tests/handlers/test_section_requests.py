"""What is asked for in the section: copies, detail and charges by e-mail, invoices by a link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.billing import RunState
from bot.domain.money import Money
from bot.domain.seller import Charge
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.handlers.conftest import ANNA, give_lines
from tests.handlers.rig import Chat, Person
from tests.handlers.test_invoices_section import sip
from tests.handlers.test_section_delivery import ADDRESS, code, prove
from tests.handlers.test_section_list import bill, gateways
from tests.handlers.test_section_usage import OCTOBER, TODAY, plain, two_sips

__all__ = ["gateways", "two_sips"]

SHOWN = "a***@example.org"


@pytest.fixture(autouse=True)
def november(sqlite_database: Database) -> Iterator[None]:
    sqlite_database.listeners.add("mail")
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
async def payer(sqlite_database: Database) -> int:
    await give_lines(sqlite_database, ANNA, sip(1))
    payer = await sqlite_database.write(lambda tx: tx.customers.person(ANNA))
    await prove(sqlite_database, payer)
    return payer


async def letters(database: Database) -> list[tuple[str, str]]:
    query = select(outbox.c.email, outbox.c.kind).where(outbox.c.email != "").order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.email, row.kind) for row in rows if row.kind in ("invoice_copy", "usage", "charges")]


async def test_copies_are_asked_for_of_several_months(
    anna: Person, house: House, chat: Chat, sqlite_database: Database, payer: int
) -> None:
    await bill(house, sqlite_database, "2026-08", "2026-09", "2026-10")
    await anna.says("/invoices")
    await anna.taps("Заказать счёт на e-mail")
    assert anna.screen.buttons[:3] == ["● октябрь 2026", "○ сентябрь 2026", "○ август 2026"]
    await anna.taps("август 2026")
    await anna.taps("Далее ›")
    assert "август 2026, октябрь 2026" in anna.screen.text
    assert SHOWN in anna.screen.text and ADDRESS not in anna.screen.text
    chat.restart()
    await anna.taps_data("nonsense")
    assert await letters(sqlite_database) == []
    await anna.taps("Отправить")
    assert f"Счёт за указанный период будет отправлен на ваш e-mail {SHOWN}" in anna.screen.text
    assert await letters(sqlite_database) == [(ADDRESS, "invoice_copy")]
    await anna.taps_data("section:send")
    assert "Отправить" not in anna.screen.buttons, "it was sent already"
    await anna.taps("‹ Назад")
    assert "Мои счета" in anna.screen.buttons


async def test_without_ticks_there_is_no_next(
    anna: Person, house: House, sqlite_database: Database, payer: int
) -> None:
    await bill(house, sqlite_database, "2026-10")
    await anna.says("/invoices")
    await anna.taps("Заказать счёт на e-mail")
    await anna.taps("октябрь 2026")
    assert "Далее ›" not in anna.screen.buttons
    await anna.taps_data("section:next")
    assert "Заказ счёта на e-mail" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Мои счета" in anna.screen.buttons


async def test_nothing_billed_yet_is_said(anna: Person, payer: int) -> None:
    await anna.says("/invoices")
    await anna.taps("Заказать счёт на e-mail")
    assert "регулярных счетов нет" in anna.screen.text


async def test_detail_and_charges_go_by_e_mail(
    anna: Person, sqlite_database: Database, two_sips: None
) -> None:
    await prove(sqlite_database, await sqlite_database.write(lambda tx: tx.customers.person(ANNA)))
    await anna.says("/invoices")
    await anna.taps("Все абоненты")
    await anna.taps("Детализация")
    await anna.taps("Далее ›")
    await anna.taps("Отправить на e-mail")
    assert SHOWN in anna.screen.text
    await anna.taps("‹ Назад")
    await anna.taps("Отправить на e-mail")
    await anna.taps("Отправить")
    await anna.taps("‹ Назад")
    await anna.taps("Начисления")
    await anna.taps("Отправить на e-mail")
    await anna.taps("Отправить")
    assert await letters(sqlite_database) == [(ADDRESS, "usage"), (ADDRESS, "charges")]


async def test_without_an_address_it_is_asked_for_and_the_request_goes_on(
    anna: Person, sqlite_database: Database, two_sips: None
) -> None:
    await anna.says("/invoices")
    await anna.taps("Все абоненты")
    await anna.taps("Начисления")
    await anna.taps("Отправить на e-mail")
    assert "Отправить" not in anna.screen.buttons
    await anna.taps("Указать адрес")
    await anna.says(ADDRESS)
    await anna.says(await code(sqlite_database))
    assert f"Начисления (ноябрь 2026) в PDF и таблицей уйдут на {SHOWN}" in anna.screen.text
    await anna.taps("Отправить")
    assert await letters(sqlite_database) == [(ADDRESS, "charges")]


async def test_without_mail_no_letter_is_offered(
    anna: Person, sqlite_database: Database, two_sips: None
) -> None:
    sqlite_database.listeners.discard("mail")
    await anna.says("/invoices")
    await anna.taps("Все абоненты")
    assert not [words for words in anna.screen.buttons if "e-mail" in words]
    await anna.taps("Начисления")
    assert not [words for words in anna.screen.buttons if "e-mail" in words]


async def test_a_link_is_given_once_the_month_is_formed(
    anna: Person, house: House, sqlite_database: Database, payer: int
) -> None:
    await house.seller.add_charges([Charge("1", "sip-1", OCTOBER, Money(35640, "RUB"))], None)
    await anna.says("/invoices")
    await anna.taps("Загрузить счёт по ссылке")
    assert anna.screen.buttons[:2] == ["● октябрь 2026", "○ сентябрь 2026"]
    await anna.taps("Далее ›")
    assert "ещё не формировались" in anna.screen.text
    await house.billing.form_due()
    await anna.taps("‹ Назад")
    await anna.taps("Далее ›")
    assert "считаем начисления" in anna.screen.text
    await step_until(house, RunState.ISSUING)
    await anna.taps("Проверить ещё раз")
    assert "формируются: 0 из 1, 0 %" in plain(anna.screen.text)
    await step_until(house, RunState.FORMED)
    await anna.taps("Проверить ещё раз")
    assert "Счёт за период октябрь 2026 готов" in anna.screen.text
    assert "INV-2026-000001" in anna.screen.text
    assert anna.url("Скачать").startswith("https://pay.example/documents/")
    await anna.taps("‹ Назад")
    await anna.taps("сентябрь 2026")
    await anna.taps("Далее ›")
    assert "ещё не формировались" in anna.screen.text


async def step_until(house: House, state: RunState) -> None:
    while (await house.billing.runs())[0].state is not state:
        await house.billing.form_due()
