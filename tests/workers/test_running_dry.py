"""Who moves the time waits until all that may leave has left."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.workers.sending import SendingWorker


@dataclass(frozen=True)
class Parcel:
    id: int
    kind: str = "parcel"


class Post(SendingWorker[Parcel, str, int]):
    """Whose parcels take a while; each that arrives may bring another one."""

    def __init__(self, waiting: int, answers: int = 0) -> None:
        super().__init__("parcel")
        self.waiting = [Parcel(number) for number in range(waiting)]
        self.answers = answers
        self.noted: list[int] = []

    async def _take(self, taken: Counter[str]) -> Iterable[tuple[Parcel, str]]:
        room = 2 - taken["road"]
        leaving, self.waiting = self.waiting[:room], self.waiting[room:]
        return [(parcel, "road") for parcel in leaving]

    async def _deliver(self, item: Parcel) -> int:
        await asyncio.sleep(0.005)
        if self.answers:
            self.answers -= 1
            self.waiting.append(Parcel(100 + self.answers))
        return item.id

    async def _note(self, outcomes: list[int]) -> None:
        self.noted += outcomes


@asynccontextmanager
async def at_work(post: Post) -> AsyncIterator[None]:
    running = asyncio.create_task(post.run())
    yield
    post.stop()
    await running


async def test_nothing_is_left_and_all_is_written_down() -> None:
    post = Post(7, answers=2)
    async with at_work(post), asyncio.timeout(2):
        await post.run_dry()
        assert sorted(post.noted) == [0, 1, 2, 3, 4, 5, 6, 100, 101]


async def test_what_comes_later_is_waited_for_by_who_asks_later() -> None:
    post = Post(0)
    async with at_work(post), asyncio.timeout(2):
        for number in range(20):
            post.waiting.append(Parcel(number))
            await post.run_dry()
            assert len(post.noted) == number + 1


async def test_nobody_waits_for_a_worker_that_stops() -> None:
    post = Post(3)
    async with asyncio.timeout(2):
        async with at_work(post):
            asking = asyncio.create_task(post.run_dry())
            await asyncio.sleep(0)
        await asking
        await post.run_dry()
