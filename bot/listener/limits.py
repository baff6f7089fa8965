"""How much of us a stranger can use up."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web

from bot.domain.errors import NotYours

T = TypeVar("T")

LARGEST_BODY = 64 * 1024


class Allowance:
    """So many a minute for each name, all at once if need be; forgets the least recent of too many names."""

    def __init__(self, per_minute: int, *, names: int = 10_000) -> None:
        self._interval = 60 / per_minute
        self._names = names
        self._used_until: OrderedDict[str, float] = OrderedDict()

    def spend(self, name: str) -> bool:
        """Take one; False when nothing was left to take."""
        now = time.monotonic()
        used_until = max(self._used_until.get(name, now), now)
        if used_until - now > 60 - self._interval:
            return False
        self._used_until[name] = used_until + self._interval
        self._used_until.move_to_end(name)
        while len(self._used_until) > self._names:
            self._used_until.popitem(last=False)
        return True

    def give_back(self, name: str) -> None:
        """Undo one `spend`."""
        if name in self._used_until:
            self._used_until[name] -= self._interval


class Doubted(Exception):
    """Too many wait in the line of those who asked for things that do not exist."""


class OneLine:
    """Who keeps asking for things that do not exist is answered one at a time, in one line for all of them.

    Nobody is refused for sharing an address with such a guesser, as long as that line is short.
    """

    def __init__(self, misses_per_minute: int = 20, longest: int = 10) -> None:
        self._misses = Allowance(misses_per_minute)
        self._longest = longest
        self._waiting = 0
        self._turn = asyncio.Lock()

    async def look(self, name: str, lookup: Callable[[], Awaitable[T]]) -> T:
        """Run `lookup`; NotYours counts as a miss. Raises Doubted when the line is too long."""
        if not self._misses.spend(name):
            return await self._in_line(lookup)
        missed = False
        try:
            return await lookup()
        except NotYours:
            missed = True
            raise
        finally:
            if not missed:
                self._misses.give_back(name)

    async def _in_line(self, lookup: Callable[[], Awaitable[T]]) -> T:
        if self._waiting >= self._longest:
            raise Doubted
        self._waiting += 1
        try:
            async with self._turn:
                return await lookup()
        finally:
            self._waiting -= 1


async def read_body(request: web.Request, seconds: float, largest: int = LARGEST_BODY) -> bytes:
    """The whole body, bounded in size and time whether or not its length was announced."""
    if (request.content_length or 0) > largest:
        raise closing(web.HTTPRequestEntityTooLarge(largest))
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > largest:
                    raise closing(web.HTTPRequestEntityTooLarge(largest))
    except TimeoutError:
        raise closing(web.HTTPRequestTimeout()) from None
    except web.RequestPayloadError:
        raise closing(web.HTTPBadRequest()) from None
    return bytes(body)


def closing(answer: web.HTTPException) -> web.HTTPException:
    """End the connection with this answer: what is left of the request is not worth reading."""
    answer.force_close()
    return answer
