"""The least that a payment can cost: its five statements in the bare driver, with full sync."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from benchmarks.payment import ACCOUNTS, SERIAL, STATEMENTS, TABLES, blanks
from benchmarks.rate import Rate, timed

PAYMENTS = 5_000
CONNECTIONS = 16


@cache
def raw_sqlite() -> Rate:
    """One transaction a payment, in one thread; measured once a run."""
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "floor.db")) as connection:
        connection.isolation_level = None
        for statement in ("pragma journal_mode = wal", "pragma synchronous = full", *TABLES):
            connection.execute(statement.format(serial=SERIAL["sqlite"]))
        insert_payments(connection, PAYMENTS)
        with timed(PAYMENTS) as rate:
            for number in range(1, PAYMENTS + 1):
                connection.execute("begin immediate")
                for statement in STATEMENTS:
                    connection.execute(statement, blanks(number)).fetchall()
                connection.execute("commit")
        return rate


def insert_payments(connection: sqlite3.Connection, count: int) -> None:
    """All of them still to be booked, and the accounts they go to."""
    connection.execute("begin")
    connection.executemany("insert into accounts values (?, 0)", [(n,) for n in range(1, ACCOUNTS + 1)])
    rows = [(number,) for number in range(1, count + 1)]
    connection.executemany("insert into payments values (?, 'pending', 99000)", rows)
    connection.execute("commit")


async def raw_postgres(address: str, payments: int) -> Rate:
    """The same by as many connections as the product's pool has, statements prepared by the driver."""
    numbers = iter(range(1, payments + 1))
    pool = await asyncpg.create_pool(address, min_size=CONNECTIONS, max_size=CONNECTIONS)
    prepared = [_positional(statement) for statement in STATEMENTS]

    async def caller() -> None:
        async with pool.acquire() as connection:
            for number in numbers:
                filled = blanks(number)
                async with connection.transaction():
                    for statement, names in prepared:
                        await connection.fetch(statement, *(filled[name] for name in names))

    with timed(payments) as rate:
        await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
    await pool.close()
    return rate


def _positional(statement: str) -> tuple[str, list[str]]:
    names = list(dict.fromkeys(re.findall(r":(\w+)", statement)))
    for position, name in enumerate(names, 1):
        statement = statement.replace(f":{name}", f"${position}")
    return statement, names


def run() -> None:
    rate = raw_sqlite()
    print(f"  sqlite3, one transaction each  {rate.of(rate)}")
