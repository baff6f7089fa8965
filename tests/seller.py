"""A seller's endpoint for tests: it listens on this machine, proves signatures and answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook

SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cy0zMi1ieXRlcy1sb25nIQ=="
OLD_SECRET = "whsec_" + "YW4tb2xkZXItc2VjcmV0LW9mLXRoZS10ZXN0cy0zMmJ5dGU="

Answer = Callable[[], Awaitable[web.Response]]


@dataclass
class Seller:
    """What it heard, in order; `answers` are used up one by one, then it is well again."""

    url: str = ""
    secret: str = SECRET
    heard: list[dict[str, Any]] = field(default_factory=list)
    raw: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    slow: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers, _ in self.raw]

    async def hears(self, count: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(30):
            while len(self.raw) < count:
                self.news.clear()
                await self.news.wait()

    async def _listen(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.raw.append((f"{request.method} {request.rel_url}", headers, body))
        if "webhook-signature" in headers:
            Webhook(self.secret).verify(body, headers)
            self.heard.append(json.loads(body))
        self.news.set()
        if self.slow:
            await asyncio.sleep(self.slow)
        return await self.answers.pop(0)() if self.answers else web.Response()


def says(status: int, **headers: str) -> Answer:
    async def answer() -> web.Response:
        return web.Response(
            status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    return answer


@asynccontextmanager
async def listening_seller() -> AsyncIterator[Seller]:
    seller = Seller()
    app = web.Application()
    app.router.add_route("*", "/hook", seller._listen)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        seller.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        yield seller
    finally:
        await runner.cleanup()
