"""The seller's links in the chat: taking a connector over, and giving it up again."""

from __future__ import annotations

import pytest

from bot.domain.customers import Connector
from bot.services.house import House
from bot.storage.database import Database
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
