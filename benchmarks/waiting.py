"""How long a callback and a tap wait while an import, the proof of the books and a backup run."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.child import Child, child
from benchmarks.load import Load, drive, post
from benchmarks.report import bar, figure, heading
from tests.postgres import NoPostgres, running_server

SECONDS = 6
ON_SQLITE, ON_POSTGRESQL = 200, 50
"""Callbacks a second; asyncpg's way through SQLAlchemy costs four times the processor time of SQLite's."""
TAPS_A_SECOND, BARE_A_SECOND = 10, 50
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
    """A busy till on some books, and callbacks that nobody has sent yet."""

    till: Child
    bare: Child
    books: str
    folder: Path
    rate: int
    fresh: Iterator[bytes]
    _copies: Iterator[int] = field(default_factory=count)

    async def waits(self) -> tuple[Load, Load, Load]:
        """Of callbacks, of taps, and of requests to a server that does nothing, sent at the same time."""
        callbacks, taps, bare = await asyncio.gather(
            drive(self.till.port, list(islice(self.fresh, SECONDS * self.rate)), per_second=self.rate),
            drive(
                self.till.port, [post("/bench/tap", b"")] * TAPS_A_SECOND * SECONDS, per_second=TAPS_A_SECOND
            ),
            drive(
                self.bare.port, [post("/nothing", b"")] * BARE_A_SECOND * SECONDS, per_second=BARE_A_SECOND
            ),
        )
        assert set(callbacks.statuses) == {200} == set(taps.statuses), (callbacks.statuses, taps.statuses)
        return callbacks, taps, bare

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
                    await self.till.tell("import")
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
            callbacks, taps, bare = await bench.waits()
        waited = callbacks.wait(0.99)
        figure(f"beside {name}", f"a bare aiohttp handler, p99 {bare.wait(0.99):.0f} ms")
        halves = f"half of the callbacks {callbacks.wait(0.5):.1f} ms, of the taps {taps.wait(0.5):.1f} ms"
        figure("  usually", halves)
        bar(f"  callbacks at {bench.rate}/s, p99: 100 ms", f"{waited:.0f} ms", waited <= 100)
        bar("  taps, slowest: 150 ms", f"{taps.wait(1):.0f} ms", taps.wait(1) <= 150)
    rows = (await bench.till.tell("books"))["rows"]
    bar("books afterwards", "exact" if not rows else f"{len(rows)} rows disagree", not rows)


def with_books(books: str, folder: Path, rate: int, work: dict[str, tuple[str, ...]]) -> None:
    file = folder / "callbacks"
    wishes = {
        "books": books,
        "bank": 1,
        "pools": [("fake", SECONDS * rate * len(work))],
        "callbacks": str(file),
        "log": str(folder / "log"),
        "folder": str(folder),
        "rows": ROWS,
    }
    with child("benchmarks.busy", **wishes) as till, child("benchmarks.bare") as bare:
        fresh = (json.loads(line).encode() for line in file.read_text().splitlines())
        asyncio.run(measure(Bench(till, bare, books, folder, rate, fresh), work))


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
