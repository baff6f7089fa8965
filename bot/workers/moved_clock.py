"""A present that is told from outside: the sandbox skips days and months, and the bot lives through them.

CLOCK_URL answers `{"ahead": seconds}` to `?seen=seconds`, which says up to where everything is worked off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import structlog

from bot.domain import periods
from bot.domain.errors import SettingsError

POLL_SECONDS = 0.5
SECONDS_TO_ANSWER = 5
SECONDS_TO_WORK_OFF = 20
"""A provider that hangs must not stop the time for all."""

CatchUp = Callable[[], Awaitable[object]]

log = structlog.get_logger(__name__)


class MovedClock:
    """What was due between two of its moments is worked off before it asks for the next one."""

    def __init__(self, url: str, catch_up: CatchUp) -> None:
        self._url = url
        self._catch_up = catch_up
        self._caught_up = False
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`; a clock that does not answer leaves the present where it is."""
        log.warning("clock.moved_from_outside", url=self._url, ahead_seconds=periods.ahead().total_seconds())
        timeout = aiohttp.ClientTimeout(SECONDS_TO_ANSWER)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while not self._stopping.is_set():
                if not await self._follow(http):
                    await self._pause()

    async def _follow(self, http: aiohttp.ClientSession) -> bool:
        """Whether the present was moved, and there may be more of it at once."""
        ahead = await self._told(http)
        if ahead is None or ahead == periods.ahead():
            self._caught_up = False
            return False
        if not self._caught_up:  # what is on its way must not find its lease over, and leave once more
            await self._work_off()
        periods.run_ahead(ahead)
        await self._work_off()
        self._caught_up = True
        return True

    async def _work_off(self) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_WORK_OFF):
                await self._catch_up()
        except TimeoutError:
            log.warning("clock.not_worked_off", ahead_seconds=periods.ahead().total_seconds())

    async def _told(self, http: aiohttp.ClientSession) -> timedelta | None:
        try:
            return await _ask(http, self._url, seen=periods.ahead())
        except (aiohttp.ClientError, TimeoutError, ValueError) as trouble:
            log.warning("clock.silent", why=type(trouble).__name__)
            return None

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._stopping.wait()
        except TimeoutError:
            return


async def set_clock(url: str) -> None:
    """Move the present before anything reads it; SettingsError where nobody says what it is."""
    timeout = aiohttp.ClientTimeout(SECONDS_TO_ANSWER)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http:
            periods.run_ahead(await _ask(http, url))
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise SettingsError("CLOCK_URL: nobody tells the time there: take it out") from None


async def _ask(http: aiohttp.ClientSession, url: str, seen: timedelta | None = None) -> timedelta:
    """ValueError for what is no such answer."""
    query = {} if seen is None else {"seen": str(seen.total_seconds())}
    async with http.get(url, params=query) as answer:
        answer.raise_for_status()
        told = await answer.json(content_type=None)
    ahead = told.get("ahead") if isinstance(told, dict) else None
    if isinstance(ahead, bool) or not isinstance(ahead, int | float):
        raise ValueError("no number")
    try:
        return timedelta(seconds=ahead)
    except OverflowError:
        raise ValueError("too far") from None
