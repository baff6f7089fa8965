"""How papers come: by e-mail, into the chat, by hand."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.invoices import Delivery
from bot.notices.registry import render
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.payloads import from_json
from bot.storage.tables import operator_cards, outbox
from tests.handlers.conftest import ANNA, OWNER, give_lines
from tests.handlers.rig import Chat, Person
from tests.handlers.test_invoices_section import sip
from tests.handlers.test_section_list import bill, gateways
from tests.handlers.test_section_usage import TODAY

__all__ = ["gateways"]

ADDRESS = "anna@example.org"


@pytest.fixture
async def payer(sqlite_database: Database) -> int:
    await give_lines(sqlite_database, ANNA, sip(1))
    return await sqlite_database.write(lambda tx: tx.customers.person(ANNA))


@pytest.fixture
def mail(sqlite_database: Database) -> None:
    sqlite_database.listeners.add("mail")


async def prove(database: Database, payer: int) -> None:
    await database.write(lambda tx: tx.payers.prove_email(payer, ADDRESS))


async def open_delivery(anna: Person) -> None:
    await anna.says("/invoices")
    await anna.taps("Способ и адрес доставки")


async def test_without_mail_no_letter_is_offered(anna: Person, payer: int) -> None:
    await open_delivery(anna)
    assert "Письма сейчас не отправляются" in anna.screen.text
    assert anna.screen.buttons[:2] == ["● В этот чат", "○ На руки"]


async def test_the_way_is_chosen_and_kept(
    anna: Person, house: House, sqlite_database: Database, payer: int, mail: None
) -> None:
    await prove(sqlite_database, payer)
    await open_delivery(anna)
    assert "на e-mail a***@example.org" in anna.screen.text
    assert ADDRESS not in anna.screen.text
    await anna.taps("На руки")
    assert "Регулярные счета: на руки" in anna.screen.text
    assert "● На руки" in anna.screen.buttons
    assert (await house.delivery.get(ANNA, payer)).payer.delivery is Delivery.HAND
    await anna.taps("На e-mail")
    assert "● На e-mail" in anna.screen.buttons


async def code(database: Database) -> str:
    """What the newest letter says."""
    query = select(outbox.c.payload).where(outbox.c.kind == "email_code").order_by(outbox.c.id.desc())
    row = await database.read(lambda tx: tx.connection.execute(query.limit(1)).one())
    return str(row.payload["code"])


def another(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


async def test_the_first_address_is_proved_by_a_code(
    anna: Person, house: House, chat: Chat, sqlite_database: Database, payer: int, mail: None
) -> None:
    await open_delivery(anna)
    await anna.taps("На e-mail")
    assert "Пришлите адрес e-mail для счетов" in anna.screen.text
    await anna.says("no address")
    assert "Пришлите адрес e-mail для счетов" in anna.screen.text
    await anna.says(ADDRESS)
    assert f"Код отправлен на {ADDRESS}" in anna.screen.text
    chat.restart()
    await anna.taps_data("nonsense")
    assert f"Код отправлен на {ADDRESS}" in anna.screen.text
    await anna.says(another(await code(sqlite_database)))
    assert "Осталось попыток: 4" in anna.screen.text
    assert (await house.delivery.get(ANNA, payer)).address == ""
    await anna.says(await code(sqlite_database))
    assert "Адрес подтверждён" in anna.screen.text
    assert "на e-mail a***@example.org" in anna.screen.text
    assert (await house.delivery.get(ANNA, payer)).delivery is Delivery.EMAIL


async def test_another_address_takes_the_place_once_it_is_proved(
    anna: Person, house: House, sqlite_database: Database, payer: int, mail: None
) -> None:
    await prove(sqlite_database, payer)
    await house.delivery.choose(ANNA, payer, Delivery.HAND)
    await house.customers.set_email(ANNA, "boss@example.org")
    await open_delivery(anna)
    await anna.taps("Изменить адрес")
    await anna.taps("boss@example.org")
    await anna.taps("Отправить код ещё раз")
    await anna.taps("Другой адрес")
    await anna.says("new@example.org")
    assert (await house.delivery.get(ANNA, payer)).address == ADDRESS, "not before it is proved"
    await anna.says(await code(sqlite_database))
    standing = await house.delivery.get(ANNA, payer)
    assert standing.address == "new@example.org"
    assert standing.delivery is Delivery.HAND, "that was not asked for"


async def test_codes_run_out_and_back_leads_out(
    anna: Person, sqlite_database: Database, payer: int, mail: None
) -> None:
    await open_delivery(anna)
    await anna.taps("На e-mail")
    await anna.says(ADDRESS)
    wrong = another(await code(sqlite_database))
    for _ in range(5):
        await anna.says(wrong)
    await anna.says(await code(sqlite_database))
    assert "больше не действует" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Пришлите адрес e-mail для счетов" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Способ и адрес доставки" in anna.screen.text


async def test_an_address_that_was_not_proved_gets_nothing(
    anna: Person, house: House, payer: int, mail: None
) -> None:
    standing = await house.delivery.get(ANNA, payer)
    assert (standing.address, standing.delivery) == ("", Delivery.CHAT)


async def test_nobody_chooses_for_another(anna: Person, bob: Person, house: House, payer: int) -> None:
    await bob.says("/invoices")
    await bob.taps_data("section:delivery")
    await bob.taps_data("deliver:hand")
    assert (await house.delivery.get(ANNA, payer)).payer.delivery is Delivery.EMAIL


async def test_by_hand_is_a_card_for_operators(
    house: House, sqlite_database: Database, payer: int, mail: None
) -> None:
    await house.delivery.choose(ANNA, payer, Delivery.HAND)
    with time_machine.travel(TODAY, tick=False):
        await bill(house, sqlite_database, "2026-10")
    query = select(operator_cards)
    [card] = await sqlite_database.read(lambda tx: tx.connection.execute(query).all())
    assert card.kind == "invoice_by_hand"
    assert card.payload["month"] == "2026-10"
    face = render(card.kind, {**from_json(card.payload), "card": card.id}, to_operators=True)
    assert face.enclosures[0].subject == {"invoice_id": card.payload["invoice_id"]}
    [closed] = await house.desk.dismiss(OWNER, card.id)
    assert closed.closed_by == OWNER
