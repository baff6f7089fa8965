"""The endpoint that the bot's webhooks come to."""

import asyncio
import socket
import struct

from aiohttp import web

from sandbox.seller.keys import FAULTS, POST
from sandbox.seller.mishaps import DOWN, GONE, LOST, TROUBLE

RESET_AT_ONCE = struct.pack("ii", 1, 0)


def hook_routes() -> list[web.AbstractRouteDef]:
    return [web.post("/kassir", hear), web.route("*", "/foreign", hear_foreign)]


async def hear(request: web.Request) -> web.Response:
    """Prove it, have the kind of day it is, then do what it says."""
    fault = request.app[FAULTS]["webhooks"]
    if fault.value == DOWN:
        return _cut(request)
    post = request.app[POST]
    letter = post.open(await request.read(), dict(request.headers))
    if letter is None:
        return web.Response(status=401)
    if fault.value in (TROUBLE, GONE):
        letter.answers.append(fault.value)
        return web.Response(status=int(fault.value))
    if fault.value.startswith("after"):
        await asyncio.sleep(fault.number)
    post.take(letter)
    letter.answers.append("–" if fault.value == LOST else "200")
    return _cut(request) if fault.value == LOST else web.Response()


async def hear_foreign(request: web.Request) -> web.Response:
    """What the bot handed on: a sale of the same shop that is none of its own."""
    told = {
        "provider": request.headers.get("X-Kassir-Forwarded", ""),
        "query": request.query_string,
        "body": (await request.read()).decode(errors="replace"),
    }
    request.app[POST].hand_in(request.headers.get("X-Kassir-Delivery", ""), told)
    return web.Response()


def _cut(request: web.Request) -> web.Response:
    """Break the connection under the bot; the response is for the framework only and never leaves."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        request.transport.abort()
    return web.Response(status=499)
