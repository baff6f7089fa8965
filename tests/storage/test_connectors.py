"""What a connector's sequence promises, and that links are used once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.domain.customers import Connector
from bot.domain.periods import now
from bot.domain.states import ExtensionCause, LinkUse
from bot.storage.database import Database
from bot.storage.tx import Tx

ANNA, BOB = 1001, 1002
ID = "wa-1"


@pytest.fixture(autouse=True)
async def line(database: Database) -> AsyncIterator[None]:
    def make(tx: Tx) -> None:
        for customer in (ANNA, BOB):
            tx.customers.add(customer, name="X", language="en")
            tx.customers.person(customer)
        tx.connectors.add(Connector(ID, "messenger", "WhatsApp", "whatsapp", None, None, None))

    await database.write(make)
    yield


def found(tx: Tx) -> Connector:
    connector = tx.connectors.lock(ID)
    assert connector is not None
    return connector


async def test_every_change_counts_up_and_tells_its_number(database: Database) -> None:
    def change(tx: Tx) -> list[int | None]:
        anna, bob = tx.customers.person(ANNA), tx.customers.person(BOB)
        said = {"kind": "line", "title": "Line", "tariff": "line", "phone": "", "email": ""}
        return [
            tx.connectors.attach(ID, anna),
            tx.connectors.attach(ID, bob),
            tx.connectors.extend(
                found(tx), date(2027, 1, 31), anchor_day=31, cause=ExtensionCause.IMPORT, note="x"
            ),
            tx.connectors.detach(ID, bob),
            tx.connectors.detach(ID, anna),
            tx.connectors.change(ID, **said),
            tx.connectors.change("nothing", **said),
            tx.connectors.give(ID, bob),
            found(tx).sequence,
        ]

    assert await database.write(change) == [1, None, 2, None, 3, 4, None, 5, 5]


async def test_changes_at_once_never_share_a_number(database: Database) -> None:
    def extend(tx: Tx) -> int:
        return tx.connectors.extend(
            found(tx), date(2027, 1, 1), anchor_day=1, cause=ExtensionCause.OPERATOR, note="x"
        )

    numbers = await asyncio.gather(*(database.write(extend) for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))


async def test_a_link_is_found_by_its_fingerprint_and_used_by_one(database: Database) -> None:
    until = now() + timedelta(days=7)

    def add(tx: Tx) -> None:
        tx.connector_links.add(ID, LinkUse.ATTACH, reference="r", fingerprint="f", expires_at=until)
        tx.connector_links.add(ID, LinkUse.PAY, reference="r2", fingerprint="f2", expires_at=until)

    async def use(who: int) -> bool:
        def unit(tx: Tx) -> bool:
            link = tx.connector_links.find("f")
            assert link is not None and link.use is LinkUse.ATTACH and not link.is_over(now())
            return tx.connector_links.use_up(link.id, who)

        return await database.write(unit)

    await database.write(add)
    assert sorted(await asyncio.gather(use(ANNA), use(BOB))) == [False, True]

    def look(tx: Tx) -> list[str | None]:
        found = [
            tx.connector_links.find("nothing"),
            tx.connector_links.to_pay(ID, good_until=now()),
            tx.connector_links.to_pay(ID, good_until=until + timedelta(seconds=1)),
        ]
        return [link.reference if link else None for link in found]

    assert await database.read(look) == [None, "r2", None]
