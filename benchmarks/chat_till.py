"""The till with the chat beside it: updates come in by Telegram's webhook, as in the running bot."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import AnswerPreCheckoutQuery, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import web

from benchmarks.providers import SECRET
from benchmarks.taps import open_chat, tap
from benchmarks.till import Till, listener_app, serve, standing
from bot.i18n import choose_default
from bot.services.inbox import InboxService
from bot.workers.feed import Feed
from bot.workers.telegram_webhook import telegram_webhook

SECONDS_TO_BOOK = 600.0


class Checkouts(BaseRequestMiddleware):
    """Hands Telegram's questions before a payment in, and waits until Telegram has the answer."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._asked: dict[str, asyncio.Future[bool]] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        result = await make_request(bot, method)
        if isinstance(method, AnswerPreCheckoutQuery):
            self._asked.pop(method.pre_checkout_query_id).set_result(method.ok)
        return result

    async def ask(self, request: web.Request) -> web.Response:
        update = json.loads(await request.read())
        answered = self._asked[update["pre_checkout_query"]["id"]] = asyncio.Future()
        await self._feed.accept([update])
        return web.Response(status=200 if await answered else 409)


@asynccontextmanager
async def with_chat(till: Till, folder: Path) -> AsyncIterator[web.Application]:
    """The till's doors and Telegram's: `/bench/checkout` answers when Telegram would have the answer."""
    async with open_chat(till, folder) as (dispatcher, bot):
        feed = Feed(bot, dispatcher, InboxService(till.database))
        checkouts = Checkouts(feed)
        bot.session.middleware(checkouts)

        async def tapped(request: web.Request) -> web.Response:
            await dispatcher.feed_update(bot, tap(int(request.query["number"])))
            return web.Response(text="OK")

        async def booked(_request: web.Request) -> web.Response:
            """Answers once nothing is being handled any more."""
            await feed.drain(SECONDS_TO_BOOK)
            return web.json_response({})

        app = listener_app(till)
        app.router.add_post("/telegram", telegram_webhook(feed, SECRET))
        app.router.add_post("/bench/checkout", checkouts.ask)
        app.router.add_post("/bench/tap", tapped)
        app.router.add_get("/bench/booked", booked)
        yield app


async def main(wishes: dict[str, Any]) -> None:
    choose_default("ru")
    async with standing(wishes) as till, with_chat(till, Path(wishes["folder"])) as app:
        await serve(app)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
