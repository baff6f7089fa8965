"""Terminals: check and pay by a code among a million payers, each answered in time."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.callbacks import DESIGN_PACE
from benchmarks.child import Child, child
from benchmarks.load import drive, get, post
from benchmarks.report import bar, figure, heading
from benchmarks.terminal_till import SECRET, code_of
from tests.postgres import NoPostgres, running_server

PAYERS = 1_000_000
CHECKS, CALM, PAYS = 4_000, 1_000, 2_000


def asking(command: str, number: int) -> bytes:
    code = code_of(number * 7919 % PAYERS)
    told = f"command={command}&txn_id={number}&account={code}&sum=100.00&txn_date=20261118120133"
    return get(f"/terminal/elsom/{SECRET}?{told}")


async def measure(books: str) -> None:
    with (
        child("benchmarks.bare") as bare,
        child("benchmarks.terminal_till", books=books, payers=PAYERS) as till,
    ):
        await checks(bare, till)
        await pays(bare, till)


async def checks(bare: Child, till: Child) -> None:
    pace = await _pace(bare)
    load = await drive(till.port, [asking("check", number) for number in range(CHECKS)])
    bar(f"check: {2000 * pace:,.0f}/s", f"{load.rate:,.0f}/s", load.rate >= 2000 * pace)
    calm = await drive(till.port, [asking("check", number) for number in range(CALM)], per_second=200)
    bar("check at 200/s: p99 50 ms", f"{calm.wait(0.99):.1f} ms", calm.wait(0.99) <= 50)


async def pays(bare: Child, till: Child) -> None:
    pace, before = await _pace(bare), await till.cpu()
    requests = [asking("pay", number) for number in range(PAYS)]
    load = await drive(till.port, requests)
    spent = (await till.cpu()).each(before, PAYS)
    holds = load.rate >= 1000 * pace and spent.process <= 1.5
    bar(f"pay: {1000 * pace:,.0f}/s and 1.5 ms CPU", f"{load.rate:,.0f}/s, {spent}", holds)
    again = await drive(till.port, requests)
    bar(f"repeated: {2000 * pace:,.0f}/s", f"{again.rate:,.0f}/s", again.rate >= 2000 * pace)
    slowest = max(*load.waits, *again.waits) * 1000
    bar("the slowest pay: 5 s", f"{slowest:.0f} ms", slowest <= 5000)


async def _pace(bare: Child) -> float:
    """How fast this machine is now, 1 being the one the bars were set on."""
    load = await drive(bare.port, [post("/nothing", b"x" * 300)] * 3000)
    return load.rate / DESIGN_PACE


def run() -> None:
    """Measure on a SQLite file with full sync, then on PostgreSQL where it is to be had."""
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        heading(f"On SQLite, {PAYERS:,} payers")
        asyncio.run(measure(f"sqlite:///{folder / 'books.db'}"))
        if "--sqlite" not in sys.argv:
            _on_postgresql()


def _on_postgresql() -> None:
    heading("On PostgreSQL")
    try:
        with running_server(durable=True) as server:
            server.sql("create database bench")
            asyncio.run(measure(server.url("bench")))
    except NoPostgres as missing:
        figure("not measured", str(missing))


if __name__ == "__main__":
    run()
