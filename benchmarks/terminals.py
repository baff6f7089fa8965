"""Terminals: check and pay by a code among a million payers, each answered in time."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.payers import code_of
from benchmarks.providers import terminal
from benchmarks.report import bar, figure, heading
from benchmarks.stand import Stand, opened
from tests.postgres import NoPostgres, running_server

PAYERS = 1_000_000
CHECKS, CALM, PAYS = 4_000, 1_000, 2_000
CALM_PAYS = range(PAYS, PAYS + CALM)


def asking(command: str, number: int) -> bytes:
    """By a payer far from the one before."""
    return terminal(command, code_of(number * 7919 % PAYERS), number)


async def measure(books: str, folder: Path) -> None:
    with opened(books, folder, {}, payers=PAYERS) as stand:
        await checks(stand)
        await pays(stand)
        found = await stand.till.tell("books")
        exact = found["events"] == PAYS + CALM and not found["rows"]
        bar("books afterwards", f"{found['events']} payments, {len(found['rows'])} rows disagree", exact)


async def checks(stand: Stand) -> None:
    pace = await stand.pace()
    load, cpu = await stand.measured([asking("check", number) for number in range(CHECKS)])
    bar(f"check: {2000 * pace:,.0f}/s", f"{load.rate:,.0f}/s, {cpu}", load.rate >= 2000 * pace)
    calm, _ = await stand.measured([asking("check", number) for number in range(CALM)], per_second=200)
    waited = f"half {calm.wait(0.5):.1f} ms, p99 {calm.wait(0.99):.1f} ms"
    bar("  at 200/s: p99 50 ms", waited, calm.wait(0.99) <= 50)


async def pays(stand: Stand) -> None:
    pace = await stand.pace()
    requests = [asking("pay", number) for number in range(PAYS)]
    load, cpu = await stand.measured(requests)
    holds = load.rate >= 1000 * pace and cpu.process <= 1.5
    bar(f"pay: {1000 * pace:,.0f}/s and 1.5 ms CPU", f"{load.rate:,.0f}/s, {cpu}", holds)
    again, cpu = await stand.measured(requests)
    bar(f"  repeated: {2000 * pace:,.0f}/s", f"{again.rate:,.0f}/s, {cpu}", again.rate >= 2000 * pace)
    calm, _ = await stand.measured([asking("pay", number) for number in CALM_PAYS], per_second=200)
    waited = f"half {calm.wait(0.5):.1f} ms, p99 {calm.wait(0.99):.1f} ms"
    bar("  at 200/s: p99 100 ms", waited, calm.wait(0.99) <= 100)
    slowest = max(*load.waits, *again.waits, *calm.waits) * 1000
    bar("  the slowest of all: 5 s", f"{slowest:.0f} ms", slowest <= 5000)


def run() -> None:
    """Measure on a SQLite file with full sync, then on PostgreSQL where it is to be had."""
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        heading(f"On SQLite, {PAYERS:,} payers")
        asyncio.run(measure(f"sqlite:///{folder / 'books.db'}", folder))
        if "--sqlite" not in sys.argv:
            _on_postgresql(folder)


def _on_postgresql(folder: Path) -> None:
    heading("On PostgreSQL")
    try:
        with running_server(durable=True) as server:
            server.sql("create database bench")
            asyncio.run(measure(server.url("bench"), folder))
    except NoPostgres as missing:
        figure("not measured", str(missing))


if __name__ == "__main__":
    run()
