"""A seller's endpoint that takes for ever holds up no payment."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter

import pytest

from bot.domain.webhooks import SELLER, Endpoint
from bot.gateways.courier import Courier
from bot.services.house import House
from bot.services.vault import Vault
from bot.services.webhooks import WebhookService
from bot.storage.database import Database
from bot.storage.tables import webhooks
from bot.workers import sending
from bot.workers.webhooks import AT_ONCE, WebhookWorker
from tests.gateways.fake import FakeGateway
from tests.seller import SECRET, listening_seller
from tests.services.conftest import ANNA, WHATSAPP, Count
from tests.services.money import begun

PAYMENTS = 25
TIMES_SLOWER = 4
"""Three rows more are written to a payment; a machine with much to do gets the rest."""


async def test_slow_seller_holds_up_no_callback(
    house: House, database: Database, fake: FakeGateway, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DRAIN_SECONDS", 0.0)
    alone = await _seconds_of_a_callback(house, database, fake)
    async with listening_seller() as seller:
        seller.slow = 60
        courier = Courier({SELLER: Endpoint(seller.url, (SECRET,))})
        worker = WebhookWorker(
            WebhookService(database, courier, Vault("a key of the tests, long enough to be one"))
        )
        database.listeners.add(SELLER)
        database.when_committed(worker.wake)
        running = asyncio.create_task(worker.run())
        beside = await _seconds_of_a_callback(house, database, fake)
        await seller.hears(AT_ONCE)
        worker.stop()
        await running
        await courier.close()
    assert beside < TIMES_SLOWER * alone
    assert await count(webhooks, webhooks.c.state == "due") == 3 * PAYMENTS


async def _seconds_of_a_callback(house: House, database: Database, fake: FakeGateway) -> float:
    took = []
    for _ in range(PAYMENTS):
        order = await house.orders.place(ANNA, [WHATSAPP], 1)
        callback = fake.pay(await begun(house, database, order))
        began = perf_counter()
        reply = await house.callbacks.receive("fake", callback)
        took.append(perf_counter() - began)
        assert reply.result == "booked"
    return median(took)
