"""Who may come in, and how every no is said."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.domain.errors import StorageError
from bot.domain.seller import SellerRefused
from bot.listener.api.problems import problem, problem_of

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

log = structlog.get_logger(__name__)

SECONDS_FOR_ANSWER = 20
OPEN = "open_to_all"
"""Marks a handler that needs no token: it tells nothing but how to ask."""
PATIENT = "patient"
"""Marks a handler whose work is not given up after some seconds."""


def open_to_all(handler: Handler) -> Handler:
    setattr(handler, OPEN, True)
    return handler


def patient(handler: Handler) -> Handler:
    """A whole file takes as long as it takes."""
    setattr(handler, PATIENT, True)
    return handler


def door(token: str) -> Middleware:
    """Build the middleware of the API; without the token not even a path is known to exist."""
    expected = _digest(token.encode())

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not hasattr(request.match_info.handler, OPEN) and not _may_enter(request, expected):
            return _unread(request, problem("unauthorized"))
        try:
            is_patient = hasattr(request.match_info.handler, PATIENT)
            async with asyncio.timeout(None if is_patient else SECONDS_FOR_ANSWER):
                return await handler(request)
        except SellerRefused as refused:
            return problem(refused.problem, refused.detail, refused.faults)
        except web.HTTPException as answered:
            return problem_of(answered)
        except (StorageError, TimeoutError) as error:
            log.warning("api.not_done", error=type(error).__name__)
            return problem("unavailable")

    return guarded


def _may_enter(request: web.Request, expected: bytes) -> bool:
    """Digests are compared, so that neither time nor length tells anything."""
    scheme, _, claimed = request.headers.get("Authorization", "").partition(" ")
    told = _digest(claimed.strip().encode(errors="replace"))
    return scheme.lower() == "bearer" and hmac.compare_digest(told, expected)


def _unread(request: web.Request, answer: web.Response) -> web.Response:
    """What a stranger sends is not worth reading to its end."""
    if request.can_read_body:
        answer.force_close()
    return answer


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
