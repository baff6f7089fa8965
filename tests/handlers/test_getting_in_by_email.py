"""A line becomes a customer's by a code to the e-mail on file; nobody learns which addresses are on file."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.customers import Connector
from bot.domain.notices import MAIL
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import operator_cards, outbox
from tests.handlers.conftest import BOB
from tests.handlers.rig import Person

HIS = "bob@example.org"


@pytest.fixture(autouse=True)
def mail(sqlite_database: Database) -> None:
    sqlite_database.listeners.add(MAIL)


async def lay_an_ownerless_line(database: Database) -> None:
    line = Connector("wa-9", "messenger", "WhatsApp +7 999", "whatsapp", None, None, None, email=HIS)
    await database.write(lambda tx: tx.connectors.add(line))


async def codes_sent(database: Database) -> list[str]:
    query = select(outbox.c.payload).where(outbox.c.email == HIS).order_by(outbox.c.id)
    return await database.read(lambda tx: [str(each["code"]) for each in tx.connection.scalars(query)])


async def ask(bob: Person, email: str = HIS) -> None:
    await bob.says("/pay")
    await bob.taps("Find my connector")
    await bob.taps("By e-mail")
    await bob.says(email)


async def test_the_code_brings_the_line_and_goes_on_to_pay(
    bob: Person, house: House, sqlite_database: Database
) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await ask(bob)
    assert f"If a connector names {HIS}, a code is on its way" in bob.screen.text
    assert bob.screen.buttons[0] == "Send the code again"
    (code,) = await codes_sent(sqlite_database)
    await bob.says(code)
    assert "1 connector found" in bob.screen.text
    assert "For how long?" in bob.screen.text
    assert (await house.connectors.page(BOB)).total == 1


async def test_an_address_sent_at_once_is_understood(bob: Person, sqlite_database: Database) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await bob.says("/pay")
    await bob.taps("Find my connector")
    await bob.says(HIS)
    assert "a code is on its way" in bob.screen.text
    assert len(await codes_sent(sqlite_database)) == 1


async def test_nobody_learns_which_addresses_are_on_file(bob: Person, sqlite_database: Database) -> None:
    await ask(bob)
    assert f"If a connector names {HIS}, a code is on its way" in bob.screen.text
    assert await codes_sent(sqlite_database) == []
    await bob.says("000000")
    assert "Tries left: 4" in bob.screen.text
    assert "a code is on its way" in bob.screen.text


async def test_wrong_codes_end_and_a_new_one_helps(
    bob: Person, house: House, sqlite_database: Database
) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await ask(bob)
    (code,) = await codes_sent(sqlite_database)
    for left in (4, 3, 2, 1, 0):
        await bob.says(f"{(int(code) + 1) % 10**6:06}")
        assert f"Tries left: {left}" in bob.screen.text
    await bob.says(code)
    assert "no longer good" in bob.screen.text
    assert (await house.connectors.page(BOB)).total == 0
    await bob.taps("Send the code again")
    await bob.says((await codes_sent(sqlite_database))[-1])
    assert (await house.connectors.page(BOB)).total == 1


async def test_every_step_leads_back(bob: Person) -> None:
    await ask(bob)
    await bob.taps("Back")
    assert "Send the e-mail address that you gave the seller" in bob.screen.text
    await bob.taps("Back")
    assert "Send my number" in bob.messages[-1].below
    await bob.taps("Back")
    assert "Find my connector" in bob.screen.buttons


async def test_a_bad_address_is_asked_for_again(bob: Person) -> None:
    await ask(bob, "боб@example.org")
    assert "does not look like an e-mail" in bob.screen.text
    assert "Send the e-mail address that you gave the seller" in bob.screen.text


async def test_too_many_letters_are_refused_where_he_stands(bob: Person) -> None:
    await ask(bob)
    for _ in range(2):
        await bob.taps("Send the code again")
    await bob.taps("Send the code again")
    assert "Too many codes were asked for" in bob.screen.text
    assert "a code is on its way" in bob.screen.text


async def test_a_line_that_somebody_took_leads_to_an_operator(
    bob: Person, house: House, sqlite_database: Database
) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await ask(bob)
    payer = await sqlite_database.write(lambda tx: tx.customers.person(1001))
    await sqlite_database.write(lambda tx: tx.connectors.attach("wa-9", payer))
    (code,) = await codes_sent(sqlite_database)
    await bob.says(code)
    assert "belong to somebody by now" in bob.screen.text
    await bob.taps("Ask an operator to find it")
    cards = await sqlite_database.read(lambda tx: tx.connection.execute(select(operator_cards)).all())
    assert [card.payload["words"] for card in cards] == [HIS]


async def test_without_mail_there_is_no_such_way(bob: Person, sqlite_database: Database) -> None:
    sqlite_database.listeners.discard(MAIL)
    await bob.says("/pay")
    await bob.taps("Find my connector")
    assert "By e-mail" not in bob.screen.buttons
    await bob.says(HIS)
    assert "proves nothing" in bob.screen.text


async def test_a_restart_keeps_the_step(bob: Person, house: House, sqlite_database: Database) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await ask(bob)
    bob.chat.restart()
    (code,) = await codes_sent(sqlite_database)
    await bob.says(code)
    assert (await house.connectors.page(BOB)).total == 1
