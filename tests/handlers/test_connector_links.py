"""The seller's links in the chat: taking a connector over, and giving it up again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.customers import Connector
from bot.domain.states import ExtensionCause
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.payloads import from_json
from bot.storage.tables import outbox
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, BOB
from tests.handlers.rig import Chat, Person

FREE = "free/1"


@pytest.fixture(autouse=True)
async def free(sqlite_database: Database, house: House) -> None:
    line = Connector(FREE, "messenger", "WhatsApp +7 999 123-45-67", "whatsapp", None, None, None)
    await sqlite_database.write(lambda tx: tx.connectors.add(line))


async def test_attach_link_makes_the_connector_his(bob: Person, anna: Person, house: House) -> None:
    token = await house.connector_links.to_attach(FREE)
    await bob.says(f"/start a_{token}")
    assert "WhatsApp +7 999 123-45-67 is yours now" in bob.screen.text
    assert "Pay" in bob.screen.buttons
    await anna.says(f"/start a_{token}")
    assert "уже использовали" in anna.screen.text
    assert "123-45-67" not in "".join(seen.text for seen in anna.messages)


async def test_pay_link_of_ones_own_connector_goes_straight_to_the_period(anna: Person, house: House) -> None:
    await anna.says(f"/start c_{await house.connector_links.to_pay('wa-1')}")
    assert "На какой срок" in anna.screen.text
    assert "WhatsApp +7 999" in anna.screen.text


async def test_pay_link_shows_a_stranger_a_mask_and_nothing_more(bob: Person, house: House) -> None:
    await bob.says(f"/start c_{await house.connector_links.to_pay(FREE)}")
    assert "somebody else: WhatsApp +7 9•• •••-••-67." in bob.screen.text
    assert "paid" not in bob.screen.text.casefold()
    assert "For how long?" in bob.screen.text


@pytest.mark.parametrize("start", ["a_", "c_", "a_nothing", "c_" + "0" * 40, "a_" + "f" * 60, "c_wa-1"])
async def test_guessed_links_lead_to_the_menu(bob: Person, start: str) -> None:
    await bob.says(f"/start {start}")
    assert "What shall we do?" in bob.screen.text
    assert "WhatsApp" not in "".join(seen.text for seen in bob.messages)


async def test_a_link_that_leads_nowhere_says_so(bob: Person) -> None:
    await bob.says("/start c_" + "0" * 40)
    assert bob.screen.text.startswith("That link is no longer good.")


async def test_unlinking_asks_first(anna: Person, house: House, chat: Chat) -> None:
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("WhatsApp +7 999")
    await anna.taps("Отвязать")
    assert "Отвязать WhatsApp +7 999 от этого чата?" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Тариф" in anna.screen.text
    await anna.taps("Отвязать")
    chat.restart()
    await anna.taps("Да, отвязать")
    assert "отвязан" in anna.toast
    assert not any("WhatsApp" in words for words in anna.screen.buttons)
    page = await house.connectors.page(anna.id)
    assert [connector.id for connector in page.items] == ["li-1"]


async def test_a_second_tap_on_yes_is_harmless(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("WhatsApp +7 999")
    await anna.taps("Отвязать")
    screen = anna.screen
    data = str((screen.button("Да, отвязать") or {})["callback_data"])
    await anna.taps("Да, отвязать")
    await anna.taps_data(data, on=screen)
    assert any("Line 5" in words for words in anna.screen.buttons)


async def test_a_stranger_pays_to_the_end_and_learns_nothing_and_the_owner_is_told(
    bob: Person, anna: Person, house: House, card: FakeGateway, sqlite_database: Database
) -> None:
    def until_then(tx: Tx) -> None:
        line = tx.connectors.lock("wa-1")
        assert line is not None
        tx.connectors.extend(line, date(2031, 3, 7), anchor_day=7, cause=ExtensionCause.OPERATOR)

    await sqlite_database.write(until_then)
    await bob.says(f"/start c_{await house.connector_links.to_pay('wa-1')}")
    await bob.taps("1 month")
    await bob.taps("Bank card")
    if "receipt go" in bob.screen.text:
        await bob.says("bob@example.org")
    token = bob.url("Pay").rpartition("/")[2]
    view = await house.links.open_link(token)
    await house.callbacks.receive("yookassa_card", card.pay(view.payment.reference))
    (notice,) = await told(sqlite_database, BOB, "paid")
    (line,) = notice["lines"]
    assert line == {"title": "WhatsApp +• ••9", "months": 1, "paid_until": None}
    (for_owner,) = await told(sqlite_database, ANNA, "paid_by_other")
    assert str(for_owner["lines"][0]["paid_until"]) == "2031-04-07"
    await bob.says(f"/start paid_{token}")
    await bob.says("/history")
    seen = "".join(seen.text + "".join(seen.buttons) for seen in bob.messages)
    assert "2031" not in seen
    assert "+7 999" not in seen
    assert (await house.connectors.page(BOB)).total == 0


async def told(database: Database, who: int, kind: str) -> list[dict[str, Any]]:
    query = select(outbox.c.payload).where(outbox.c.address == who, outbox.c.kind == kind)
    rows = await database.read(lambda tx: list(tx.connection.execute(query).scalars()))
    return [from_json(row) for row in rows]
