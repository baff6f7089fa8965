"""The operators' group with one person of each role, and two customers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiogram import Bot

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.states import Role
from bot.gateways.registry import ProviderSettings, open_gateways, statement_reader
from bot.gateways.terminals.network import OsmpNetwork
from bot.gateways.terminals.settings import TerminalSettings
from bot.services.house import House, build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.handlers.operators_rig import (
    CASHIER,
    GROUP,
    OPERATOR,
    OWNER,
    VIEWER,
    Group,
    GroupTelegram,
    Operator,
)

ANNA, BOB = 1001, 1002


def terms(currency: str) -> TerminalSettings:
    return TerminalSettings.model_validate(
        {"secret": "a-secret-path-of-tests", "currency": currency, "allow": ["127.0.0.1"]}
    )


@pytest.fixture
async def house(sqlite_database: Database, catalogue: Catalogue) -> AsyncIterator[House]:
    around = Surroundings(
        catalogue=catalogue,
        gateways={
            "fake": FakeGateway(),
            **open_gateways(ProviderSettings(), transfers=catalogue.transfers),
        },
        statement_reader=statement_reader(),
        vault=Vault("a key of the tests, long enough to be one"),
        zone=ZoneInfo("Europe/Moscow"),
        public_url="https://pay.example",
        operators={
            OWNER: Role.OWNER,
            CASHIER: Role.CASHIER,
            OPERATOR: Role.OPERATOR,
            VIEWER: Role.VIEWER,
        },
        operators_chat=GROUP,
        networks={name: OsmpNetwork(name, terms("KGS")) for name in ("elsom", "bereke")},
    )
    house = build_house(sqlite_database, around)
    await house.customers.greet(ANNA, name="Anna <b>", language="ru")
    await house.customers.greet(BOB, name="Bob", language="en")

    def give(tx: Tx) -> None:
        payer = tx.customers.person(ANNA)
        for id_, title, owner in (("wa-1", "WhatsApp", payer), ("spare:1 ы", "Spare line", None)):
            line = Connector(id_, "messenger", title, "whatsapp", owner, None, None, phone="+79990001122")
            tx.connectors.add(line)

    await sqlite_database.write(give)
    yield house
    assert (await house.books.prove()).disagreements == []


@pytest.fixture
async def telegram() -> AsyncIterator[GroupTelegram]:
    telegram = GroupTelegram()
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
async def group(telegram: GroupTelegram, house: House, catalogue: Catalogue) -> AsyncIterator[Group]:
    group = Group(telegram, house, catalogue)
    yield group
    await group.bot.session.close()


@pytest.fixture
def clara(group: Group) -> Operator:
    return group.person(CASHIER)


@pytest.fixture
def oleg(group: Group) -> Operator:
    return group.person(OPERATOR)


class Drop:
    """A file for the group; what the bot downloads is its content."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.content = b""

        async def download(_: Bot, file: str, destination: Path | None = None) -> BytesIO | None:
            assert file == "file-1"
            if destination is None:
                return BytesIO(self.content)
            destination.write_bytes(self.content)
            return None

        patch.setattr(Bot, "download", download)

    async def by(
        self, person: Operator, content: bytes, name: str, *, size: int = 9, kind: str = "text/plain"
    ) -> None:
        self.content = content
        document = {
            "file_id": "file-1",
            "file_unique_id": "u",
            "file_name": name,
            "file_size": size,
            "mime_type": kind,
        }
        await person.sends(document=document)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Drop:
    return Drop(monkeypatch)
