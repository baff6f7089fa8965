"""The listener with real services, books and outbox, ready to be paid so and so many times."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from sqlalchemy import func, select

from benchmarks.bare import cpu, memory
from benchmarks.payers import fill
from benchmarks.providers import METHODS, TARIFFS, Payable, Providers
from bot.app.run import keep_quick
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.events import Callback
from bot.domain.notices import Notice, Outcome, Sent
from bot.domain.states import Role
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener
from bot.services.house import build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import events
from bot.storage.tx import Tx
from bot.workers.delivery import Delivery
from bot.workers.outbox import OutboxWorker

LINES_EACH = 5
AT_ONCE = 32
MESSAGES_A_SECOND = 25
OPERATOR, GROUP = 900, -1001
ZONE = ZoneInfo("Europe/Moscow")
_EVENTS = select(func.count()).select_from(events)


class Telegram:
    """In place of the delivery: 25 messages a second, as we send them, each taken after `delay` seconds."""

    delay = 0.0
    sent = 0
    _next = 0.0

    async def deliver(self, notice: Notice) -> Outcome:
        self._next = max(self._next + 1 / MESSAGES_A_SECOND, time.monotonic())
        await asyncio.sleep(self._next - time.monotonic() + self.delay)
        self.sent += 1
        return Sent(notice, notice.address or 1, self.sent)


class Till:
    def __init__(self, database: Database, bank: int) -> None:
        self.providers = Providers(bank)
        self.database = database
        self.house = build_house(
            database,
            Surroundings(
                catalogue=read_catalogue(Path("catalog.example.toml")),
                gateways=self.providers.gateways,
                networks=self.providers.networks,
                vault=Vault("a key of the benchmarks, long enough to be one"),
                zone=ZONE,
                public_url="https://pay.example",
                operators={OPERATOR: Role.OWNER},
                operators_chat=GROUP,
            ),
        )
        self.telegram = Telegram()

    async def prepare(self, first: int, count: int, kind: str) -> list[bytes]:
        """As many payments of as many connectors, and the requests of that kind about them."""
        numbers = iter(range(first, first + count))
        requests: list[bytes] = []
        while batch := list(islice(numbers, AT_ONCE * LINES_EACH)):
            people = sorted({number // LINES_EACH for number in batch})
            await asyncio.gather(
                *(self.house.customers.greet(1 + person, name="Anna", language="ru") for person in people)
            )
            tariff = TARIFFS.get(METHODS.get(kind, kind), "line")
            await self.database.write(lambda tx, batch=batch, tariff=tariff: _add_lines(tx, batch, tariff))  # type: ignore[misc]  # defaults in a lambda
            requests += await asyncio.gather(*(self._one(number, kind) for number in batch))
        return requests

    async def pay(self, count: int) -> None:
        """Have so many payments made and booked, without HTTP."""
        for request in await self.prepare(0, count, "fake"):
            head, _, body = request.partition(b"\r\n\r\n")
            lines = (line.decode().partition(": ") for line in head.split(b"\r\n")[1:])
            headers = {name.lower(): value for name, _, value in lines}
            await self.house.callbacks.receive("fake", Callback(body, headers))

    async def _one(self, number: int, kind: str) -> bytes:
        customer, method = 1 + number // LINES_EACH, METHODS.get(kind, kind)
        order = await self.house.orders.place(customer, [f"line-{number}"], 1)
        link = await self.house.payments.start(customer, order.id, method)
        payment = (await self.house.payments.details(customer, link.payment_id)).payment
        has_code = method == "terminal"
        code = await self.house.codes.code(customer, payment.payer_id) if has_code else ""
        return self.providers.told(kind, Payable(payment, code))


def _add_lines(tx: Tx, numbers: list[int], tariff: str) -> None:
    for number in numbers:
        payer = tx.customers.person(1 + number // LINES_EACH)
        tx.connectors.add(Connector(f"line-{number}", "line", "+7 999", tariff, payer, None, None))


@asynccontextmanager
async def standing(
    wishes: dict[str, Any], delivery: Callable[[Till], Delivery] | None = None
) -> AsyncIterator[Till]:
    """Prepare what was wished for and write the requests into a file; notices leave while it stands."""
    folder = Path(wishes["folder"])
    _log_into(folder / "log")
    database = Database.connect(wishes["books"])
    await database.start()
    await migrate(database)
    till = Till(database, wishes["bank"])
    await database.write(lambda tx: fill(tx, wishes.get("payers", 0)))
    _keep(folder / "requests", await _all(till, wishes["pools"]))
    road: Any = delivery(till) if delivery else till.telegram
    worker = OutboxWorker(till.house.outbox, road)
    database.when_committed(worker.wake)
    delivering = asyncio.create_task(worker.run())
    yield till
    worker.stop()
    await delivering
    await database.close()


async def serve(app: web.Application) -> None:
    """Say where, and answer until nobody wants it any more."""
    listener = Listener(app, host="127.0.0.1", port=0)
    await listener.start()
    keep_quick()
    print(json.dumps({"port": listener.port}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await listener.stop()


async def main(wishes: dict[str, Any]) -> None:
    async with standing(wishes) as till:
        await serve(listener_app(till))


async def _all(till: Till, pools: Mapping[str, int]) -> dict[str, list[bytes]]:
    """Pool after pool, each with customers of its own."""
    made: dict[str, list[bytes]] = {}
    first = 0
    for kind, count in pools.items():
        made[kind] = await till.prepare(first, count, kind)
        first += -(-count // LINES_EACH) * LINES_EACH
    return made


def _keep(file: Path, made: Mapping[str, list[bytes]]) -> None:
    file.write_text(json.dumps({kind: [request.decode() for request in made[kind]] for kind in made}))


def _log_into(file: Path) -> None:
    """As the running bot logs, only not among what the benchmark prints."""
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=file.open("w")),
        cache_logger_on_first_use=True,
    )


def listener_app(till: Till) -> web.Application:
    async def telegram(request: web.Request) -> web.Response:
        till.telegram.delay = float(request.query["delay"])
        return web.json_response({"sent": till.telegram.sent})

    async def disagreements(_request: web.Request) -> web.Response:
        told = await till.database.read(lambda tx: tx.connection.scalars(_EVENTS).one())
        return web.json_response({"rows": (await till.house.books.prove()).disagreements, "events": told})

    app = create_app(
        callbacks=till.house.callbacks,
        links=till.house.links,
        terminals=till.house.terminals,
        catalogue=read_catalogue(Path("catalog.example.toml")),
        chat_link=lambda start: f"https://t.me/bench?start={start}",
        health=Health(),
        metrics=Metrics(),
    )
    app.router.add_get("/bench/cpu", cpu)
    app.router.add_get("/bench/memory", memory)
    app.router.add_get("/bench/telegram", telegram)
    app.router.add_get("/bench/books", disagreements)
    return app


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
