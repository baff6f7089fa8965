"""One notice on its way to Telegram, and what each answer of Telegram means for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import timedelta

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.methods import EditMessageReplyMarkup, EditMessageText
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions

from bot.domain import periods
from bot.domain.desk import Card
from bot.domain.group_trouble import trouble_in
from bot.domain.notices import Dead, Later, Notice, Outcome, Sent
from bot.domain.states import Lane
from bot.middlewares.send_rate import in_lane
from bot.notices.outcomes import card_face
from bot.notices.registry import Rendered, life_of, render
from bot.services.group_health import GroupHealthService
from bot.services.notice_threads import Thread, belongs_below
from bot.services.outbox import OutboxService
from bot.workers.posting import Posting, Press

SLOWEST_RETRY = 60.0
DISARM_SECONDS = 5
SEND_SECONDS = 90.0
"""Making files and waiting for a turn included: given up well before the lease ends, or it is sent twice."""

log = structlog.get_logger(__name__)


class Delivery:
    """Sends notices with this bot; `speak` sets the language a notice is written in, as a context."""

    def __init__(
        self,
        bot: Bot,
        outbox: OutboxService,
        *,
        speak: Callable[[str], AbstractContextManager[object]],
        operators_language: str,
        topics: Mapping[str, int] | None = None,
        press: Press | None = None,
        health: GroupHealthService | None = None,
        quiet: Callable[[], bool] = lambda: False,
    ) -> None:
        self._bot = bot
        self._posting = Posting(bot, press, self._topic_lost)
        self._health = health
        self._quiet = quiet
        self._outbox = outbox
        self._speak = speak
        self._operators_language = operators_language
        self._topics = topics or {}

    async def deliver(self, notice: Notice) -> Outcome:
        """Try once. A broken connection leaves the outcome unknown, so it is sent again: at least once."""
        if not notice.reachable and notice.lane is Lane.REMINDERS:
            return Dead(notice, "the customer takes no messages", unreachable=True)
        try:
            rendered = self._write(notice)
        except Exception:  # a notice that cannot be written must not hold up the others
            log.exception("notice.not_written", notice_id=notice.id, kind=notice.kind)
            return Dead(notice, "it could not be written")
        return await self._try(notice, rendered)

    async def _try(self, notice: Notice, rendered: Rendered) -> Outcome:
        try:
            return await self._send(notice, rendered)
        except TelegramRetryAfter as refusal:
            return _later(notice, refusal.retry_after + random.random(), "429")  # noqa: S311 (a jitter)
        except TelegramMigrateToChat as moved:
            await self._outbox.group_moved(moved.migrate_to_chat_id)
            return _later(notice, 0.0, "the group moved")
        except (TelegramForbiddenError, TelegramBadRequest, TelegramEntityTooLarge) as refusal:
            return await self._refused(notice, refusal)
        except Exception as error:  # noqa: BLE001 (a worker's loop)
            return _later(notice, _backoff(notice.tries), _name(error))

    def _language(self, notice: Notice) -> str:
        return self._operators_language if notice.is_for_operators else notice.language

    def _write(self, notice: Notice) -> Rendered:
        with self._speak(self._language(notice)):
            rendered = render(notice.kind, notice.payload, to_operators=notice.is_for_operators)
        return replace(rendered, silent=True) if notice.is_for_operators and self._quiet() else rendered

    async def _send(self, notice: Notice, rendered: Rendered) -> Outcome:
        chat_id = await self._outbox.group() if notice.is_for_operators else notice.address
        if chat_id is None:
            return _later(notice, SLOWEST_RETRY, "the settings name no operators' group")
        with in_lane(notice.lane):
            async with asyncio.timeout(SEND_SECONDS):
                files = await self._posting.make_files(rendered, self._language(notice))
                thread = await self._thread(notice, rendered, chat_id)
                message = await self._posting.post(
                    chat_id, rendered, files, thread=thread.topic, under=thread.message_id
                )
            if rendered.replaces:
                await self._disarm(chat_id, rendered.replaces)
            if rendered.redraws and thread.card is not None:
                await self._redraw(notice, chat_id, thread.card)
        topic = message.message_thread_id if message.is_topic_message else None
        if notice.is_for_operators and self._health is not None:
            await self._health.well()
            if topic is not None and topic == self._topics.get(rendered.topic):
                await self._health.topic_well(rendered.topic)
        return Sent(notice, message.chat.id, message.message_id, topic)

    async def _thread(self, notice: Notice, rendered: Rendered, chat_id: int) -> Thread:
        topic = self._topics.get(rendered.topic)
        if not belongs_below(notice, rendered.under):
            return Thread(topic)
        return await self._outbox.thread_of(notice, chat_id, topic, rendered.under)

    async def _redraw(self, notice: Notice, chat_id: int, card: Card) -> None:
        """Bring a card up to date that something else than a press has changed; trouble here is not its."""
        if card.message_id is None:
            return
        with self._speak(self._language(notice)):
            face = card_face(card)
        keyboard = face.keyboard if isinstance(face.keyboard, InlineKeyboardMarkup) else None
        call = EditMessageText(
            chat_id=chat_id,
            message_id=card.message_id,
            text=face.text,
            reply_markup=keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        with suppress(AiogramError):
            await self._bot(call, request_timeout=DISARM_SECONDS)

    async def _refused(self, notice: Notice, refusal: TelegramAPIError) -> Outcome:
        """Telegram means it. But a group that shut us out will be mended by somebody, so its cards wait."""
        forbidden = isinstance(refusal, TelegramForbiddenError)
        if notice.is_for_operators and (trouble := trouble_in(refusal.message, forbidden=forbidden)):
            if self._health is not None:
                await self._health.failed(trouble)
            return _later(notice, SLOWEST_RETRY, refusal.message)
        shut_out = forbidden or "chat not found" in refusal.message
        log.warning("notice.refused", notice_id=notice.id, kind=notice.kind, error=refusal.message)
        return Dead(notice, refusal.message[:200], unreachable=shut_out)

    async def _topic_lost(self, number: int) -> None:
        """Whichever names led there."""
        for name, topic in self._topics.items():
            if topic == number and self._health is not None:
                await self._health.topic_lost(name)

    async def _disarm(self, chat_id: int, message_id: int) -> None:
        """Take the buttons off an old message; the notice is sent already, so trouble here is none of its."""
        call = EditMessageReplyMarkup(chat_id=chat_id, message_id=message_id)
        with suppress(AiogramError):
            await self._bot(call, request_timeout=DISARM_SECONDS)


def _later(notice: Notice, delay: float, error: str) -> Outcome:
    """Again after the delay, unless the notice would be too old by then."""
    due_at = periods.now() + timedelta(seconds=delay)
    if due_at > notice.created_at + life_of(notice.kind, to_operators=notice.is_for_operators):
        log.warning("notice.too_late", notice_id=notice.id, kind=notice.kind, error=error)
        return Dead(notice, error)
    log.info("notice.later", notice_id=notice.id, kind=notice.kind, error=error, seconds=round(delay, 1))
    return Later(notice, due_at, error)


def _backoff(tries: int) -> float:
    """Doubling, with jitter, so that what failed together does not come back together."""
    return min(SLOWEST_RETRY, 2.0 ** min(tries, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 (a jitter)


def _name(error: Exception) -> str:
    """The kind of trouble alone: its text may hold an address, and the address the token."""
    return type(error).__name__
