"""How much of us a stranger can use up."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from aiohttp import web

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

    def spent(self, name: str) -> bool:
        """True while nothing is left to take."""
        return self._used_until.get(name, 0) - time.monotonic() > 60 - self._interval


async def read_body(request: web.Request, seconds: float) -> bytes:
    """The whole body, bounded in size and time whether or not its length was announced."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise closing(web.HTTPRequestEntityTooLarge(LARGEST_BODY))
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise closing(web.HTTPRequestEntityTooLarge(LARGEST_BODY))
    except TimeoutError:
        raise closing(web.HTTPRequestTimeout()) from None
    except web.RequestPayloadError:
        raise closing(web.HTTPBadRequest()) from None
    return bytes(body)


def closing(answer: web.HTTPException) -> web.HTTPException:
    """End the connection with this answer: what is left of the request is not worth reading."""
    answer.force_close()
    return answer
