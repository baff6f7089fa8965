"""The hop between the event loop and a thread that runs units: one call back for a whole batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, TypeVar

import structlog

from bot.domain.errors import CustomerError, StorageUnavailable
from bot.storage.tx import Tx

T = TypeVar("T")
OnAnswer = Callable[[str, float], None]
log = structlog.get_logger(__name__)


class Job:
    """One unit on its way through a thread, with what became of it."""

    __slots__ = ("begun", "error", "future", "result", "unit")

    def __init__(self, unit: Callable[[Tx], Any], future: asyncio.Future[Any]) -> None:
        self.unit = unit
        self.future = future
        self.begun = perf_counter()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self, tx: Tx) -> None:
        """Keep what the unit returns or raises, whatever that is: it is the caller's."""
        try:
            self.result = self.unit(tx)
        except StopIteration as error:
            self.error = RuntimeError("a unit raised StopIteration, which no future can carry")
            self.error.__cause__ = error
        except BaseException as error:  # noqa: BLE001 (a thread that runs units is a worker's loop)
            self.error = error

    def fail(self, error: BaseException) -> None:
        """Replace whatever became of it: the transaction under it fell."""
        self.result, self.error = None, error

    def answer(self) -> None:
        """Tell the caller; one who has left finds the outcome in the log at least."""
        if not self.future.done():
            if self.error is None:
                self.future.set_result(self.result)
            else:
                self.future.set_exception(self.error)
        elif self.error is not None:
            log.warning("books.unit_failed_unheard", error=repr(self.error))


def outcome(error: BaseException | None) -> str:
    """A refusal to a customer is no failure of a unit: it has done its work."""
    return "ok" if error is None or isinstance(error, CustomerError) else "failed"


class UnitQueue:
    """Holds at most `room` units; callers beyond that wait for their turn on the loop."""

    def __init__(self, room: int, on_answer: OnAnswer, on_batch: Callable[[], None] = lambda: None) -> None:
        self._on_answer = on_answer
        self._on_batch = on_batch
        self._room = asyncio.Semaphore(room)
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._ended = False

    def open(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def run(self, unit: Callable[[Tx], T]) -> T:
        """Hand the unit in and wait; from then on it runs, whether or not anybody still waits."""
        await self._room.acquire()
        if self._loop is None or self._closed:
            self._room.release()
            raise StorageUnavailable("the books are closed")
        job = Job(unit, self._loop.create_future())
        self._jobs.put(job)
        result: T = await job.future
        return result

    def close(self, threads: int = 1) -> None:
        """Take nothing more; each thread finds its end behind the units handed in before."""
        self._closed = True
        for _ in range(threads):
            self._jobs.put(None)

    # From here on it is the threads that call.

    def take(self) -> Job | None:
        """Wait for the next unit; None at the end."""
        return None if self._ended else self._jobs.get()

    def take_waiting(self) -> Job | None:
        """The next unit if one is there already. For a single thread: it remembers an end that it met."""
        try:
            job = self._jobs.get_nowait()
        except Empty:
            return None
        self._ended = job is None
        return job

    def answer(self, jobs: Sequence[Job]) -> None:
        """One hop to the loop for all of them; a loop that is gone has nobody left to tell."""
        assert self._loop is not None
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._answer, jobs)

    def _answer(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._room.release()
            job.answer()
        now = perf_counter()
        for job in jobs:
            self._on_answer(outcome(job.error), now - job.begun)
        self._on_batch()
