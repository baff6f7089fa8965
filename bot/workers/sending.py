"""The loop by which notices and webhooks leave: side by side, and what came of each is written down."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

import structlog

POLL_SECONDS = 1.0
GATHER_SECONDS = 0.02
"""What ends within this time is written down in one unit, and what was committed in it is looked for once."""

DRAIN_SECONDS = 5.0


class Row(Protocol):
    """What leaves is a row of the books."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...


Item = TypeVar("Item", bound=Row)
Road = TypeVar("Road")
Outcome = TypeVar("Outcome")

log = structlog.get_logger(__name__)


class SendingWorker(ABC, Generic[Item, Road, Outcome]):
    """Any number may run side by side, in one process or in many. A slow road takes no other's room.

    `database.when_committed(worker.wake)` makes it look at once; without that it finds what waits by polling.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._news = asyncio.Event()
        self._on_their_way: dict[asyncio.Task[None], Road] = {}
        self._outcomes: list[Outcome] = []
        self._stopping = False
        self._until_dry: list[asyncio.Event] = []

    @abstractmethod
    async def _take(self, taken: Counter[Road]) -> Iterable[tuple[Item, Road]]:
        """What may leave now, each with its road; `taken` is how many are on their way there."""

    @abstractmethod
    async def _deliver(self, item: Item) -> Outcome: ...

    @abstractmethod
    async def _note(self, outcomes: list[Outcome]) -> None: ...

    def wake(self) -> None:
        self._news.set()

    async def run_dry(self) -> None:
        """Return once nothing is on its way and nothing that may leave now waits."""
        dry = asyncio.Event()
        self._until_dry.append(dry)
        self._news.set()
        try:
            if not self._stopping:
                await dry.wait()
        finally:
            self._until_dry.remove(dry)

    def stop(self) -> None:
        """Take nothing more; `run` returns when what is on its way has ended, or was given up."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        while not self._stopping:
            try:
                await self._round()
            except Exception:  # a worker's loop: it goes on when the books answer again
                log.exception("sending.round_failed", what=self._what)
                await asyncio.sleep(POLL_SECONDS)
            await self._wait_for_news()
        await self._drain()
        self._is_dry(self._until_dry)

    async def _round(self) -> None:
        asked = self._until_dry[:]  # who asks later wants a look that begins later
        await self._write_down()
        for item, road in await self._take(Counter(self._on_their_way.values())):
            self._on_their_way[asyncio.create_task(self._see_off(item))] = road
        if not self._on_their_way and not self._outcomes:
            self._is_dry(asked)

    def _is_dry(self, asked: Iterable[asyncio.Event]) -> None:
        for dry in asked:
            dry.set()

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._news.wait()
                if not self._until_dry:
                    await asyncio.sleep(GATHER_SECONDS)
        except TimeoutError:
            pass
        self._news.clear()

    async def _see_off(self, item: Item) -> None:
        try:
            self._outcomes.append(await self._deliver(item))
        except Exception:  # a worker's loop: the lease ends, and it is tried again
            log.exception("sending.failed", what=self._what, id=item.id, kind=item.kind)
        finally:
            task = asyncio.current_task()
            assert task is not None
            del self._on_their_way[task]
            self._news.set()

    async def _write_down(self) -> None:
        """Keep the outcomes until they are written: if the books are shut now, they are not forgotten."""
        outcomes = self._outcomes[:]
        if outcomes:
            await self._note(outcomes)
            del self._outcomes[: len(outcomes)]

    async def _drain(self) -> None:
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=DRAIN_SECONDS)
        given_up = list(self._on_their_way)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        await self._write_down()
