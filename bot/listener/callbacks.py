"""Callbacks of providers: bytes in, the service's answer out. Nothing of them is logged or believed here."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from bot.domain.errors import ProviderError, StorageError
from bot.domain.events import Callback
from bot.listener.keys import ADDRESS, CALLBACKS, METRICS
from bot.listener.limits import read_body
from bot.services.callbacks import Reply

log = structlog.get_logger(__name__)

SECONDS_FOR_BODY = 10
SECONDS_FOR_ANSWER = 25
"""Longer than asking a provider back may take; a provider that waits in vain comes again."""

routes = web.RouteTableDef()


@routes.get("/callbacks/{provider:[a-z0-9_]{1,32}}", allow_head=False)
@routes.post("/callbacks/{provider:[a-z0-9_]{1,32}}")
async def receive(request: web.Request) -> web.Response:
    """Answer as the service says; whatever goes wrong with us is a 5xx, so that the provider comes again."""
    provider = request.match_info["provider"]
    result = "trouble"
    try:
        reply = await _receive(provider, request)
        result = reply.result
        if reply.status == web.HTTPNotFound.status_code:
            provider = "unknown"  # strangers must not make up labels
    except web.HTTPException:
        result = "unreadable"
        raise
    except (StorageError, ProviderError, TimeoutError) as error:
        log.warning("callback.not_taken", provider=provider, error=type(error).__name__)
        raise web.HTTPServiceUnavailable from error
    finally:
        request.app[METRICS].callback(provider, result)
    return web.Response(status=reply.status, text=reply.body)


async def _receive(provider: str, request: web.Request) -> Reply:
    body = await read_body(request, SECONDS_FOR_BODY)
    callback = Callback(
        body=body,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.rel_url.raw_query_string,
        address=request[ADDRESS],
    )
    async with asyncio.timeout(SECONDS_FOR_ANSWER):
        return await request.app[CALLBACKS].receive(provider, callback)
