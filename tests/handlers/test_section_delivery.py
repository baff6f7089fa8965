"""How papers come: by e-mail, into the chat, by hand."""

from __future__ import annotations

import pytest

from bot.domain.invoices import Delivery
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.conftest import ANNA, give_lines
from tests.handlers.rig import Person
from tests.handlers.test_invoices_section import sip

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
    assert "Регулярные счета приходят на руки" in anna.screen.text
    assert "● На руки" in anna.screen.buttons
    assert (await house.delivery.standing(ANNA, payer)).payer.delivery is Delivery.HAND
    await anna.taps("На e-mail")
    assert "● На e-mail" in anna.screen.buttons


async def test_an_address_that_was_not_proved_gets_nothing(
    anna: Person, house: House, payer: int, mail: None
) -> None:
    standing = await house.delivery.standing(ANNA, payer)
    assert (standing.address, standing.delivery) == ("", Delivery.CHAT)


async def test_nobody_chooses_for_another(anna: Person, bob: Person, house: House, payer: int) -> None:
    await bob.says("/invoices")
    await bob.taps_data("bills:delivery")
    await bob.taps_data("deliver:hand")
    assert (await house.delivery.standing(ANNA, payer)).payer.delivery is Delivery.EMAIL
