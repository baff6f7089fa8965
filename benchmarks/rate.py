"""How often something was done in a second, and what processor time each cost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Rate:
    per_second: float = 0.0
    cpu_microseconds: float = 0.0

    def of(self, floor: Rate) -> str:
        """Itself and its ratios to the floor; that of the processor time holds on a busy machine too."""
        rate, cpu = self.per_second / floor.per_second, self.cpu_microseconds / floor.cpu_microseconds
        own = f"{self.per_second:8,.0f}/s  {self.cpu_microseconds:6,.0f} µs CPU"
        return f"{own}   {rate:5.2f} of the floor's rate, {cpu:5.2f} of its CPU"


@contextmanager
def timed(times: int) -> Iterator[Rate]:
    """Filled in when the block ends, in which something was done so many times."""
    rate = Rate()
    begun, cpu = time.perf_counter(), time.process_time()
    yield rate
    rate.per_second = times / (time.perf_counter() - begun)
    rate.cpu_microseconds = (time.process_time() - cpu) / times * 1e6
