"""Networks of terminals and wallets call here: check and pay by a payment code. The service decides."""

from __future__ import annotations

from aiohttp import web

from bot.domain.events import Callback
from bot.listener.keys import ADDRESS, METRICS, TERMINALS
from bot.listener.limits import read_body
from bot.services.terminals import TerminalReply

SECONDS_FOR_BODY = 10

PATH = "/terminal/{network:[a-z0-9_]{1,32}}/{secret:[A-Za-z0-9_-]{1,128}}"

routes = web.RouteTableDef()


# The one GET here that changes things: so the protocol says, and nobody but the network knows its address.
@routes.get(PATH, allow_head=False)
@routes.post(PATH)
async def receive(request: web.Request) -> web.Response:
    """Whatever is said, it is said with 200: a network takes any other status for silence."""
    result, network = "trouble", request.match_info["network"]
    try:
        reply = await _receive(network, request)
        result, network = reply.result, reply.network or "unknown"  # strangers must not make up labels
    except web.HTTPException:
        result, network = "unreadable", "unknown"
        raise
    finally:
        request.app[METRICS].callback(network, result)
    if reply.is_stranger:
        raise web.HTTPForbidden
    return web.Response(body=reply.body, content_type="text/xml", charset="utf-8")


async def _receive(network: str, request: web.Request) -> TerminalReply:
    callback = Callback(
        body=await read_body(request, SECONDS_FOR_BODY) if request.method == "POST" else b"",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.rel_url.raw_query_string,
        address=request[ADDRESS],
    )
    return await request.app[TERMINALS].receive(network, request.match_info["secret"], callback)
