"""What units keep the writer busy for, timed where they run: what one waits for its turn is not its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.storage.database import Database
from bot.storage.tx import Tx


@dataclass
class Longest:
    """Milliseconds of the longest unit by the clock, and of the one that took the most of a processor."""

    clock: float = 0.0
    cpu: float = 0.0

    def __str__(self) -> str:
        return f"{self.cpu:.1f} ms CPU, {self.clock:.1f} ms by the clock"


def watch(database: Database) -> Longest:
    """From now on until the database is closed."""
    longest, write = Longest(), database.write

    def timed(unit: Callable[[Tx], Any]) -> Any:
        def run(tx: Tx) -> Any:
            begun, begun_cpu = time.perf_counter(), time.thread_time()
            try:
                return unit(tx)
            finally:
                longest.clock = max(longest.clock, (time.perf_counter() - begun) * 1000)
                longest.cpu = max(longest.cpu, (time.thread_time() - begun_cpu) * 1000)

        return write(run)

    database.write = timed  # type: ignore[method-assign]  # only to look on
    return longest
