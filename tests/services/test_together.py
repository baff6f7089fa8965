"""One call for many: its answer and its trouble are shared, and nobody who leaves stops it."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import ProviderUnavailable
from bot.services.together import Together


class Slow:
    """Counts its calls; each waits until it is let go, and the first may fail."""

    def __init__(self, *, fails: bool = False) -> None:
        self.calls = 0
        self.go = asyncio.Event()
        self._fails = fails

    async def __call__(self) -> int:
        self.calls += 1
        number = self.calls
        await self.go.wait()
        if self._fails and number == 1:
            raise ProviderUnavailable("a bad day")
        return number


async def test_one_who_leaves_stops_nobody() -> None:
    slow, together = Slow(), Together[int]()
    waiting = [asyncio.create_task(together.once("a", slow)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    slow.go.set()
    assert await asyncio.gather(*waiting[1:]) == [1, 1]


async def test_trouble_is_shared_once_and_the_next_try_is_new() -> None:
    slow, together = Slow(fails=True), Together[int]()
    waiting = [asyncio.create_task(together.once("a", slow)) for _ in range(3)]
    await asyncio.sleep(0)
    slow.go.set()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in ended] == [ProviderUnavailable] * 3
    assert await together.once("a", slow) == 2


async def test_trouble_that_nobody_waits_for_is_not_shouted(caplog: pytest.LogCaptureFixture) -> None:
    slow, together = Slow(fails=True), Together[int]()
    alone = asyncio.create_task(together.once("a", slow))
    await asyncio.sleep(0)
    alone.cancel()
    slow.go.set()
    await asyncio.gather(alone, return_exceptions=True)
    assert await together.once("b", slow) == 2
    assert "never retrieved" not in caplog.text


async def test_other_things_do_not_wait() -> None:
    slow, quick = Slow(), Slow()
    quick.go.set()
    together = Together[int]()
    waiting = asyncio.create_task(together.once("slow", slow))
    assert await together.once("quick", quick) == 1
    slow.go.set()
    assert await waiting == 1
