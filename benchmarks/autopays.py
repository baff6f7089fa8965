"""Due autopays against a bank that allows 50 charges a second, with taps and callbacks beside them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

from benchmarks.autopay_rows import fill
from benchmarks.charging_bank import CALLS_A_SECOND
from benchmarks.load import Load, drive, post
from benchmarks.report import bar, figure, heading
from benchmarks.stand import Stand, opened
from bot.domain.autopays import AutopayStep
from bot.domain.periods import now
from bot.storage.autopays import DUE_CHARGES
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tx import Tx
from tests.postgres import NoPostgres, running_server

DUE, DUE_LONG = 1_000, 100_000
SCHEDULED, SCHEDULED_LONG = 100_000, 1_000_000
A_TENTH = 10
SHARE = 0.95
SECONDS = 6
CALLBACKS_A_SECOND, TAPS_A_SECOND, BARE_A_SECOND = 100, 10, 50
SAMPLES = 2
"""Of waits while it charges; as many again are asked before."""

PAUSE_LONG = 240.0
MOST_MB = 30
MOST_MS = 50
ASKED = 20


@dataclass
class Seen:
    """What was waited, and what was held, while it charged."""

    callbacks: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def add(self, callbacks: Load, taps: Load, bare: Load) -> None:
        self.callbacks += callbacks.waits
        self.taps += taps.waits
        self.bare += bare.waits


async def measure(stand: Stand, due: int, pause: float) -> None:
    idle, busy = Seen(), Seen()
    for _ in range(SAMPLES):
        await _sample(stand, idle)
    await stand.till.tell("charge")
    begun = time.perf_counter()
    for number in range(SAMPLES):
        await _sample(stand, busy)
        await asyncio.sleep(pause if number else 0)
    while (left := await stand.till.tell("left"))["left"]:
        busy.megabytes.append(await stand.till.megabytes())
        await asyncio.sleep(1)
    took = time.perf_counter() - begun
    told = await stand.bank.tell("charges")
    rate = (told["charges"] - 1) / told["seconds"]
    least = CALLS_A_SECOND * SHARE
    figure(f"{due:,} autopays due at once", f"{told['charges']:,} charged in {took:.0f} s")
    bar(
        f"  of {CALLS_A_SECOND} a second: {SHARE:.0%}",
        f"{rate:.1f}/s, {rate / CALLS_A_SECOND:.1%}",
        rate >= least,
    )
    figure("  turned away with 429", f"{told['turned_away']:,}")
    whole = told["charges"] + left["put_off"] == due
    bar(
        "  charged once, or put off",
        f"{told['twice']} twice, {left['put_off']} put off",
        whole and not told["twice"],
    )
    _tell_waits(idle, busy)
    _tell_memory(busy.megabytes)
    rows = (await stand.till.tell("books"))["rows"]
    bar("books afterwards", "exact" if not rows else f"{rows[0]} … {len(rows)} rows disagree", not rows)


async def _sample(stand: Stand, seen: Seen) -> None:
    taps = [post(f"/bench/tap?number={number}", b"") for number in range(TAPS_A_SECOND * SECONDS)]
    nothing = [post("/nothing", b"")] * BARE_A_SECOND * SECONDS
    asked = await asyncio.gather(
        drive(
            stand.till.port, stand.fresh("fake", CALLBACKS_A_SECOND * SECONDS), per_second=CALLBACKS_A_SECOND
        ),
        drive(stand.till.port, taps, per_second=TAPS_A_SECOND),
        drive(stand.bank.port, nothing, per_second=BARE_A_SECOND),
    )
    assert all(set(load.statuses) == {200} for load in asked), [load.statuses for load in asked]
    seen.add(*asked)
    seen.megabytes.append(await stand.till.megabytes())


def _tell_waits(idle: Seen, busy: Seen) -> None:
    figure(
        "  a bare aiohttp handler meanwhile, p99",
        f"{_wait(busy.bare):.0f} ms, before {_wait(idle.bare):.0f} ms",
    )
    for name, before, meanwhile, most in (
        (f"  callbacks at {CALLBACKS_A_SECOND}/s", idle.callbacks, busy.callbacks, 100),
        ("  taps", idle.taps, busy.taps, 150),
    ):
        figure(f"{name}, half of them", f"{_wait(meanwhile, 50):.1f} ms, before {_wait(before, 50):.1f} ms")
        told = f"{_wait(meanwhile):.0f} ms, before {_wait(before):.0f} ms"
        bar(f"{name}, p99: {most} ms", told, _wait(meanwhile) <= most)


def _tell_memory(held: list[float]) -> None:
    first, last = held[len(held) // 4], held[-1]
    told = f"{first:.0f} MB after a quarter, {max(held):.0f} MB at most, {last:.0f} MB at the end"
    bar(f"  flat memory: + {MOST_MB} MB", told, last - first <= MOST_MB)


def _wait(waits: list[float], percent: int = 99) -> float:
    return sorted(waits)[len(waits) * percent // 100] * 1000


class explain(Executable, ClauseElement):  # noqa: N801 (it reads as the word of SQL that it stands for)
    """The plan of a statement instead of its rows."""

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement


@compiles(explain, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(element.statement, **how)}"


@compiles(explain, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"EXPLAIN {compiler.process(element.statement, **how)}"


async def schedule(url: str, count: int) -> None:
    """What is due among many, as the clock asks every few seconds, and how the books find it."""
    database = Database.connect(url)
    await database.start()
    try:
        await migrate(database)
        await fill(database, count, due=count // A_TENTH)
        await database.write(lambda tx: tx.connection.exec_driver_sql("analyze"))
        plan, took = await database.read(_ask_what_is_due)
    finally:
        await database.close()
    for line in plan:
        figure("  plan", line)
    found = any("ix_autopays_due" in line for line in plan)
    bar(
        f"  100 of {count // A_TENTH:,} due among {count:,}: by an index, {MOST_MS} ms",
        f"{took:.1f} ms",
        found and took <= MOST_MS,
    )


def _ask_what_is_due(tx: Tx) -> tuple[list[str], float]:
    values = {"what": AutopayStep.CHARGE.value, "by": now(), "most": 100}
    plan = [str(row[-1]).strip() for row in tx.connection.execute(explain(DUE_CHARGES), values)]
    tx.autopays.due_with_provider(AutopayStep.CHARGE, 100)
    begun = time.perf_counter()
    for _ in range(ASKED):
        assert len(tx.autopays.due_with_provider(AutopayStep.CHARGE, 100)) == 100
    return plan, (time.perf_counter() - begun) / ASKED * 1000


def run() -> None:
    is_long = "--long" in sys.argv
    due, pause = (DUE_LONG, PAUSE_LONG) if is_long else (DUE, 0.0)
    with _folder() as folder:
        heading(f"{due:,} autopays due, on SQLite")
        pools = {"fake": CALLBACKS_A_SECOND * SECONDS * SAMPLES * 2}
        books = f"sqlite:///{folder / 'books.db'}"
        modules = {"module": "benchmarks.charging_till", "bank_module": "benchmarks.charging_bank"}
        with opened(books, folder, pools, **modules, autopays=due) as stand:
            asyncio.run(measure(stand, due, pause))
    scheduled = SCHEDULED_LONG if is_long else SCHEDULED
    with _folder() as folder:
        heading(f"The schedule of {scheduled:,} autopays on SQLite")
        asyncio.run(schedule(f"sqlite:///{folder / 'books.db'}", scheduled))
    if "--sqlite" not in sys.argv:
        with suppress(NoPostgres), running_server() as server:
            server.sql("create database bench")
            heading(f"The schedule of {scheduled:,} autopays on PostgreSQL")
            asyncio.run(schedule(server.url("bench"), scheduled))


@contextmanager
def _folder() -> Iterator[Path]:
    """On the disk of the books, and not in a memory that is counted as ours."""
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        yield Path(name)


if __name__ == "__main__":
    run()
