"""The API's bad days: what the fault switch makes of a request."""

import asyncio
import socket
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.yookassa.errors import Refused, error_answer
from sandbox.yookassa.keys import ARRIVALS, FAULTS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOST = "acted, answer lost"
CALLER_GONE = 499
RESET_AT_ONCE = struct.pack("ii", 1, 0)
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def yookassa_faults() -> Faults:
    return Faults(
        api=Fault("API", ("ok", "500", "429", "502 page", "hang", "reset", "slow 2000 ms", LOST)),
        notifications=Fault("Notifications", ("normal", "off", "duplicate", "late 10 s", "out of order")),
        refund=Fault("A refund ends", ("succeeded", "pending", "canceled")),
        receipt=Fault("A receipt's registration ends", ("succeeded", "pending", "canceled")),
        saving=Fault("Saving cards and charging them", ("allowed", "forbidden")),
        rate=Fault("Calls that the API takes", ("any number", "50 a second")),
    )


@web.middleware
async def in_pace(request: web.Request, handler: Handler) -> web.StreamResponse:
    if _are_too_many(request.config_dict[ARRIVALS], request.config_dict[FAULTS]["rate"].number):
        return error_answer(Refused(429, "Too many requests"))
    return await handler(request)


@web.middleware
async def with_mishaps(request: web.Request, handler: Handler) -> web.StreamResponse:
    fault = request.config_dict[FAULTS]["api"]
    match fault.value.split()[0]:
        case "500":
            return error_answer(Refused(500, "Internal server error"))
        case "429":
            return error_answer(Refused(429, "Too many requests"))
        case "502":
            return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
        case "hang":
            await until_the_caller_leaves(request)
            return web.Response(status=CALLER_GONE)
        case "slow":
            await asyncio.sleep(fault.number / 1000)
        case "reset":
            return reset(request)
    answer = await handler(request)
    return reset(request) if fault.value == LOST and request.method == "POST" else answer


def _are_too_many(arrivals: deque[float], most: int) -> bool:
    """Whether so many calls were let in during the last second; those sent away are not counted."""
    moment = time.monotonic()
    while arrivals and arrivals[0] <= moment - 1:
        arrivals.popleft()
    if most and len(arrivals) >= most:
        return True
    arrivals.append(moment)
    return False


async def until_the_caller_leaves(request: web.Request) -> None:
    """The framework tells of a caller who hung up by this flag alone."""
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 (nobody tells of a hang-up)
        await asyncio.sleep(0.1)


def reset(request: web.Request) -> web.Response:
    """Cut the connection under the caller; the response is for the framework only and never leaves."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        request.transport.abort()
    return web.Response(status=CALLER_GONE)
