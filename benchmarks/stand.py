"""A till on some books with its bank, each in a process of its own, and requests that nobody has sent yet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.child import Child, Cpu, child
from benchmarks.load import Load, drive, post

DESIGN_PACE = 19_400
"""What a bare aiohttp handler took in a second where the bars were set: its bars are ratios to that."""


@dataclass
class Stand:
    """The bank is a bare aiohttp handler too: its pace and waits tell what the machine can do now."""

    till: Child
    bank: Child
    _pools: Mapping[str, Iterator[bytes]]

    def fresh(self, pool: str, count: int) -> list[bytes]:
        """The next so many of those that were wished for."""
        taken = list(islice(self._pools[pool], count))
        assert len(taken) == count, f"{pool} has run out"
        return taken

    async def measured(
        self, requests: list[bytes], *, connections: int = 16, per_second: float = 0
    ) -> tuple[Load, Cpu]:
        """The load, and the milliseconds of processor time that one request cost the till."""
        before = await self.till.cpu()
        load = await drive(self.till.port, requests, connections=connections, per_second=per_second)
        return load, (await self.till.cpu()).each(before, len(requests))

    async def pace(self) -> float:
        """How fast this machine is now, 1 being the one the bars were set on: others may be at work on it."""
        load = await drive(self.bank.port, [post("/nothing", b"x" * 300)] * 3000)
        return load.rate / DESIGN_PACE


@contextmanager
def opened(
    books: str,
    folder: Path,
    pools: Mapping[str, int],
    *,
    module: str = "benchmarks.till",
    bank_module: str = "benchmarks.bare",
    **wishes: object,
) -> Iterator[Stand]:
    """Everything started, and so many requests of each kind made."""
    with (
        child(bank_module) as bank,
        child(module, books=books, bank=bank.port, pools=pools, folder=str(folder), **wishes) as till,
    ):
        made: dict[str, list[str]] = json.loads((folder / "requests").read_text())
        yield Stand(till, bank, {name: map(str.encode, requests) for name, requests in made.items()})
