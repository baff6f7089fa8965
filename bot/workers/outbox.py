"""The loop that empties the outbox: takes notices, sends them side by side, writes down what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from time import monotonic

import structlog

from bot.domain.notices import Notice, Outcome
from bot.domain.states import Lane
from bot.services.outbox import OutboxService
from bot.workers.delivery import Delivery

ROOM = {Lane.MONEY: 64, Lane.OPERATORS: 1, Lane.REMINDERS: 32}
"""How many of a lane may be on their way at once: enough for a slow Telegram, and no lane takes another's.

All of the operators' notices go to one chat, which hears things in order: asking for more than the first
would look through everything that waits behind it.
"""

POLL_SECONDS = 1.0
GATHER_SECONDS = 0.02
"""What ends within this time is written down in one unit, and what was committed in it is looked for once."""

FOLD_EVERY = 5.0
PURGE_EVERY = 3600.0
DRAIN_SECONDS = 5.0

log = structlog.get_logger(__name__)


class OutboxWorker:
    """Any number of them may run on one outbox, in one process or in many.

    `database.when_committed(worker.wake)` makes it look at once; without that it finds notices by polling.
    """

    def __init__(self, outbox: OutboxService, delivery: Delivery) -> None:
        self._outbox = outbox
        self._delivery = delivery
        self._news = asyncio.Event()
        self._on_their_way: dict[asyncio.Task[None], Lane] = {}
        self._outcomes: list[Outcome] = []
        self._fold_at = self._purge_at = 0.0
        self._stopping = False

    def wake(self) -> None:
        self._news.set()

    def stop(self) -> None:
        """Take nothing more; `run` returns when what is on its way has ended, or was given up."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        while not self._stopping:
            try:
                await self._round()
            except Exception:  # a worker's loop: it goes on when the books answer again
                log.exception("outbox.round_failed")
                await asyncio.sleep(POLL_SECONDS)
            await self._wait_for_news()
        await self._drain()

    async def _round(self) -> None:
        await self._write_down()
        await self._keep_small()
        ids = await self._outbox.waiting(self._room())
        for notice in await self._outbox.take(ids) if ids else ():
            self._on_their_way[asyncio.create_task(self._see_off(notice))] = notice.lane

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._news.wait()
                await asyncio.sleep(GATHER_SECONDS)
        except TimeoutError:
            pass
        self._news.clear()

    async def _see_off(self, notice: Notice) -> None:
        try:
            self._outcomes.append(await self._delivery.deliver(notice))
        finally:
            task = asyncio.current_task()
            assert task is not None
            del self._on_their_way[task]
            self._news.set()

    async def _write_down(self) -> None:
        """Keep the outcomes until they are written: if the books are shut now, they are not forgotten."""
        outcomes = self._outcomes[:]
        if outcomes:
            await self._outbox.note(outcomes)
            del self._outcomes[: len(outcomes)]

    async def _keep_small(self) -> None:
        if monotonic() >= self._fold_at:
            self._fold_at = monotonic() + FOLD_EVERY
            while await self._outbox.is_behind() and await self._outbox.fold():
                pass
        if monotonic() >= self._purge_at:
            self._purge_at = monotonic() + PURGE_EVERY
            while await self._outbox.purge():
                pass

    def _room(self) -> dict[Lane, int]:
        taken = Counter(self._on_their_way.values())
        return {lane: most - taken[lane] for lane, most in ROOM.items()}

    async def _drain(self) -> None:
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=DRAIN_SECONDS)
        given_up = list(self._on_their_way)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        await self._write_down()
