"""Telegram's other way of telling: it calls us. `app/` mounts the handler at POST /telegram."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable

import structlog
from aiogram import Bot
from aiohttp import web

from bot.domain.errors import StorageError
from bot.workers.feed import Feed, RawUpdate

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)
LARGEST_UPDATE = 1024 * 1024
SECONDS_FOR_BODY = 10

log = structlog.get_logger(__name__)


def telegram_webhook(feed: Feed, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that answers 200 once the update is ours; only the secret tells Telegram from others."""
    if not secret:
        raise ValueError("a webhook without a secret believes anybody")
    expected = secret.encode()

    async def receive(request: web.Request) -> web.Response:
        claimed = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(claimed, expected):
            raise web.HTTPForbidden
        update = _read(await _body(request))
        try:
            await feed.accept([update])
        except StorageError as error:
            log.warning("update.not_taken", error=type(error).__name__)
            raise web.HTTPServiceUnavailable from error
        return web.Response()

    return receive


async def set_webhook(bot: Bot, url: str, secret: str, allowed_updates: list[str]) -> None:
    """`allowed_updates` are the dispatcher's: what is not asked for, payments too, never comes."""
    await bot.set_webhook(url, secret_token=secret, allowed_updates=allowed_updates, max_connections=40)


async def _body(request: web.Request) -> bytes:
    """No more than an update can be, however long it claims to be and however slowly it comes."""
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            async for piece in request.content.iter_chunked(64 * 1024):
                body += piece
                if len(body) > LARGEST_UPDATE:
                    raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_UPDATE, actual_size=len(body))
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    return bytes(body)


def _read(body: bytes) -> RawUpdate:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise web.HTTPBadRequest
    return update
