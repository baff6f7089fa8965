"""What every request passes: its number, whose it is, how it ends in trouble of ours, one line in the log."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.domain.errors import StorageError
from bot.listener.address import TrustedProxies
from bot.listener.keys import ADDRESS, METRICS, REQUEST_ID
from bot.listener.limits import Allowance

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

log = structlog.get_logger(__name__)

QUIET_ROUTES = {"/health/live", "/health/ready", "/metrics"}

HEADERS = {
    "Server": "kassir",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every answer says unless it says otherwise itself; `Server` never names a version."""


def guard(proxies: TrustedProxies) -> Middleware:
    """Build the outermost middleware; the paths it sees hold tokens, so it names routes alone."""
    refusals = Allowance(300, names=100)
    process, numbers = secrets.token_hex(4), itertools.count(1)

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        forwarded = request.headers.getall("X-Forwarded-For", [])
        request[ADDRESS] = proxies.client(request.remote or "", forwarded)
        request[REQUEST_ID] = number = f"{process}-{next(numbers)}"
        structlog.contextvars.bind_contextvars(request=number)
        status = 500
        try:
            answer = await handler(request)
            status = answer.status
        except web.HTTPException as answered:
            status = answered.status
            raise
        except StorageError as error:
            status = 503
            raise web.HTTPServiceUnavailable from error
        else:
            return answer
        finally:
            route, seconds = route_of(request), time.perf_counter() - started
            request.app[METRICS].request(route, status, seconds)
            if status < 400 or status >= 500 or refusals.spend(route):
                _tell(request.method, route, status, seconds)

    return guarded


def route_of(request: web.Request) -> str:
    """The pattern that matched, never the path: that one holds a token."""
    resource = request.match_info.route.resource
    return "none" if resource is None else resource.canonical


async def add_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Harden every answer as it leaves; what a page set for itself stays."""
    answer.headers["Server"] = HEADERS["Server"]
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers["X-Request-Id"] = request.get(REQUEST_ID, "")


def _tell(method: str, route: str, status: int, seconds: float) -> None:
    write = log.debug if route in QUIET_ROUTES else log.info
    write("request.answered", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
