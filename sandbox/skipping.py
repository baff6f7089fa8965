"""Skipping time: the street goes ahead by hours, each as soon as the bot has done what was due in it.

GET  /clock?seen=SECONDS   the bot: how far ahead is it? I have done all that was due up to there
GET  /time                 {"now", "ahead", "left", "waits"}: seconds, those still to skip among them
POST /time                 {"hours", "days", "months"}, whole, also below zero; with "wait" answered there
"""

from __future__ import annotations

import asyncio
import calendar
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox import clock
from sandbox.telegram.signals import Signal

STEP = timedelta(hours=1)
HOLD = 0.4
"""A question is answered at once when there is news, else after so many seconds."""

PATIENCE = 30.0
"""Longer nobody waits for a bot: it is off, and will find later what it has missed."""

FARTHEST = timedelta(days=3660)


class Skipping:
    def __init__(self) -> None:
        self.goal = clock.STREET.ahead
        self._seen: timedelta | None = None
        self._follows_until = 0.0
        self._changed = Signal()
        self._walking: asyncio.Task[None] | None = None

    async def tell(self, seen: timedelta | None) -> timedelta:
        """Note up to where the bot has done everything; the answer waits a little for news."""
        self._seen = seen
        self._follows_until = asyncio.get_running_loop().time() + PATIENCE
        self._changed.fire()
        if seen is not None:
            await self._changed.wait_until(lambda: clock.STREET.ahead != seen, HOLD)
        return clock.STREET.ahead

    def skip(self, by: timedelta) -> None:
        """Begin to go there; more may be added on the way. Back is one step, and ends what is under way."""
        if by < timedelta():
            self.goal = clock.STREET.ahead + by
        else:
            self.goal = min(self.goal + by, FARTHEST)
        self._changed.fire()
        if self._walking is None or self._walking.done():
            self._walking = asyncio.create_task(self._walk())

    async def arrive(self) -> None:
        if self._walking is not None:
            await self._walking

    @property
    def left(self) -> timedelta:
        return self.goal - clock.STREET.ahead

    @property
    def waits(self) -> bool:
        """Whether the bot has yet to do what is due by now."""
        return self._is_followed and self._seen != clock.STREET.ahead

    async def close(self) -> None:
        self._changed.close()
        if self._walking is not None:
            self._walking.cancel()
            with suppress(asyncio.CancelledError):
                await self._walking

    @property
    def _is_followed(self) -> bool:
        return asyncio.get_running_loop().time() < self._follows_until

    async def _walk(self) -> None:
        await self._bot_is_done()
        while self.left:
            clock.STREET.move(clock.STREET.ahead + min(self.left, STEP))
            self._changed.fire()
            await self._bot_is_done()

    async def _bot_is_done(self) -> None:
        if self._is_followed:
            await self._changed.wait_until(lambda: self._seen == clock.STREET.ahead, PATIENCE)


SKIPPING = web.AppKey("skipping", Skipping)


def add_clock(app: web.Application) -> None:
    app[SKIPPING] = Skipping()
    app.add_routes([web.get("/clock", tell_bot), web.get("/time", show_time), web.post("/time", skip_time)])
    app.cleanup_ctx.append(_closed_in_the_end)


async def tell_bot(request: web.Request) -> web.Response:
    seen = request.query.get("seen")
    try:
        known = None if seen is None else timedelta(seconds=float(seen))
    except (ValueError, OverflowError):
        return _refused("seen is a number of seconds")
    ahead = await request.app[SKIPPING].tell(known)
    return web.json_response({"ahead": ahead.total_seconds()})


async def show_time(request: web.Request) -> web.Response:
    return web.json_response(_shown(request.app[SKIPPING]))


async def skip_time(request: web.Request) -> web.Response:
    asked = await request.json() if request.can_read_body else {}
    skipping = request.app[SKIPPING]
    try:
        by = _asked(asked, clock.now() + skipping.left)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return _refused("send whole numbers: hours, days, months")
    skipping.skip(by)
    if asked.get("wait"):
        await skipping.arrive()
    return web.json_response(_shown(skipping))


def _asked(asked: dict[str, Any], start: datetime) -> timedelta:
    """A month is the next one's same day, or its last."""
    hours, days, months = (asked.get(name, 0) for name in ("hours", "days", "months"))
    if not all(type(number) is int for number in (hours, days, months)):
        raise ValueError
    return _months_later(start, months) - start + timedelta(days=days, hours=hours)


def _months_later(start: datetime, months: int) -> datetime:
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month0 + 1)[1])
    return start.replace(year=year, month=month0 + 1, day=day)


def _shown(skipping: Skipping) -> dict[str, object]:
    return {
        "now": clock.stamp(clock.now()),
        "ahead": clock.STREET.ahead.total_seconds(),
        "left": skipping.left.total_seconds(),
        "waits": skipping.waits,
    }


def _refused(why: str) -> web.Response:
    return web.json_response({"error": why}, status=400)


async def _closed_in_the_end(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[SKIPPING].close()
