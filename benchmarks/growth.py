"""The same units when the books hold a million payments, against the bare driver on as many."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.books import book
from benchmarks.floor import insert_payments
from benchmarks.payment import ACCOUNTS, SERIAL, STATEMENTS, TABLES, blanks
from benchmarks.rate import Rate, timed
from bot.storage.database import Database

BOOKED = 1_000_000
PAYMENTS = 5_000
CALLERS = 16


def grow(path: Path) -> None:
    """A million payments that were booked, and some that are to be."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = off")
        for statement in TABLES:
            connection.execute(statement.format(serial=SERIAL["sqlite"]))
        insert_payments(connection, BOOKED + PAYMENTS)
        connection.execute("begin")
        many = f"with recursive n (i) as (select 1 union all select i + 1 from n where i < {BOOKED})"
        connection.execute(f"{many} insert into events (identity) select 'paid-' || i from n")
        connection.execute(
            f"{many} insert into transfers (giver, taker, minor, payment_id)"
            f" select 1, i % {ACCOUNTS} + 1, 99000, i from n"
        )
        connection.execute(f"{many} insert into notices (state, body) select 'sent', 'paid-' || i from n")
        connection.execute("commit")


def raw(path: Path) -> Rate:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma synchronous = full")
        with timed(PAYMENTS) as rate:
            for number in range(BOOKED + 1, BOOKED + PAYMENTS + 1):
                connection.execute("begin immediate")
                for statement in STATEMENTS:
                    connection.execute(statement, blanks(number)).fetchall()
                connection.execute("commit")
    return rate


async def ours(path: Path) -> Rate:
    database = Database.connect(f"sqlite:///{path}")
    await database.start()
    numbers = iter(range(BOOKED + 1, BOOKED + PAYMENTS + 1))

    async def caller() -> None:
        for number in numbers:
            await database.write(book(number))

    with timed(PAYMENTS) as rate:
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
    await database.close()
    return rate


def run() -> None:
    with TemporaryDirectory() as folder:
        for name in ("raw.db", "ours.db"):
            grow(Path(folder) / name)
        floor = raw(Path(folder) / "raw.db")
        grown = asyncio.run(ours(Path(folder) / "ours.db"))
        print(f"  sqlite3, 1 000 000 payments    {floor.of(floor)}")
        print(f"  SQLite, as many, {CALLERS} callers    {grown.of(floor)}")
