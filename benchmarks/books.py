"""Whole units through `Database.write`, by 1, 16 and 64 callers at once, against the bare drivers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from benchmarks.floor import raw_postgres, raw_sqlite
from benchmarks.payment import ACCOUNTS, SERIAL, STATEMENTS, TABLES, blanks
from benchmarks.rate import Rate, timed
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.postgres import Server, running_server

PAYMENTS = {1: 1_500, 16: 6_000, 64: 10_000}
READS = 5_000

_balance = text("select balance from accounts where id = :id")
_payment = [text(statement) for statement in STATEMENTS]


def lay_out(tx: Tx, payments: int) -> None:
    for statement in TABLES:
        tx.connection.execute(text(statement.format(serial=SERIAL[tx.connection.dialect.name])))
    rows = [{"id": number} for number in range(1, payments + 1)]
    tx.connection.execute(text("insert into accounts values (:id, 0)"), rows[:ACCOUNTS])
    tx.connection.execute(text("insert into payments values (:id, 'pending', 99000)"), rows)


def book(number: int) -> Callable[[Tx], None]:
    filled = blanks(number)

    def unit(tx: Tx) -> None:
        execute = tx.connection.execute
        for statement in _payment[:2]:
            execute(statement, filled).one()
        for statement in _payment[2:]:
            execute(statement, filled)

    return unit


def look(account: int, tx: Tx) -> int:
    return int(tx.connection.execute(_balance, {"id": account}).scalar_one())


async def write_by(callers: int, database: Database) -> Rate:
    payments = PAYMENTS[callers]
    numbers = iter(range(1, payments + 1))

    async def caller() -> None:
        for number in numbers:
            await database.write(book(number))

    with timed(payments) as rate:
        await asyncio.gather(*(caller() for _ in range(callers)))
    return rate


async def read_by(callers: int, database: Database) -> Rate:
    numbers = iter(range(READS))

    async def caller() -> None:
        for number in numbers:
            await database.read(partial(look, number % ACCOUNTS + 1))

    with timed(READS) as rate:
        await asyncio.gather(*(caller() for _ in range(callers)))
    return rate


async def measure(name: str, url: str, callers: int, floor: Rate) -> None:
    database = Database.connect(url)
    await database.start()
    try:
        await database.write(lambda tx: lay_out(tx, PAYMENTS[callers]))
        print(f"  {name:10}  write, {callers:2} callers  {(await write_by(callers, database)).of(floor)}")
        if callers == 16:
            looks = await read_by(callers, database)
            print(f"  {name:10}  read,  {callers:2} callers  {looks.of(floor)}")
    finally:
        await database.close()


def run() -> None:
    with TemporaryDirectory() as folder:
        for callers in PAYMENTS:
            url = f"sqlite:///{Path(folder) / f'{callers}.db'}"
            asyncio.run(measure("SQLite", url, callers, raw_sqlite()))
    if "--sqlite" in sys.argv:
        return
    with running_server(durable=True) as server:
        floor = postgres_floor(server)
        print(f"  asyncpg alone, 16 connections   {floor.of(floor)}")
        for callers in PAYMENTS:
            server.sql(f"create database by_{callers}")
            asyncio.run(measure("PostgreSQL", server.url(f"by_{callers}"), callers, floor))


def postgres_floor(server: Server) -> Rate:
    server.sql("create database floor")
    for statement in TABLES:
        server.sql(statement.format(serial=SERIAL["postgresql"]), "floor")
    server.sql(f"insert into accounts select n, 0 from generate_series(1, {ACCOUNTS}) n", "floor")
    server.sql(
        f"insert into payments select n, 'pending', 1 from generate_series(1, {PAYMENTS[16]}) n", "floor"
    )
    address = server.url("floor").replace("+asyncpg", "")
    return asyncio.run(raw_postgres(address, PAYMENTS[16]))
