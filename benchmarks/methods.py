"""Every method: how fast its money is booked, what that costs, how long it waits, first and again."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.child import Cpu
from benchmarks.floor import raw_sqlite
from benchmarks.load import Load
from benchmarks.report import bar, figure, heading
from benchmarks.stand import Stand, opened
from tests.postgres import NoPostgres, running_server

CONNECTIONS = 16
SIGNED, ASKED_BACK, AGAIN = 1000, 500, 2000
"""A second's callbacks at the pace of the machine the bars were set on."""

METHODS = {"robokassa": SIGNED, "webpay": SIGNED, "terminal": SIGNED, "yookassa": ASKED_BACK, "stars": SIGNED}
QUESTIONS = ("check", "checkout")
"""What is asked before a payment, and changes nothing."""


@dataclass(frozen=True)
class Counts:
    """How many callbacks of each method, and how many at so many a second."""

    first: int
    calm: int
    per_second: int


ON_SQLITE, ON_POSTGRESQL = Counts(1000, 600, 200), Counts(300, 150, 50)
"""PostgreSQL takes what one process can do there."""


async def measure(url: str, folder: Path, counts: Counts) -> None:
    pools = dict.fromkeys((*METHODS, *QUESTIONS), counts.first + counts.calm)
    with opened(url, folder, pools, module="benchmarks.chat_till") as stand:
        for method, rate in METHODS.items():
            await _method(stand, method, rate, counts)
        for question in QUESTIONS:
            await _question(stand, question, counts)
        books = await stand.till.tell("books")
        paid, wrong = (counts.first + counts.calm) * len(METHODS), books["rows"]
        told = f"{books['events']:,} of {paid:,} payments, {len(wrong)} rows disagree"
        bar("books afterwards: every payment once", told, books["events"] == paid and not wrong)


async def _method(stand: Stand, method: str, rate: int, counts: Counts) -> None:
    requests, pace = stand.fresh(method, counts.first), await stand.pace()
    reached, load, cpu = await _booked(stand, requests)
    holds = reached >= rate * pace and cpu.process <= 1.5 and set(load.statuses) == {200}
    bar(f"{method}: {rate * pace:,.0f}/s and 1.5 ms CPU", f"{reached:,.0f}/s, {cpu}", holds)
    pace = await stand.pace()
    reached, load, cpu = await _booked(stand, requests * 2)
    holds = reached >= AGAIN * pace and set(load.statuses) == {200}
    bar(f"  repeated: {AGAIN * pace:,.0f}/s", f"{reached:,.0f}/s, {cpu}", holds)
    await _calm(stand, method, counts, most=100)


async def _question(stand: Stand, question: str, counts: Counts) -> None:
    load, cpu = await stand.measured(stand.fresh(question, counts.first), connections=CONNECTIONS)
    figure(f"{question}, before a payment", f"{load.rate:,.0f}/s, {cpu}, {_named(load)}")
    await _calm(stand, question, counts, most=50)


async def _calm(stand: Stand, kind: str, counts: Counts, *, most: int) -> None:
    load, _cpu = await stand.measured(stand.fresh(kind, counts.calm), per_second=counts.per_second)
    bar(
        f"  at {counts.per_second}/s: p99 {most} ms",
        f"half {load.wait(0.5):.1f} ms, p99 {load.wait(0.99):.1f} ms",
        load.wait(0.99) <= most,
    )


async def _booked(stand: Stand, requests: list[bytes]) -> tuple[float, Load, Cpu]:
    """A second's rate until the last is booked, which for Telegram's updates is after the answer."""
    before, began = await stand.till.cpu(), perf_counter()
    load, _cpu = await stand.measured(requests, connections=CONNECTIONS)
    await stand.till.tell("booked")
    seconds = perf_counter() - began
    return len(requests) / seconds, load, (await stand.till.cpu()).each(before, len(requests))


def _named(load: Load) -> str:
    return ", ".join(f"{count} × {status}" for status, count in sorted(load.statuses.items()))


def run() -> None:
    """Measure on a SQLite file with full sync, then on PostgreSQL where it is to be had."""
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        heading("On SQLite")
        figure("raw sqlite3, five statements, full sync", f"{raw_sqlite().per_second:,.0f}/s")
        asyncio.run(measure(f"sqlite:///{folder / 'books.db'}", folder, ON_SQLITE))
        if "--sqlite" not in sys.argv:
            _on_postgresql(folder)


def _on_postgresql(folder: Path) -> None:
    """The bars were set for SQLite; here the same figures tell what replicas would share."""
    heading("On PostgreSQL")
    try:
        with running_server(durable=True) as server:
            server.sql("create database bench")
            asyncio.run(measure(server.url("bench"), folder, ON_POSTGRESQL))
    except NoPostgres as missing:
        figure("not measured", str(missing))


if __name__ == "__main__":
    run()
