"""How soon "paid" and the answer to a tap leave while 100 000 reminders wait to be sent."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from aiogram import Bot
from sqlalchemy import insert

from benchmarks.report import bar, figure, heading
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.states import LANE_RANKS, Lane
from bot.i18n import speaking
from bot.middlewares.send_rate import SendRate
from bot.services.outbox import OutboxService
from bot.storage.database import Database
from bot.storage.payloads import to_json
from bot.storage.tables import metadata, outbox
from bot.storage.tx import Tx
from bot.workers.delivery import Delivery
from bot.workers.outbox import OutboxWorker
from tests.postgres import NoPostgres, running_server
from tests.telegram import FakeTelegram, fake_telegram

REMINDERS = 100_000
AT_ONCE = 5_000
PAID = 40
TAPS = 40
PAUSE = 0.25
PAYERS, TAPPERS = 1_000_000, 2_000_000


def run() -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_measure("SQLite", f"sqlite:///{Path(folder) / 'books.db'}"))
    if "--sqlite" in sys.argv:
        return
    with suppress(NoPostgres), running_server() as server:
        server.sql("create database notices")
        asyncio.run(_measure("PostgreSQL", server.url("notices")))


async def _measure(name: str, url: str) -> None:
    database = Database.connect(url)
    await database.start()
    try:
        await database.write(lambda tx: metadata.create_all(tx.connection))
        await queue_reminders(database)
        for latency in (0.0, 0.2):
            heading(f"{name}, Telegram at {latency * 1000:.0f} ms, {REMINDERS:,} reminders due")
            async with fake_telegram() as telegram:
                telegram.latency = latency
                await _under_way(database, telegram)
    finally:
        await database.close()


async def queue_reminders(database: Database) -> None:
    """As many as there are customers of a large seller, all due now."""
    for first in range(1, REMINDERS, AT_ONCE):
        await database.write(lambda tx, first=first: _remind(tx, first))  # type: ignore[misc]  # a default in a lambda


def _remind(tx: Tx, first: int) -> None:
    moment = now()
    payload = to_json({"title": "WhatsApp"})
    common = {
        "kind": "connector_attached",
        "lane": LANE_RANKS[Lane.REMINDERS],
        "payload": payload,
        "informs": False,
    }
    rows = [
        common | {"address": customer, "state": "due", "due_at": moment, "created_at": moment}
        for customer in range(first, first + AT_ONCE)
    ]
    tx.connection.execute(insert(outbox), rows)


async def _under_way(database: Database, telegram: FakeTelegram) -> None:
    async with _working(database, telegram) as bot:
        await telegram.until(30)
        begun, sent = perf_counter(), len(telegram.sent())
        paid, taps = await asyncio.gather(_pay(database), _tap(bot, telegram.latency))
        await telegram.until(sent + PAID, within=30)
        rate = (len(telegram.sent()) - sent) / (perf_counter() - begun)
        arrived = {call.chat_id: call.at for call in telegram.sent()}
        missing = [customer for customer in paid if customer not in arrived]
        waits = sorted(arrived[customer] - at for customer, at in paid.items() if customer not in missing)
    bar(
        "committed → at Telegram, slowest of 40", f"{waits[-1] * 1000:.0f} ms", not missing and waits[-1] <= 2
    )
    bar("a tap's answer asked → at Telegram, slowest of 40", f"{max(taps) * 1000:.0f} ms", max(taps) <= 0.15)
    figure("messages sent meanwhile", f"{rate:.1f}/s")


async def _pay(database: Database) -> dict[int, float]:
    """When each customer's payment was committed, by the loop's clock."""
    paid = {}
    for customer in range(PAYERS, PAYERS + PAID):
        await database.write(
            lambda tx, who=customer: tx.outbox.to_customer(who, "paid", amount=Money(99000, "RUB"))  # type: ignore[misc]  # a default in a lambda
        )
        paid[customer] = asyncio.get_running_loop().time()
        await asyncio.sleep(PAUSE)
    return paid


async def _tap(bot: Bot, latency: float) -> list[float]:
    """How long each answer was on its way, less what Telegram itself takes."""
    waits = []
    for customer in range(TAPPERS, TAPPERS + TAPS):
        begun = perf_counter()
        await bot.send_message(customer, "the next screen")
        waits.append(perf_counter() - begun - latency)
        await asyncio.sleep(PAUSE)
    return waits


@asynccontextmanager
async def _working(database: Database, telegram: FakeTelegram) -> AsyncIterator[Bot]:
    bot = telegram.bot()
    bot.session.middleware(SendRate())
    service = OutboxService(database, -1001)
    worker = OutboxWorker(service, Delivery(bot, service, speak=speaking, operators_language="ru"))
    database.when_committed(worker.wake)
    running = asyncio.create_task(worker.run())
    try:
        yield bot
    finally:
        worker.stop()
        await running
        await bot.session.close()
