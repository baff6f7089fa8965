"""A hundred thousand callbacks of all methods, half of them told before: does the memory stay flat?"""

from __future__ import annotations

import asyncio
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.methods import METHODS
from benchmarks.payers import code_of
from benchmarks.providers import terminal
from benchmarks.report import bar, figure
from benchmarks.stand import Stand, opened

CALLBACKS, WARM, AT_ONCE = 100_000, 20_000, 5_000
PAYERS = CALLBACKS // 2
EACH = 200
MOST = 20


async def measure(stand: Stand) -> None:
    """The first ones fill what is meant to be filled: caches, connections, the interpreter's own store."""
    told = cycle([request for method in METHODS for request in stand.fresh(method, EACH)])
    held: list[float] = []
    for first in range(0, CALLBACKS, AT_ONCE):
        paid = (_by_code(number // 2) for number in range(first, first + AT_ONCE, 2))
        load, _cpu = await stand.measured([each for pair in zip(paid, told) for each in pair])  # noqa: B905 (one has no end)
        assert set(load.statuses) == {200}, load.statuses
        held.append(await stand.till.megabytes())
    grown = held[-1] - held[WARM // AT_ONCE - 1]
    figure("after each fifth", ", ".join(f"{each:.0f} MB" for each in islice(held, 3, None, 4)))
    bar(f"{CALLBACKS:,}, from the first {WARM:,} on: + {MOST} MB", f"{grown:+.1f} MB", grown <= MOST)


def _by_code(number: int) -> bytes:
    return terminal("pay", code_of(number), 10**9 + number)


def run() -> None:
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        books, pools = f"sqlite:///{Path(name) / 'books.db'}", dict.fromkeys(METHODS, EACH)
        with opened(books, Path(name), pools, module="benchmarks.chat_till", payers=PAYERS) as stand:
            asyncio.run(measure(stand))


if __name__ == "__main__":
    run()
