"""The clock: expires orders, asks after silent payments and refunds, tells of unwell providers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every so many seconds; what it returns is how much there was, if it counts."""

    name: str
    every: float
    do: Callable[[], Awaitable[int | None]]


class Clock:
    """Each chore runs on its own, so a slow provider does not keep orders from expiring."""

    def __init__(self, chores: list[Chore]) -> None:
        self._chores = {chore: asyncio.Lock() for chore in chores}
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`; a chore that is under way is finished."""
        await asyncio.gather(*(self._repeat(chore) for chore in self._chores))

    def stop(self) -> None:
        self._stopping.set()

    async def catch_up(self) -> None:
        """Do every chore until it finds nothing more: the present has moved, and much may be due at once."""
        await asyncio.gather(*(self._work_off(chore) for chore in self._chores))

    async def _repeat(self, chore: Chore) -> None:
        while not self._stopping.is_set():
            await self._work_off(chore)
            await self._pause(chore.every)

    async def _work_off(self, chore: Chore) -> None:
        """Never twice at a time: whoever comes second does what the first has left."""
        async with self._chores[chore]:
            while not self._stopping.is_set() and await self._done(chore):
                pass

    async def _done(self, chore: Chore) -> int | None:
        """Do it once; more is waiting when it answers a number above zero."""
        try:
            return await chore.do()
        except Exception:  # a worker's loop: one failing chore must not end the clock
            log.exception("chore.failed", chore=chore.name)
            return None

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
