"""/find among 100 000 customers and payments (--long: a million): every way of asking, with the record."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from benchmarks.finding_rows import FIRST_CUSTOMER, Row, statements
from benchmarks.report import bar, figure, heading
from bot.domain.catalogue_file import read_catalogue
from bot.domain.states import Role
from bot.i18n.record_words import record_words
from bot.services.house import House, build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.postgres import Server, running_server

OPERATOR = 7
EACH = 150
"""So many questions of each sort."""
MOST_MS = 50
CATALOGUE = read_catalogue(Path("catalog.example.toml"))

SORTS: dict[str, Callable[[Row], str]] = {
    "e-mail": lambda row: row.email,
    "beginning of an e-mail": lambda row: row.email[:5],
    "phone as people write it": lambda row: (
        f"8 {row.phone[2:5]} {row.phone[5:8]}-{row.phone[8:10]}-{row.phone[10:]}"
    ),
    "last 7 digits": lambda row: row.phone[-7:],
    "last 4 digits": lambda row: row.phone[-4:],
    "@name": lambda row: f"@{row.username}",
    "Telegram id": lambda row: str(FIRST_CUSTOMER + row.number),
    "name and surname": lambda row: f"{row.first} {row.last}",
    "beginnings of both": lambda row: f"{row.last[:3]} {row.first[:2]}",
    "surname": lambda row: row.last,
    "first name of a hundredth": lambda row: row.first,
    "name and surname of nobody": lambda row: f"{row.first} яя{row.last}",
    "payment code": lambda row: row.code,
    "payment's number": lambda row: str(row.number),
    "provider's number": lambda row: row.provider_payment,
    "number of a movement": lambda row: row.movement,
    "reference": lambda row: row.reference,
    "end of a reference": lambda row: row.reference[-9:],
    "signs": lambda _row: "%_🦊",
    "a thousand signs": lambda row: row.last * 100,
}


def run() -> None:
    count = 1_000_000 if "--long" in sys.argv else 100_000
    with TemporaryDirectory() as folder:
        path = Path(folder) / "books.db"
        asyncio.run(_lay_out(f"sqlite:///{path}"))
        _fill("SQLite", count, sqlite3.connect(path, isolation_level=None).execute)
        asyncio.run(_measure(f"sqlite:///{path}", "SQLite", count))
    if "--sqlite" not in sys.argv:
        with running_server(durable=True) as server:
            server.sql("create database finding")
            asyncio.run(_lay_out(server.url("finding")))
            _fill("PostgreSQL", count, lambda statement: _sql(server, statement))
            server.sql("vacuum analyze", "finding")
            asyncio.run(_measure(server.url("finding"), "PostgreSQL", count))


def _sql(server: Server, statement: str) -> None:
    server.sql(statement, "finding")


async def _lay_out(url: str) -> None:
    database = Database.connect(url)
    await database.start()
    await migrate(database)
    await database.close()


def _fill(name: str, count: int, execute: Callable[[str], object]) -> None:
    began = time.monotonic()
    for statement in statements(count):
        execute(statement)
    heading(f"{name}, {count} customers and payments, filled in {time.monotonic() - began:.0f} s")


async def _measure(url: str, name: str, count: int) -> None:
    database = Database.connect(url)
    await database.start()
    try:
        house = build_house(database, _surroundings())
        chance = random.Random(count)
        everything: list[float] = []
        floor: list[float] = []
        worked = 0.0
        for sort, words in SORTS.items():
            taken = []
            for _ in range(EACH):
                before = time.process_time()
                taken.append(await _ask(house, words(Row(chance.randint(1, count)))))
                worked += time.process_time() - before
                floor.append(await _look(database))
            figure(f"{sort}, p50 and p99", f"{_at(taken, 0.5):6.1f} ms {_at(taken, 0.99):6.1f} ms")
            everything += taken
        figure("processor time of a question, ours", f"{worked / len(everything) * 1000:6.1f} ms")
        figure("one look-up in the same seconds", f"{_at(floor, 0.5):6.1f} ms {_at(floor, 0.99):6.1f} ms")
        told = f"{_at(everything, 0.5):.1f} and {_at(everything, 0.99):.1f} ms"
        bar(f"{name}: every sort, p50 and p99, of {MOST_MS} ms", told, _at(everything, 0.99) <= MOST_MS)
    finally:
        await database.close()


async def _ask(house: House, words: str) -> float:
    """What an operator waits for: the list, or the record in words; in milliseconds."""
    began = time.perf_counter()
    findings = await house.records.find(OPERATOR, words)
    if len(findings.found) == 1 and findings.pages == 1:
        found = findings.found[0]
        record_words(CATALOGUE, await house.records.get(OPERATOR, found.kind, found.id))
    return (time.perf_counter() - began) * 1000


async def _look(database: Database) -> float:
    """The least that anything costs: where this is slow, the neighbours were at work."""
    began = time.perf_counter()
    await database.read(lambda tx: tx.customers.get(FIRST_CUSTOMER))
    return (time.perf_counter() - began) * 1000


def _at(taken: list[float], share: float) -> float:
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)]


def _surroundings() -> Surroundings:
    return Surroundings(
        catalogue=CATALOGUE,
        gateways={},
        vault=Vault("a key of the benchmarks, long enough to be one"),
        zone=ZoneInfo("Europe/Moscow"),
        public_url="https://pay.example",
        operators={OPERATOR: Role.OPERATOR},
    )
