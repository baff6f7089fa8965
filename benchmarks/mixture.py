"""Callbacks of all methods in a random mixture: are the books exact?"""

from __future__ import annotations

import asyncio
import logging
import time
from tempfile import TemporaryDirectory

import structlog

from benchmarks.report import bar, figure, heading
from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.mixture import Mixture
from tests.postgres import NoPostgres, running_server

CALLBACKS = {"SQLite": 20_000, "PostgreSQL": 20_000}
SEED = 20_261_122


def run() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as folder:
        heading("SQLite")
        asyncio.run(_mix(f"sqlite:///{folder}/books.db", CALLBACKS["SQLite"]))
    try:
        with running_server() as server:
            server.sql("create database mixture")
            heading("PostgreSQL")
            asyncio.run(_mix(server.url("mixture"), CALLBACKS["PostgreSQL"]))
    except NoPostgres as why:
        figure("PostgreSQL", str(why))


async def _mix(books: str, count: int) -> None:
    database = Database.connect(books)
    await database.start()
    await migrate(database)
    mixture = Mixture(database, SEED)
    await mixture.open()
    begun = time.perf_counter()
    await mixture.run(count)
    seconds = time.perf_counter() - begun
    wrong = (await mixture.house.books.prove()).disagreements
    booked = {name: +sums for name, sums in (await mixture.booked()).items()}
    exact = not wrong and booked == {name: +sums for name, sums in mixture.held.items()}
    told = ", ".join(f"{kind} {number}" for kind, number in sorted(mixture.told.items()))
    bar(f"{count:,} callbacks, their orders and links: books exact", f"{len(wrong)} rows disagree", exact)
    figure("  of them", told)
    figure("  with everything that leads to them", f"{count / seconds:,.0f}/s")
    await database.close()
