"""A present that is told from outside: everything due is done before the next moment is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain import periods
from bot.domain.errors import SettingsError
from bot.workers import moved_clock
from bot.workers.clock import Chore, Clock
from bot.workers.moved_clock import MovedClock, set_clock

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def real_time_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(moved_clock, "POLL_SECONDS", 0.01)
    yield
    periods.run_ahead(timedelta())


class Outside:
    """What the sandbox says, and what it was asked."""

    def __init__(self) -> None:
        self.ahead: object = 0
        self.status = 200
        self.seen: list[str | None] = []

    async def tell(self, request: web.Request) -> web.Response:
        self.seen.append(request.query.get("seen"))
        return web.json_response({"ahead": self.ahead}, status=self.status)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def url(outside: Outside) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/clock", outside.tell)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/clock"))
    await server.close()


async def until(true: object) -> None:
    assert callable(true)
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.005)


async def run_while(clock: MovedClock, true: object) -> None:
    running = asyncio.create_task(clock.run())
    await until(true)
    clock.stop()
    await running


async def test_what_is_due_is_done_before_the_bot_says_that_it_has_seen_the_moment(
    outside: Outside, url: str
) -> None:
    done: list[timedelta] = []

    async def catch_up() -> None:
        assert "3600.0" not in outside.seen
        done.append(periods.ahead())

    outside.ahead = 3600
    await run_while(MovedClock(url, catch_up), lambda: "3600.0" in outside.seen)
    assert done == [timedelta(), HOUR], "what is on its way ends first"
    assert outside.seen[0] == "0.0"


async def test_clock_goes_back_as_well(outside: Outside, url: str) -> None:
    periods.run_ahead(10 * HOUR)
    outside.ahead = -3600.5

    async def catch_up() -> None: ...

    await run_while(MovedClock(url, catch_up), lambda: "-3600.5" in outside.seen)
    assert periods.ahead() == -timedelta(hours=1, milliseconds=500)


async def test_chores_that_hang_do_not_stop_the_time(
    outside: Outside, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moved_clock, "SECONDS_TO_WORK_OFF", 0.05)
    outside.ahead = 60
    await run_while(MovedClock(url, asyncio.Event().wait), lambda: "60.0" in outside.seen)


@pytest.mark.parametrize("nonsense", ["5", None, True, [], 1e300, float("nan")])
async def test_nonsense_moves_nothing(outside: Outside, url: str, nonsense: object) -> None:
    outside.ahead = nonsense
    await run_while(MovedClock(url, asyncio.Event().wait), lambda: len(outside.seen) > 2)
    assert periods.ahead() == timedelta()


async def test_clock_that_falls_silent_leaves_the_present_where_it_was(outside: Outside, url: str) -> None:
    periods.run_ahead(HOUR)
    outside.status = 500
    await run_while(MovedClock(url, asyncio.Event().wait), lambda: len(outside.seen) > 2)
    assert periods.ahead() == HOUR


async def test_present_is_set_before_anything_reads_it_or_the_bot_refuses_to_start(
    outside: Outside, url: str
) -> None:
    outside.ahead = 7200
    await set_clock(url)
    assert periods.ahead() == 2 * HOUR
    assert outside.seen == [None]
    outside.status = 404
    with pytest.raises(SettingsError, match="CLOCK_URL: nobody tells the time there"):
        await set_clock(url)


async def test_catching_up_does_each_chore_until_nothing_is_left() -> None:
    left, told = [3], []

    async def count_down() -> int:
        left[0] -= 1
        return left[0]

    async def fail() -> int:
        told.append("failed")
        raise ValueError

    await Clock([Chore("count_down", 60, count_down), Chore("fail", 60, fail)]).catch_up()
    assert (left, told) == ([0], ["failed"])


async def test_chore_that_is_under_way_is_waited_for_and_never_done_twice_at_a_time() -> None:
    begun, at_once, most = 0, 0, 0

    async def slow() -> None:
        nonlocal begun, at_once, most
        begun, at_once = begun + 1, at_once + 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1

    clock = Clock([Chore("slow", 60, slow)])
    running = asyncio.create_task(clock.run())
    await until(lambda: begun == 1)
    await clock.catch_up()
    clock.stop()
    await running
    assert (begun, most) == (2, 1)
