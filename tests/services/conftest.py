"""A whole house on empty books, a fake provider, and Anna with two lines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, func, select

from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.states import Role
from bot.gateways.bank.gateway import Bank
from bot.services.house import House, build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway

Count = Callable[..., Awaitable[int]]

ANNA, BOB = 1001, 1002
OWNER, CASHIER, STRANGER, OPERATOR, VIEWER = 2001, 2002, 2003, 2004, 2005
WHATSAPP, LINE = "wa-1", "line-1"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(Path("catalog.example.toml"))


@pytest.fixture
def fake() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def hinting() -> FakeGateway:
    return FakeGateway("hinting", asks_back=True)


@pytest.fixture
def operators() -> dict[int, Role]:
    return {OWNER: Role.OWNER, CASHIER: Role.CASHIER, OPERATOR: Role.OPERATOR, VIEWER: Role.VIEWER}


@pytest.fixture
async def house(
    database: Database,
    catalogue: Catalogue,
    fake: FakeGateway,
    hinting: FakeGateway,
    operators: dict[int, Role],
) -> AsyncIterator[House]:
    stands_on = replace(surroundings(catalogue, fake, hinting), operators=operators)
    house = build_house(database, stands_on)
    await house.customers.greet(ANNA, name="Anna", language="en")
    await house.customers.greet(BOB, name="Bob", language="en")
    await database.write(give_anna_her_lines)
    yield house
    proof = await house.books.prove()
    assert proof.disagreements == [], "whatever a test did, the books agree with themselves"


def surroundings(catalogue: Catalogue, *gateways: FakeGateway) -> Surroundings:
    return Surroundings(
        catalogue=catalogue,
        gateways={gateway.name: gateway for gateway in gateways} | {"bank": Bank(catalogue.transfers)},
        vault=Vault("a key of the tests, long enough to be one"),
        zone=ZoneInfo("Europe/Moscow"),
        public_url="https://pay.example",
        operators={
            OWNER: Role.OWNER,
            CASHIER: Role.CASHIER,
            OPERATOR: Role.OPERATOR,
            VIEWER: Role.VIEWER,
        },
    )


def give_anna_her_lines(tx: Tx) -> None:
    payer = tx.customers.person(ANNA)
    for id_, kind, title in ((WHATSAPP, "whatsapp", "WhatsApp +7 999"), (LINE, "line", "Line 5")):
        tx.connectors.add(Connector(id_, kind, title, kind, payer, None, None))


@pytest.fixture
def count(database: Database) -> Count:
    """How many rows a table has."""

    async def counted(table: Table, *where: Any) -> int:
        query = select(func.count()).select_from(table).where(*where)
        return await database.read(lambda tx: int(tx.connection.execute(query).scalar_one()))

    return counted
