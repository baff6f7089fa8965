"""Anna with two lines, in a chat with the real dispatcher; Telegram records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiogram.fsm.storage.memory import MemoryStorage

from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.states import Role
from bot.gateways.base import Gateway
from bot.services.house import House, build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.handlers.rig import Chat, ChatTelegram, Person

ANNA, BOB = 1001, 1002
OWNER, CASHIER = 2001, 2002


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(Path("catalog.example.toml"))


@pytest.fixture
def card() -> FakeGateway:
    return FakeGateway("yookassa_card", currencies=("RUB",))


@pytest.fixture
def sbp() -> FakeGateway:
    return FakeGateway("yookassa_sbp", currencies=("RUB",), schemes=("sbp",))


@pytest.fixture
def gateways(card: FakeGateway, sbp: FakeGateway) -> list[Gateway]:
    return [card, sbp]


@pytest.fixture
async def house(
    sqlite_database: Database, catalogue: Catalogue, gateways: list[Gateway]
) -> AsyncIterator[House]:
    around = Surroundings(
        catalogue=catalogue,
        gateways={gateway.name: gateway for gateway in gateways},
        vault=Vault("a key of the tests, long enough to be one"),
        zone=ZoneInfo("Europe/Moscow"),
        public_url="https://pay.example",
        operators={OWNER: Role.OWNER, CASHIER: Role.CASHIER},
    )
    house = build_house(sqlite_database, around)
    await house.customers.greet(ANNA, name="Anna", language="ru")
    await give_lines(
        sqlite_database, ANNA, ("wa-1", "whatsapp", "WhatsApp +7 999"), ("li-1", "line", "Line 5")
    )
    yield house
    assert (await house.books.prove()).disagreements == []


async def give_lines(database: Database, customer_id: int, *lines: tuple[str, str, str]) -> None:
    def give(tx: Tx) -> None:
        payer = tx.customers.person(customer_id)
        for id_, tariff, title in lines:
            tx.connectors.add(Connector(id_, "messenger", title, tariff, payer, None, None))

    await database.write(give)


@pytest.fixture
async def telegram() -> AsyncIterator[ChatTelegram]:
    telegram = ChatTelegram()
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
async def chat(telegram: ChatTelegram, house: House, catalogue: Catalogue) -> AsyncIterator[Chat]:
    chat = Chat(telegram, house, catalogue, MemoryStorage())
    yield chat
    await chat.bot.session.close()


@pytest.fixture
def anna(chat: Chat) -> Person:
    return chat.person(ANNA)


@pytest.fixture
def bob(chat: Chat) -> Person:
    """Somebody new: no lines, no name known."""
    return chat.person(BOB, "Bob", "en")
