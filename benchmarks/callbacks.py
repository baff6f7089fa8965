"""Callbacks of a fake provider that signs: beside slow neighbours and beside forgeries."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import drive, post
from benchmarks.report import bar, figure, heading
from benchmarks.stand import Stand, opened
from tests.postgres import NoPostgres, running_server


@dataclass(frozen=True)
class Counts:
    """How many callbacks each measurement gets; the calm ones come at 200 a second."""

    notices: int
    calm: int


ON_SQLITE, ON_POSTGRESQL = Counts(2500, 500), Counts(300, 200)

FORGED = [post("/callbacks/fake", b'{"payment": "%d"}' % n, {"x-signature": "f" * 64}) for n in range(500)]
HUNG = 250
TURNS = 5
STRANGE = {"type": "notification", "event": "payment.succeeded"}


async def slow_bank(stand: Stand, counts: Counts) -> None:
    """A hundred callbacks wait for a bank that takes two seconds; signed ones must not notice."""
    alone, _ = await stand.measured(stand.fresh("fake", counts.calm), per_second=200)
    await stand.bank.tell("bank?delay=2")
    slow = asyncio.create_task(
        drive(stand.till.port, stand.fresh("yookassa", HUNG), connections=HUNG, per_second=50)
    )
    await asyncio.sleep(2.2)
    beside, _ = await stand.measured(stand.fresh("fake", counts.calm), per_second=200)
    await slow
    await stand.bank.tell("bank?delay=0")
    told = f"p99 {alone.wait(0.99):.1f} ms → {beside.wait(0.99):.1f} ms"
    bar(
        "signed at 200/s beside a bank that takes 2 s",
        told,
        beside.wait(0.99) <= max(100, alone.wait(0.99) * 1.5),
    )


async def slow_telegram(stand: Stand, counts: Counts) -> None:
    """By turns, so that whatever else the machine does meets both alike."""
    seconds = {"0": 0.0, "0.2": 0.0}
    for _ in range(TURNS):
        for delay in seconds:
            await stand.till.tell(f"telegram?delay={delay}")
            load, _cpu = await stand.measured(stand.fresh("fake", counts.notices // TURNS))
            seconds[delay] += load.seconds
    at_once, late = (counts.notices / spent for spent in seconds.values())
    bar(
        "Telegram at 200 ms: within a tenth of 0 ms",
        f"{at_once:,.0f}/s → {late:,.0f}/s",
        late >= 0.9 * at_once,
    )


async def beside_forgeries(stand: Stand, counts: Counts) -> None:
    """Genuine callbacks at 200 a second, alone and beside 500 forged ones a second."""
    alone, _ = await stand.measured(stand.fresh("fake", counts.calm), per_second=200)
    asked = (await stand.bank.tell("bank"))["asked"]
    forged = asyncio.create_task(drive(stand.till.port, FORGED * 3, connections=8, per_second=500))
    strange = asyncio.create_task(
        drive(stand.till.port, list(_strangers(300)), connections=8, per_second=100)
    )
    beside, _ = await stand.measured(stand.fresh("fake", counts.calm), per_second=200)
    asked = (await stand.bank.tell("bank"))["asked"] - asked
    statuses = (await forged).statuses
    strange.cancel()
    limit = max(alone.wait(0.99) * 1.5, alone.wait(0.99) + 10)
    bar("genuine p99 alone: 100 ms", f"{alone.wait(0.99):.1f} ms", alone.wait(0.99) <= 100)
    bar("genuine p99 beside 500 forged a second", f"{beside.wait(0.99):.1f} ms", beside.wait(0.99) <= limit)
    bar("forged are refused", str(statuses), set(statuses) == {403})
    told = f"{asked} in {beside.seconds:.1f} s"
    bar("banks asked about unknown ids: 1 a second", told, asked <= beside.seconds + 2)


def _strangers(count: int) -> Iterator[bytes]:
    for number in range(count):
        claimed = STRANGE | {"object": {"id": f"{number:08x}-000f-5001-9000-1a2b3c4d5e6f"}}
        yield post("/callbacks/yookassa", json.dumps(claimed).encode())


async def measure(books: str, folder: Path, counts: Counts) -> None:
    """5 payments stand behind every customer."""
    pools = {"fake": 2 * counts.notices + 4 * counts.calm, "yookassa": HUNG}
    with opened(books, folder, pools) as stand:
        await slow_telegram(stand, counts)
        await slow_bank(stand, counts)
        await beside_forgeries(stand, counts)
        wrong = (await stand.till.tell("books"))["rows"]
        bar("books afterwards", "exact" if not wrong else f"{len(wrong)} rows disagree", not wrong)


def run() -> None:
    """Measure on a SQLite file with full sync, then on PostgreSQL where it is to be had."""
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        heading("On SQLite")
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
