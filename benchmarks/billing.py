"""A month of 1 000 000 charges of 100 000 metered connectors becomes invoices, stopped once in the middle."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from benchmarks.papers import megabytes
from benchmarks.report import bar, figure
from bot.domain import periods
from bot.domain.billing import RunState, month_of, moved
from bot.domain.catalogue_file import read_catalogue
from bot.services.house import House, build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tx import Tx

T = TypeVar("T")

PAYERS, CONNECTORS, CHARGES = 20_000, 100_000, 1_000_000
MOST_MS, MOST_MB = 50, 120
ZONE = ZoneInfo("Europe/Moscow")
_MANY = "with recursive n (i) as (select 1 union all select i + 1 from n where i < :many)"


@dataclass
class Seen:
    """Seconds of each step, milliseconds of each unit and of the processor in it, megabytes."""

    steps: dict[str, float] = field(default_factory=dict)
    units: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    grown: float = 0
    formed: int = 0
    resumed_at: int = 0
    proof: float = 0
    clean: bool = False


def run() -> None:
    done = subprocess.run([sys.executable, "-m", __name__], stdout=subprocess.PIPE, check=True)
    seen = Seen(**json.loads(done.stdout.splitlines()[-1]))
    whole = sum(seen.steps.values())
    figure(f"{CHARGES:,} charges, {CONNECTORS:,} connectors", f"{seen.formed:,} invoices in {whole:.0f} s")
    figure("counting · issuing", " · ".join(f"{seconds:.0f} s" for seconds in seen.steps.values()))
    figure("closed in the middle and opened again, at", f"invoice {seen.resumed_at:,}")
    units, busy = sorted(seen.units), sorted(seen.busy)
    late = busy[len(busy) * 999 // 1000]
    told = f"p99.9 {late:.0f} ms, longest {busy[-1]:.0f}"
    bar(f"a unit keeps the writer busy for {MOST_MS} ms", told, late <= MOST_MS)
    figure("the same by the clock on the wall", f"p50 {median(units):.0f} ms, longest {units[-1]:.0f}")
    waits = sorted(seen.waits)
    figure("a unit of somebody else meanwhile, p99", f"{waits[len(waits) * 99 // 100]:.0f} ms")
    bar(f"memory: + {MOST_MB} MB", f"{seen.grown:+.0f} MB", seen.grown <= MOST_MB)
    bar("the books are clean", f"proved in {seen.proof:.0f} s", seen.clean)


async def measure() -> Seen:
    seen = Seen()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'books.db'}"
        async with _opened(url, seen) as (database, _house):
            await migrate(database)
            await database.alone(_fill)
        async with _opened(url, seen) as (_database, house):
            seen.grown = -megabytes()
            begun = time.perf_counter()
            while await house.billing.form_due():
                if (run := (await house.billing.runs())[0]).state is RunState.ISSUING:
                    if run.formed > PAYERS // 2:
                        seen.resumed_at = run.formed
                        break
                    seen.steps.setdefault("counting", time.perf_counter() - begun)
        async with _opened(url, seen) as (database, house):
            others = asyncio.create_task(_others(database, seen))
            while await house.billing.form_due():
                pass
            seen.steps["issuing"] = time.perf_counter() - begun - seen.steps["counting"]
            seen.grown += megabytes()
            others.cancel()
            seen.formed = (await house.billing.runs())[0].formed
            begun = time.perf_counter()
            seen.clean = (await house.books.prove()).clean
            seen.proof = time.perf_counter() - begun
    return seen


@asynccontextmanager
async def _opened(url: str, seen: Seen) -> AsyncIterator[tuple[Database, House]]:
    """Each unit is timed where it runs, without its wait and the commit it shares."""
    database = Database.connect(url)
    await database.start()
    write = database.write

    async def timed(unit: Callable[[Tx], T]) -> T:
        def run(tx: Tx) -> T:
            begun, busy = time.perf_counter(), time.thread_time()
            try:
                return unit(tx)
            finally:
                seen.units.append((time.perf_counter() - begun) * 1000)
                seen.busy.append((time.thread_time() - busy) * 1000)

        return await write(run)

    setattr(database, "write", timed)  # noqa: B010 (a method is not assigned to)
    around = Surroundings(
        catalogue=read_catalogue(Path("catalog.example.toml")),
        gateways={},
        vault=Vault("a key of the benchmarks, long enough to be one"),
        zone=ZONE,
        public_url="https://pay.example",
        operators={},
    )
    try:
        yield database, build_house(database, around)
    finally:
        await database.close()


async def _others(database: Database, seen: Seen) -> None:
    """Somebody whose small unit waits for its turn behind the forming."""
    while True:
        begun = time.perf_counter()
        await database.write(lambda tx: tx.facts.get("nothing"))
        seen.waits.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.02)


def _fill(connection: Connection) -> None:
    """Last month, as the seller's system told of it."""
    month = moved(month_of(periods.now(), ZONE), -1)
    said: dict[str, Any] = {"at": f"{month}-05 09:00:00.000000", "month": month}

    def fill(statement: str, many: int, **more: Any) -> None:
        connection.execute(text(statement), said | more | {"many": many})

    fill(
        f"insert into customers (id, name, language, created_at) {_MANY} select i, 'Anna', 'ru', :at from n",
        PAYERS,
    )
    fill(
        "insert into payers (id, customer_id, kind, title, country, tax_number, delivery, created_at)"
        f" {_MANY} select i, i, 'organisation', 'OOO ' || i, 'RU', '7707083893', 'chat', :at from n",
        PAYERS,
    )
    fill(
        "insert into connectors (id, kind, title, tariff, payer_id, created_at)"
        f" {_MANY} select 'sip-' || i, 'line', 'Line ' || i, 'sip', i % :payers + 1, :at from n",
        CONNECTORS,
        payers=PAYERS,
    )
    fill(
        "insert into charges (reference, connector_id, started_at, number, duration_s, currency, minor,"
        f" created_at, month) {_MANY} select 'call-' || i, 'sip-' || (i % :connectors + 1), :at,"
        " '+7999', 61, 'RUB', 120 + i % 7, :at, :month from n",
        CHARGES,
        connectors=CONNECTORS,
    )


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(measure()))))
