"""Our own long polling: aiogram's tells Telegram that it has an update before anybody has dealt with it."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.methods import TelegramMethod

from bot.workers.feed import Feed, RawUpdate

POLL_SECONDS = 30
SLOWEST_RETRY = 30.0
DRAIN_SECONDS = 6.0

log = structlog.get_logger(__name__)


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """Updates as they came: one that cannot be read must not keep the others from us."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    limit: int | None = None
    allowed_updates: list[str] | None = None


class Polling:
    """`run` until `stop`; an offset moves only when what lies before it is ours."""

    def __init__(self, bot: Bot, feed: Feed, allowed_updates: list[str]) -> None:
        self._bot = bot
        self._feed = feed
        self._allowed_updates = allowed_updates
        self._offset: int | None = None
        self._failures = 0
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                updates = await self._poll()
                await self._feed.accept(updates)
                self._offset = updates[-1]["update_id"] + 1 if updates else self._offset or 0
                self._failures = 0
            except Exception as error:  # noqa: BLE001 (a worker's loop)
                await self._pause(self._trouble(error))
        await self._feed.drain(DRAIN_SECONDS)
        await self._confirm()

    async def _poll(self) -> list[RawUpdate]:
        """Wait for news; on a stop give the request up, for what it would bring comes again."""
        request = asyncio.create_task(self._ask())
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((request, stop), return_when=asyncio.FIRST_COMPLETED)
            return await request if request.done() else []
        finally:
            request.cancel()
            stop.cancel()
            await asyncio.gather(request, stop, return_exceptions=True)

    async def _ask(self) -> list[RawUpdate]:
        if self._offset is None:
            await self._bot.delete_webhook()
        ask = GetRawUpdates(offset=self._offset, timeout=POLL_SECONDS, allowed_updates=self._allowed_updates)
        return await self._bot(ask, request_timeout=POLL_SECONDS + 15)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _confirm(self) -> None:
        """Tell Telegram on leaving what was dealt with, so that the next start does not hear it again."""
        if not self._offset:
            return
        try:
            ask = GetRawUpdates(offset=self._offset, timeout=0, limit=1)
            await self._bot(ask, request_timeout=2)
        except Exception as error:  # noqa: BLE001 (it is only a courtesy)
            log.info("telegram.updates_not_confirmed", error=type(error).__name__)

    def _trouble(self, error: Exception) -> float:
        """Say what it is and how to mend it; answers for how long to wait."""
        self._failures += 1
        match error:
            case TelegramRetryAfter(retry_after=seconds):
                return float(seconds)
            case TelegramConflictError():
                log.error("telegram.second_poller", mend="another bot polls with this token: stop it")
            case TelegramUnauthorizedError():
                log.error("telegram.token_refused", mend="BOT_TOKEN is not valid any more: ask BotFather")
            case _:
                log.warning(
                    "telegram.updates_not_fetched", error=type(error).__name__, failures=self._failures
                )
        return min(SLOWEST_RETRY, 2.0 ** min(self._failures - 1, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 (a jitter)
