"""For those who run the bot: health probes and metrics."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.domain.errors import StorageError
from bot.listener.address import TrustedProxies, is_loopback
from bot.listener.keys import ADDRESS, HEALTH, METRICS
from bot.listener.metrics import AutopayProbe, OutboxProbe, WebhookProbe

T = TypeVar("T")
SECONDS_TO_ASK = 2

routes = web.RouteTableDef()


@routes.get("/health/live")
async def live(_request: web.Request) -> web.Response:
    """The loop turns; nothing else is promised."""
    return web.json_response({"live": True})


@routes.get("/health/ready")
async def ready(request: web.Request) -> web.Response:
    """What is degraded keeps nobody from paying, so it is told and the work comes here all the same."""
    health = request.app[HEALTH]
    reasons = await health.reasons()
    degraded = [] if reasons else await health.degraded()
    told = {"ready": not reasons, "reasons": reasons, "degraded": degraded}
    return web.json_response(told, status=503 if reasons else 200)


class MetricsPage:
    """Told to whoever has the token; without a token set, to loopback and trusted networks."""

    def __init__(
        self,
        proxies: TrustedProxies,
        token: str,
        outbox: OutboxProbe | None,
        webhooks: WebhookProbe | None = None,
        autopays: AutopayProbe | None = None,
    ) -> None:
        self._proxies = proxies
        self._token = token.encode()
        self._outbox = outbox
        self._webhooks = webhooks
        self._autopays = autopays

    async def __call__(self, request: web.Request) -> web.Response:
        if not self._may_read(request):
            raise web.HTTPForbidden
        metrics = request.app[METRICS]
        if self._outbox is not None:
            metrics.outbox(await _asked(self._outbox))
        if self._webhooks is not None:
            metrics.webhooks(await _asked(self._webhooks))
        if self._autopays is not None:
            metrics.autopays(await _asked(self._autopays))
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _may_read(self, request: web.Request) -> bool:
        if self._token:
            claimed = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return hmac.compare_digest(claimed.encode(errors="replace"), self._token)
        if "X-Forwarded-For" in request.headers and not self._proxies.trusts(request.remote or ""):
            return False  # a proxy nobody told us to trust: all the world would look like loopback
        address = request[ADDRESS]
        return is_loopback(address) or self._proxies.trusts(address)


async def _asked(probe: Callable[[], Awaitable[Iterable[T]]]) -> Iterable[T]:
    """What it knows; nothing while the books are busy."""
    try:
        async with asyncio.timeout(SECONDS_TO_ASK):
            return await probe()
    except (StorageError, TimeoutError):
        return []
