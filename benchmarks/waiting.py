"""How long callbacks, pre-checkouts, terminals and taps wait while an import, `books` and a backup run."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import Load, drive, post
from benchmarks.report import bar, figure, heading
from benchmarks.stand import Stand, opened
from tests.postgres import NoPostgres, running_server

SECONDS = 6
ON_SQLITE, ON_POSTGRESQL = 200, 50
"""Callbacks a second; asyncpg's way through SQLAlchemy costs four times the processor time of SQLite's."""
TAPS_A_SECOND, BARE_A_SECOND = 10, 50
ASKED_A_SECOND = {"checkout": 10, "terminal": 10}
"""Telegram's questions before a payment, and terminals that pay."""

ROWS = 100_000
WORK = {
    "nothing else": (),
    "an import": ("import",),
    "books": ("books",),
    "a backup": ("backup",),
    "all of them at once": ("import", "books", "backup"),
}


@dataclass
class Bench:
    """A busy till on some books, and what is done beside it."""

    stand: Stand
    books: str
    folder: Path
    rate: int
    _copies: Iterator[int] = field(default_factory=count)

    async def waits(self) -> dict[str, Load]:
        """Of everything that is asked at the same time, and of requests to a server that does nothing."""
        till = self.stand.till.port
        taps = [post(f"/bench/tap?number={number}", b"") for number in range(TAPS_A_SECOND * SECONDS)]
        nothing = [post("/nothing", b"")] * BARE_A_SECOND * SECONDS
        asked = {kind: self.stand.fresh(kind, each * SECONDS) for kind, each in ASKED_A_SECOND.items()}
        loads = await asyncio.gather(
            drive(till, self.stand.fresh("fake", SECONDS * self.rate), per_second=self.rate),
            drive(till, taps, per_second=TAPS_A_SECOND),
            drive(self.stand.bank.port, nothing, per_second=BARE_A_SECOND),
            *(drive(till, asked[kind], per_second=each) for kind, each in ASKED_A_SECOND.items()),
        )
        waits = dict(zip(("callbacks", "taps", "bare", *ASKED_A_SECOND), loads, strict=True))
        wrong = {name: load.statuses for name, load in waits.items() if set(load.statuses) != {200}}
        assert not wrong, wrong
        return waits

    @asynccontextmanager
    async def beside(self, work: tuple[str, ...]) -> AsyncIterator[None]:
        """Have the work done over and over until the block ends; what is being done then comes to its end."""
        ended = asyncio.Event()
        async with asyncio.TaskGroup() as running:
            for each in work:
                running.create_task(self._repeat(each, ended))
            yield
            ended.set()

    async def _repeat(self, work: str, ended: asyncio.Event) -> None:
        while not ended.is_set():
            match work:
                case "import":
                    await self.stand.till.tell("import")
                case "books":
                    await self._command("books")
                case "backup":
                    await self._command("backup", str(self.folder / f"copy-{next(self._copies)}.db"))

    async def _command(self, *arguments: str) -> None:
        """As somebody types it on the same machine, in a process of its own."""
        settings = {"BOT_TOKEN": "42:BENCH", "SECRET_KEY": "a key of the benchmarks, long enough"}
        environment = os.environ | settings | {"DATABASE_URL": self.books}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, env=environment, stdout=DEVNULL
        )
        if await process.wait():
            raise RuntimeError(f"{arguments[0]} ended with {process.returncode}")


async def measure(bench: Bench, work: dict[str, tuple[str, ...]]) -> None:
    for name, each in work.items():
        async with bench.beside(each):
            waits = await bench.waits()
        figure(f"beside {name}", f"a bare aiohttp handler, p99 {waits['bare'].wait(0.99):.0f} ms")
        halves = (f"{kind} {load.wait(0.5):.1f} ms" for kind, load in waits.items())
        figure("  half of them", ", ".join(halves))
        _hold(f"  callbacks at {bench.rate}/s, p99", waits["callbacks"].wait(0.99), most=100)
        _hold("  taps, slowest", waits["taps"].wait(1), most=150)
        _hold("  pre-checkouts, slowest", waits["checkout"].wait(1), most=1000)
        _hold("  pay at a terminal, slowest", waits["terminal"].wait(1), most=5000)
    rows = (await bench.stand.till.tell("books"))["rows"]
    bar("books afterwards", "exact" if not rows else f"{len(rows)} rows disagree", not rows)


def _hold(name: str, waited: float, *, most: int) -> None:
    bar(f"{name}: {most} ms", f"{waited:.0f} ms", waited <= most)


def with_books(books: str, folder: Path, rate: int, work: dict[str, tuple[str, ...]]) -> None:
    pools = {kind: each * SECONDS * len(work) for kind, each in ({"fake": rate} | ASKED_A_SECOND).items()}
    with opened(books, folder, pools, module="benchmarks.busy", rows=ROWS) as stand:
        asyncio.run(measure(Bench(stand, books, folder, rate), work))


def run() -> None:
    with TemporaryDirectory() as folder:
        heading("Waiting on SQLite, 100 000 reminders due")
        with_books(f"sqlite:///{Path(folder) / 'books.db'}", Path(folder), ON_SQLITE, WORK)
    if "--sqlite" not in sys.argv:
        with suppress(NoPostgres), running_server(durable=True) as server, TemporaryDirectory() as folder:
            server.sql("create database bench")
            heading("Waiting on PostgreSQL, 100 000 reminders due")
            ours = {name: work for name, work in WORK.items() if "backup" not in work}
            with_books(server.url("bench"), Path(folder), ON_POSTGRESQL, ours)


if __name__ == "__main__":
    run()
