"""How a line becomes a customer's: his own contact, an operator, a new one."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.customers import Connector
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import operator_cards, outbox
from tests.handlers.conftest import BOB
from tests.handlers.rig import Person

BOBS_NUMBER = "+79991234567"


async def lay_an_ownerless_line(database: Database) -> None:
    line = Connector("wa-9", "messenger", "WhatsApp +7 999", "whatsapp", None, None, None, phone=BOBS_NUMBER)
    await database.write(lambda tx: tx.connectors.add(line))


async def test_nothing_found_offers_the_ways_in(bob: Person) -> None:
    await bob.says("/pay")
    assert bob.screen.buttons[:3] == ["Find my connector", "Connect a new one", "Write to us"]


async def test_own_contact_brings_the_line_and_goes_on_to_pay(
    bob: Person, house: House, sqlite_database: Database
) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await bob.says("/pay")
    await bob.taps("Find my connector")
    assert bob.messages[-1].below == ["Send my number"]
    await bob.shares_contact(BOBS_NUMBER)
    assert "1 connector found" in bob.screen.text
    assert "For how long?" in bob.screen.text
    assert (await house.connectors.page(BOB)).total == 1


async def test_forwarded_and_foreign_contacts_prove_nothing(
    bob: Person, house: House, sqlite_database: Database
) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await bob.says("/pay")
    await bob.taps("Find my connector")
    for proof in ({"of": 4711}, {"forwarded": True}):
        await bob.shares_contact(BOBS_NUMBER, **proof)
        assert "proves nothing" in bob.screen.text
    assert (await house.connectors.page(BOB)).total == 0


async def test_a_typed_number_proves_nothing_but_an_operator_may_look(
    bob: Person, house: House, sqlite_database: Database
) -> None:
    await lay_an_ownerless_line(sqlite_database)
    await bob.says("/pay")
    await bob.taps("Find my connector")
    await bob.says(BOBS_NUMBER)
    assert "proves nothing" in bob.screen.text
    assert (await house.connectors.page(BOB)).total == 0
    await bob.taps("Ask an operator to find it")
    cards = await sqlite_database.read(lambda tx: tx.connection.execute(select(operator_cards)).all())
    assert [(card.kind, card.payload["words"]) for card in cards] == [("find_connector", BOBS_NUMBER)]
    assert any("operator will look" in seen.text for seen in bob.messages)


async def test_a_number_no_line_names_leads_to_people(bob: Person) -> None:
    await bob.says("/pay")
    await bob.taps("Find my connector")
    await bob.shares_contact(BOBS_NUMBER)
    assert "Ask an operator to find it" in bob.screen.buttons


async def test_a_new_line_is_added_and_paid_for(bob: Person, house: House, sqlite_database: Database) -> None:
    await bob.says("/pay")
    await bob.taps("Connect a new one")
    await bob.taps("Telegram")
    assert "Which Telegram account" in bob.screen.text
    await bob.says("@bob <b>")
    assert "Telegram @bob <b> is added" in bob.screen.text
    assert "For how long?" in bob.screen.text
    told = await sqlite_database.read(lambda tx: tx.connection.execute(select(outbox.c.kind)).scalars().all())
    assert told == ["connector_added"]
