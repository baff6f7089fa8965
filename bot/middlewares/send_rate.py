"""Every Bot API call that sends something waits for its turn here, whoever makes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, SendChatAction, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.domain.states import Lane
from bot.middlewares.turns import ChatId, Turns, is_group

TAP_PATIENCE = 30.0
"""A reply to a tap is worth waiting for that long; then the handler hears of the refusal."""

NOTICE_PATIENCE = 5.0
"""A notice waits in the outbox, not here, when Telegram wants to hear nothing for longer."""

_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.TAPS)


@contextmanager
def in_lane(lane: Lane) -> Iterator[None]:
    """What is sent inside waits in this lane; anything else is taken for a reply to a tap."""
    token = _lane.set(lane)
    try:
        yield
    finally:
        _lane.reset(token)


class SendRate(BaseRequestMiddleware):
    """`bot.session.middleware(SendRate())`; a 429 moves back whom it concerns, and taps are tried again.

    Raises TelegramRetryAfter without a call where Telegram has asked for a longer silence than is bearable.
    """

    def __init__(self, turns: Turns | None = None) -> None:
        self._turns = turns or Turns()

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if not _sends(type(method)):
            return await make_request(bot, method)
        lane = _lane.get()
        chat_id: ChatId = getattr(method, "chat_id", None)
        counts = is_group(chat_id) or not _edits(type(method))
        clock = asyncio.get_running_loop().time
        deadline = clock() + (TAP_PATIENCE if lane is Lane.TAPS else NOTICE_PATIENCE)
        while True:
            self._refuse_if_hopeless(method, chat_id, deadline - clock())
            await self._turns.turn(chat_id, lane, counts=counts)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as refusal:
                self._turns.refused(chat_id, refusal.retry_after)
                if lane is not Lane.TAPS:
                    raise

    def _refuse_if_hopeless(self, method: TelegramMethod[Any], chat_id: ChatId, patience: float) -> None:
        silence = self._turns.held_for(chat_id)
        if silence > max(patience, 0.0):
            message = "Telegram asked for silence"
            raise TelegramRetryAfter(method=method, message=message, retry_after=int(silence) + 1)


@cache
def _sends(method: type[TelegramMethod[Any]]) -> bool:
    """Reads, answers to taps and "typing…" are not limited."""
    if method is SendChatAction:
        return False
    return method.__api_method__.startswith(("send", "copyMessage", "forwardMessage")) or _edits(method)


@cache
def _edits(method: type[TelegramMethod[Any]]) -> bool:
    """In a private chat an edit counts over all, but not as one of its messages: it makes no sound."""
    return method.__api_method__.startswith(("editMessage", "stopPoll"))
