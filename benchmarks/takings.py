"""/month with its chart among many payments, what else the group asks for, and taps beside it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import drive, post
from benchmarks.report import bar, figure, heading
from benchmarks.stand import Stand, opened
from tests.postgres import NoPostgres, running_server

PAYMENTS, PAYMENTS_LONG = 100_000, 1_000_000
PASTS = {"over a year": 366, "all in one month": 30}
"""On how many days money came, today included."""

WEEK, MONTH = 7, 30
TRIES = 3
MOST_SECONDS, MOST_MS, MOST_TAP_MS = 1.0, 50, 150
TAPS_A_SECOND, BARE_A_SECOND, SECONDS = 10, 50, 6


async def measure(stand: Stand) -> None:
    """First with no day added up before, as after an update; then as the clock keeps it."""
    first = await stand.till.tell(f"report?days={MONTH}")
    figure("/month with its picture, no day added up before", f"{first['whole']:.2f} s")
    for name, days in (("/month", MONTH), ("/week", WEEK), ("/today", 1)):
        tries = [await stand.till.tell(f"report?days={days}") for _ in range(TRIES)]
        best = min(tries, key=lambda each: float(each["whole"]))  # seconds
        told = f"{best['whole']:.2f} s, written down after {best['written']:.2f}; {best['cpu']:.2f} s CPU"
        bar(f"{name} with its picture: {MOST_SECONDS:.0f} s", told, best["whole"] <= MOST_SECONDS)
    for name, path in (("/todo", "waiting"), ("the summary", "summary")):
        tries = [await stand.till.tell(path) for _ in range(TRIES)]
        figure(name, f"{min(each['whole'] for each in tries) * 1000:.0f} ms")
    await _beside(stand, "it")
    await _beside(stand, "it, each time adding up all days", "forget")
    longest = await stand.till.tell("longest")
    told = f"{longest['cpu']:.1f} ms CPU, {longest['clock']:.1f} ms by the clock"
    bar(f"the longest unit of the writer: {MOST_MS} ms", told, longest["cpu"] <= MOST_MS)


async def _beside(stand: Stand, what: str, *first: str) -> None:
    """What taps wait while /month is asked for again and again."""
    taps = [post(f"/bench/tap?number={number}", b"") for number in range(TAPS_A_SECOND * SECONDS)]
    nothing = [post("/nothing", b"")] * BARE_A_SECOND * SECONDS
    asking = asyncio.create_task(_ask(stand, [*first, f"report?days={MONTH}"]))
    tapped, bare = await asyncio.gather(
        drive(stand.till.port, taps, per_second=TAPS_A_SECOND),
        drive(stand.bank.port, nothing, per_second=BARE_A_SECOND),
    )
    asking.cancel()
    assert set(tapped.statuses) == {200}, tapped.statuses
    waits = f"half {tapped.wait(0.5):.0f} ms, p99 {tapped.wait(0.99):.0f} ms"
    told = f"{waits}; a bare handler {bare.wait(0.99):.0f} ms"
    bar(f"taps beside {what}, p99: {MOST_TAP_MS} ms", told, tapped.wait(0.99) <= MOST_TAP_MS)


async def _ask(stand: Stand, paths: list[str]) -> None:
    while True:
        for path in paths:
            await stand.till.tell(path)


def on(books: str, folder: Path, count: int, days: int) -> None:
    wishes = {"module": "benchmarks.reporting_till", "count": count, "days": days}
    with opened(books, folder, {}, **wishes) as stand:  # type: ignore[arg-type]  # wishes of every kind
        asyncio.run(measure(stand))


def run() -> None:
    count = PAYMENTS_LONG if "--long" in sys.argv else PAYMENTS
    for past, days in PASTS.items():
        with _folder() as folder:
            heading(f"{count:,} customers and payments {past}, on SQLite")
            on(f"sqlite:///{folder / 'books.db'}", folder, count, days)
    if "--sqlite" in sys.argv:
        return
    for past, days in PASTS.items():
        with suppress(NoPostgres), running_server() as server, _folder() as folder:
            server.sql("create database bench")
            heading(f"{count:,} customers and payments {past}, on PostgreSQL")
            on(server.url("bench"), folder, count, days)


@contextmanager
def _folder() -> Iterator[Path]:
    """On the disk of the books: they come to gigabytes."""
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        yield Path(name)


if __name__ == "__main__":
    run()
