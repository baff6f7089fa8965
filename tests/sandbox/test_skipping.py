"""Skipping time: hour by hour while a bot lives by it, at once where none does, and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import time_machine
from playwright.async_api import Browser, Page, expect

from sandbox import clock
from sandbox.clock import StreetClock
from sandbox.clock_driver import StreetTime
from sandbox.driver_session import RefusedError
from tests.browser import PHONE

HOUR = 3600


@pytest.fixture(autouse=True)
def real_time_again() -> Iterator[None]:
    clock.STREET.begin()
    yield
    clock.STREET.begin()


@pytest.fixture
async def time(server: str) -> AsyncIterator[StreetTime]:
    async with StreetTime(server) as time:
        yield time


class Follower:
    """A bot that lives by the clock, and notes each moment it was told."""

    def __init__(self, server: str) -> None:
        self.url = f"{server}/clock"
        self.moments: list[float] = []

    async def follow(self) -> None:
        async with aiohttp.ClientSession() as http:
            query: dict[str, str] = {}
            while True:
                async with http.get(self.url, params=query) as answer:
                    ahead = (await answer.json())["ahead"]
                if not self.moments or self.moments[-1] != ahead:
                    self.moments.append(ahead)
                query = {"seen": str(ahead)}


@pytest.fixture
async def follower(server: str) -> AsyncIterator[Follower]:
    follower = Follower(server)
    following = asyncio.create_task(follower.follow())
    while not follower.moments:
        await asyncio.sleep(0)
    yield follower
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


async def test_nobody_lives_by_it_and_a_month_is_gone_at_once(time: StreetTime) -> None:
    before = await time.now()
    assert (await time.skip(months=1) - before).days in (28, 29, 30, 31)


async def test_bot_sees_every_hour_of_a_skipped_day(time: StreetTime, follower: Follower) -> None:
    await time.skip(days=1)
    assert follower.moments == [hours * HOUR for hours in range(25)]


async def test_skips_add_up_on_the_way(time: StreetTime, follower: Follower) -> None:
    await asyncio.gather(time.skip(hours=5), time.skip(hours=5))
    assert follower.moments[-1] == 10 * HOUR


async def test_back_is_one_step_and_below_the_real_time_too(time: StreetTime, follower: Follower) -> None:
    await time.skip(days=-1)
    assert follower.moments == [0, -24 * HOUR]


async def test_bot_that_is_busy_is_waited_for(time: StreetTime, server: str) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{server}/clock", params={"seen": "0"}):
            skipping = asyncio.create_task(time.skip(hours=3))
        while not clock.STREET.ahead:
            await asyncio.sleep(0.01)
        shown = await time.get("/time")
        assert (shown["ahead"], shown["left"], shown["waits"]) == (HOUR, 2 * HOUR, True)
        for seen in (1, 2, 3):
            async with http.get(f"{server}/clock", params={"seen": str(seen * HOUR)}):
                pass
        await skipping


async def test_month_is_the_same_day_of_the_next_one_or_its_last(time: StreetTime) -> None:
    with time_machine.travel(datetime(2027, 1, 31, 12, tzinfo=UTC), tick=False):
        assert (await time.skip(months=1)).date().isoformat() == "2027-02-28"
        assert (await time.skip(months=-1)).date().isoformat() == "2027-01-28"


@pytest.mark.parametrize(
    "asked", [{"days": "1"}, {"days": 1.5}, {"months": True}, {"days": 10**12}, {"days": None}]
)
async def test_nonsense_is_refused(time: StreetTime, asked: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match="whole numbers"):
        await time.post("/time", asked)


def test_the_day_that_was_reached_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "clock"
    first, second = StreetClock(), StreetClock()
    first.begin(kept)
    first.move(timedelta(days=31))
    second.begin(kept)
    assert second.ahead == timedelta(days=31)


async def panel(browser: Browser, server: str) -> Page:
    context = await browser.new_context(viewport=PHONE, color_scheme="dark")
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    await page.goto(server)
    return page


async def test_time_is_skipped_by_keyboard_on_a_telephone(browser: Browser, server: str) -> None:
    page = await panel(browser, server)
    toggle = page.get_by_role("button", name="The time here is")
    await toggle.focus()
    await page.keyboard.press("Enter")
    month = page.get_by_role("button", name="+1 month")
    await month.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator("progress")).to_be_hidden()
    assert clock.STREET.ahead >= timedelta(days=35)
    shown = await toggle.locator("time").get_attribute("datetime")
    assert shown is not None
    assert abs(datetime.fromisoformat(shown) - clock.now()) < timedelta(minutes=1)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("region", name="Time")).to_be_hidden()
    await expect(toggle).to_be_focused()
