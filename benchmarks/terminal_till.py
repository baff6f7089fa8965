"""A till with a million payers who each have a payment code, and one network of terminals that may ask."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import insert

from benchmarks.bare import cpu
from benchmarks.till import serve
from bot.domain.catalogue_file import read_catalogue
from bot.domain.payment_codes import check_digit
from bot.domain.periods import now
from bot.gateways.registry import ProviderSettings, open_gateways, open_networks
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.services.house import House, Surroundings, build_house
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import customers, payers
from bot.storage.tx import Tx

SECRET = "a-secret-of-the-benchmark"
AT_ONCE = 10_000


def code_of(number: int) -> str:
    """The code of the payer with that number: spread over all that there are, as random ones would be."""
    body = f"00{100_000_000 + number * 899_999 % 900_000_000}"
    return body + check_digit(body)


async def fill(database: Database, count: int) -> None:
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))
        await database.write(lambda tx, numbers=numbers: _add(tx, numbers))  # type: ignore[misc]  # a default in a lambda


def _add(tx: Tx, numbers: range) -> None:
    tx.connection.execute(insert(customers), list(_people(numbers)))
    tx.connection.execute(insert(payers), list(_payers(numbers)))


def _people(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {"id": number + 1, "name": "Anna Petrova", "language": "ru", "created_at": now()}


def _payers(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {"customer_id": number + 1, "code": code_of(number), "created_at": now()}


def house_on(database: Database) -> House:
    block = {"secret": SECRET, "currency": "KGS", "allow": ["127.0.0.1"]}
    settings = ProviderSettings.model_validate({"terminals": {"elsom": block}})
    around = Surroundings(
        catalogue=read_catalogue(Path("catalog.example.toml")),
        gateways=open_gateways(settings),
        networks=open_networks(settings),
        vault=Vault("a key of the benchmarks, long enough to be one"),
        zone=ZoneInfo("Asia/Bishkek"),
        public_url="https://pay.example",
        operators={},
    )
    return build_house(database, around)


async def main(wishes: dict[str, Any]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    database = Database.connect(wishes["books"])
    await database.start()
    await migrate(database)
    await fill(database, wishes["payers"])
    house = house_on(database)
    app = create_app(
        callbacks=house.callbacks,
        links=house.links,
        terminals=house.terminals,
        catalogue=read_catalogue(Path("catalog.example.toml")),
        chat_link=lambda start: f"https://t.me/bench?start={start}",
        health=Health(),
        metrics=Metrics(),
    )
    app.router.add_get("/bench/cpu", cpu)
    await serve(app)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
