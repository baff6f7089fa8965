"""The worker between the table of webhooks and a seller who has good days and bad ones, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain import periods
from bot.domain.webhooks import SELLER, Endpoint, News
from bot.gateways.courier import Courier
from bot.services import webhooks as webhook_service
from bot.services.vault import Vault
from bot.services.webhooks import WebhookService, packed
from bot.storage.database import Database
from bot.storage.tables import outbox, webhooks
from bot.workers import sending
from bot.workers import webhooks as worker_module
from bot.workers.webhooks import WebhookWorker
from tests.seller import SECRET, Seller, listening_seller, says

VAULT = Vault("a key of the tests, long enough to be one")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    """What waits for seconds in life waits for less here."""
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(webhook_service, "PAUSES", (0.01, 0.02))
    database.listeners.update({SELLER, "acme"})


@pytest.fixture
async def seller() -> AsyncIterator[Seller]:
    async with listening_seller() as seller:
        yield seller


@pytest.fixture
async def courier(seller: Seller) -> AsyncIterator[Courier]:
    courier = Courier({SELLER: Endpoint(seller.url, (SECRET,)), "acme": Endpoint(seller.url)})
    yield courier
    await courier.close()


@asynccontextmanager
async def working(database: Database, courier: Courier) -> AsyncIterator[WebhookWorker]:
    worker = WebhookWorker(WebhookService(database, courier, VAULT))
    database.when_committed(worker.wake)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running


async def tell(database: Database, *connectors: str, kind: str = "connector.extended") -> None:
    news = [News(kind, {"id": each, "sequence": 1}, each, 1) for each in connectors]
    await database.write(lambda tx: tx.webhooks.tell(*news))
    database.tell_committed()


async def states(database: Database) -> Counter[str]:
    return Counter(await database.read(lambda tx: tx.connection.scalars(select(webhooks.c.state)).all()))


async def until(database: Database, **expected: int) -> None:
    async with asyncio.timeout(30):
        while not expected.items() <= (await states(database)).items():
            await asyncio.sleep(0.01)


async def told_operators(database: Database) -> list[dict[str, Any]]:
    query = select(outbox.c.payload).where(outbox.c.kind == "webhook_died")
    return list(await database.read(lambda tx: tx.connection.scalars(query).all()))


async def test_news_arrives_signed_and_once(database: Database, seller: Seller, courier: Courier) -> None:
    async with working(database, courier):
        await tell(database, "wa-1", "wa-2")
        await until(database, sent=2)
    assert [(heard["type"], heard["data"]["id"]) for heard in seller.heard] == [
        ("connector.extended", "wa-1"),
        ("connector.extended", "wa-2"),
    ]
    assert len(set(seller.ids)) == 2


async def test_refused_news_is_sent_again_under_its_name(
    database: Database, seller: Seller, courier: Courier
) -> None:
    seller.answers = [says(500), says(302, Location=seller.url)]
    async with working(database, courier):
        await tell(database, "wa-1")
        await until(database, sent=1)
    assert len(seller.ids) == 3
    assert len(set(seller.ids)) == 1
    assert seller.heard[0] == seller.heard[2], "the body is the same at every try"


async def test_what_nobody_takes_is_given_up_and_told(
    database: Database, seller: Seller, courier: Courier
) -> None:
    seller.answers = [says(500)] * 3
    async with working(database, courier):
        await tell(database, "wa-1")
        await until(database, dead=1)
    (told,) = await told_operators(database)
    assert (told["webhook_kind"], told["connector_id"], told["error"]) == (
        "connector.extended",
        "wa-1",
        "HTTP 500",
    )


async def test_gone_is_gone(database: Database, seller: Seller, courier: Courier) -> None:
    seller.answers = [says(410)]
    async with working(database, courier):
        await tell(database, "wa-1")
        await until(database, dead=1)
    assert len(seller.raw) == 1
    assert len(await told_operators(database)) == 1


async def test_killed_between_sending_and_noting_it_is_sent_again(
    database: Database, seller: Seller, courier: Courier
) -> None:
    service = WebhookService(database, courier, VAULT)
    await tell(database, "wa-1")
    (taken,) = await service.take(await service.waiting({SELLER: 1}))
    await service.deliver(taken)  # and here the power went
    await _end_leases(database)
    async with working(database, courier):
        await until(database, sent=1)
    assert len(seller.ids) == 2
    assert len(set(seller.ids)) == 1


async def test_foreign_callback_is_forwarded_as_it_came(
    database: Database, seller: Seller, courier: Courier
) -> None:
    sealed = VAULT.seal(packed(b"sum=10&\xff", "text/plain; charset=x", "a=%20"))
    async with working(database, courier):
        await database.write(lambda tx: tx.webhooks.forward("acme", "the-event", sealed))
        await until(database, sent=1)
    ((url, headers, body),) = seller.raw
    assert (url, body) == ("POST /hook?a=%20", b"sum=10&\xff")
    assert headers["content-type"] == "text/plain; charset=x"


async def test_slow_seller_holds_up_no_forwarding(
    database: Database, seller: Seller, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "AT_ONCE", 2)
    monkeypatch.setattr(sending, "DRAIN_SECONDS", 0.0)
    async with listening_seller() as other:
        other.slow = 30
        places = {SELLER: Endpoint(other.url, (SECRET,)), "acme": Endpoint(seller.url)}
        busy = Courier(places)
        async with working(database, busy):
            await tell(database, "wa-1", "wa-2", "wa-3")
            await other.hears(2)
            sealed = VAULT.seal(packed(b"", "", ""))
            await database.write(lambda tx: tx.webhooks.forward("acme", "the-event", sealed))
            await seller.hears(1)
        await busy.close()
    assert await states(database) == {"sent": 1, "due": 3}


async def test_lost_key_buries_a_forward(database: Database, seller: Seller, courier: Courier) -> None:
    async with working(database, courier):
        await database.write(lambda tx: tx.webhooks.forward("acme", "the-event", b"sealed long ago"))
        await until(database, dead=1)
    assert seller.raw == []


async def _end_leases(database: Database) -> None:
    past = periods.now() - timedelta(seconds=1)
    await database.write(lambda tx: tx.connection.execute(update(webhooks).values(due_at=past)))
