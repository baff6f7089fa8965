"""How updates of Telegram come in: we ask for them, or where the settings say so it calls us."""

from __future__ import annotations

import asyncio
from typing import Literal

import structlog
from aiogram.exceptions import TelegramAPIError
from aiohttp import web

from bot.app.chat import Chat
from bot.config import Settings
from bot.services.inbox import InboxService
from bot.storage.database import Database
from bot.workers.feed import Feed
from bot.workers.telegram_webhook import set_webhook, telegram_webhook
from bot.workers.updates import DRAIN_SECONDS, Polling

SECONDS_TO_TRY_AGAIN = 10

log = structlog.get_logger(__name__)


class TelegramDoor:
    """Mount it before the listener starts; between `open` and `close` updates reach the dispatcher."""

    def __init__(self, chat: Chat, database: Database, settings: Settings) -> None:
        self._bot = chat.bot
        self._url = settings.telegram_webhook_url
        secret = settings.telegram_webhook_secret
        self._secret = secret.get_secret_value() if secret else ""
        self._allowed_updates = chat.dispatcher.resolve_used_update_types()
        self._feed = Feed(chat.bot, chat.dispatcher, InboxService(database))
        self._polling = Polling(chat.bot, self._feed, self._allowed_updates)
        self._replaying: asyncio.Task[None] | None = None
        self._coming_in: asyncio.Task[None] | None = None

    @property
    def way(self) -> Literal["webhook", "polling"]:
        return "webhook" if self._url else "polling"

    def mount(self, app: web.Application) -> None:
        if self._url:
            app.router.add_post("/telegram", telegram_webhook(self._feed, self._secret))

    def open(self) -> None:
        self._replaying = asyncio.create_task(self._feed.replay_forever())
        self._coming_in = asyncio.create_task(self._announce(self._url) if self._url else self._polling.run())

    async def close(self) -> None:
        """Take nothing new, and let the answers being given come to their end."""
        self._polling.stop()
        if self._replaying is not None and self._coming_in is not None:
            self._replaying.cancel()
            if self._url:
                self._coming_in.cancel()
            await asyncio.gather(self._replaying, self._coming_in, return_exceptions=True)
        await self._feed.drain(DRAIN_SECONDS)

    async def _announce(self, url: str) -> None:
        """Tell Telegram where to call us, until it has heard."""
        while True:
            try:
                await set_webhook(self._bot, url, self._secret, self._allowed_updates)
            except TelegramAPIError as trouble:
                log.warning("telegram.webhook_not_set", why=type(trouble).__name__)
                await asyncio.sleep(SECONDS_TO_TRY_AGAIN)
            else:
                return
