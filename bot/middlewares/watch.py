"""Watchers between us and Telegram: how long updates take, and whether Telegram answers at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramServerError
from aiogram.methods import Response
from aiogram.methods.base import TelegramType
from aiogram.types import TelegramObject, Update


class Timed(BaseMiddleware):
    """`dispatcher.update.outer_middleware(Timed(tell))`: tells each update's kind and its seconds."""

    def __init__(self, tell: Callable[[str, float], None]) -> None:
        self._tell = tell

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        begun = perf_counter()
        try:
            return await handler(event, data)
        finally:
            self._tell(event.event_type if isinstance(event, Update) else "other", perf_counter() - begun)


class Reach(BaseRequestMiddleware):
    """`bot.session.middleware(Reach(…))`: a refusal is an answer too, only silence is not."""

    def __init__(self, answered: Callable[[], None], silent: Callable[[], None]) -> None:
        self._answered = answered
        self._silent = silent

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: Any
    ) -> Response[TelegramType]:
        try:
            answer = await make_request(bot, method)
        except (TelegramNetworkError, TelegramServerError):
            self._silent()
            raise
        except TelegramAPIError:
            self._answered()
            raise
        self._answered()
        return answer
