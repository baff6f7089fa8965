"""The one place where handlers' errors end: a refusal is told, anything else is noted and excused."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot, Router
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.types import CallbackQuery, ErrorEvent, Message, TelegramObject

from bot.domain.errors import CustomerError
from bot.handlers.places import open_place, resume
from bot.i18n import _, sentence_for
from bot.keyboards.buttons import Place
from bot.keyboards.talk import to_menu
from bot.middlewares.living import answer_tap
from bot.middlewares.visits import VISIT, Visit

router = Router(name="errors")
log = structlog.get_logger()


class Excuses(BaseMiddleware):
    """Outer middleware of the customers' router, inside Visits: it speaks the customer's language."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        visit: Visit = data[VISIT]
        try:
            return await handler(event, data)
        except CustomerError as refusal:
            return await _guarded(visit, _tell, refusal)
        except Exception as error:  # noqa: BLE001 - every trouble of a handler ends here
            return await _excuse(visit, error)


async def _guarded(
    visit: Visit, tell: Callable[[Visit, CustomerError], Awaitable[None]], refusal: CustomerError
) -> None:
    try:
        await tell(visit, refusal)
    except Exception as error:  # noqa: BLE001 - telling it may fail like anything else
        await _excuse(visit, error)


async def _tell(visit: Visit, refusal: CustomerError) -> None:
    """The reason above the present screen; where that one is refused as well, above the menu."""
    log.info("update.refused", code=refusal.code, customer_id=visit.customer_id)
    visit.note = sentence_for(refusal)
    try:
        await resume(visit)
    except CustomerError as second:
        visit.note = sentence_for(second)
        await visit.leave_dialog()
        await open_place(visit, Place.MENU)


async def _excuse(visit: Visit, error: Exception) -> None:
    if isinstance(error, TelegramForbiddenError):
        log.info("customer.unreachable", customer_id=visit.customer_id)
        await visit.customers.set_reachable(visit.customer_id, False)
        visit.guests.forget(visit.customer_id)
        return
    if isinstance(error, TelegramRetryAfter | TelegramNetworkError | ClientDecodeError):
        log.warning("telegram.unavailable", customer_id=visit.customer_id, why=type(error).__name__)
        return
    number = secrets.token_hex(3)
    log.error("update.failed", error_id=number, customer_id=visit.customer_id, exc_info=error)
    words = _("Something went wrong on our side; it is noted as {number}. Please try again.", number=number)
    try:
        await _say_sorry(visit, words)
    except (TelegramAPIError, ClientDecodeError) as second:
        log.warning("update.excuse_failed", error_id=number, why=type(second).__name__)


async def _say_sorry(visit: Visit, words: str) -> None:
    """Without the books, which may be the trouble."""
    if isinstance(visit.event, CallbackQuery) and visit.answering is None:
        await answer_tap(visit.bot, visit.event, words, alert=True)
    else:
        await visit.show(words, to_menu())


async def in_time(problem: Awaitable[str], seconds: float) -> str:
    """What stands against it, "" for nothing; our own trouble and too long a silence do as well."""
    try:
        async with asyncio.timeout(seconds):
            return await problem
    except Exception:  # whoever asks has to be answered, whatever happens
        log.exception("update.not_answered_in_time")
        return sentence_for(CustomerError("invoice_not_checked"))


class GroupExcuses(BaseMiddleware):
    """Outer middleware of the operators' router: what fails is noted, and whoever did it hears of it."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        try:
            return await handler(event, data)
        except (TelegramRetryAfter, ClientDecodeError) as trouble:
            log.warning("telegram.unavailable", why=type(trouble).__name__)
        except Exception as error:  # noqa: BLE001 - every trouble of a handler ends here
            await _excuse_in_group(event, data["bot"], error)


async def _excuse_in_group(event: TelegramObject, bot: Bot, error: Exception) -> None:
    number = secrets.token_hex(3)
    log.error("update.failed", error_id=number, exc_info=error)
    words = _("Something went wrong on our side; it is noted as {number}. Please try again.", number=number)
    try:
        if isinstance(event, CallbackQuery):
            await answer_tap(bot, event, words, alert=True)
        elif isinstance(event, Message):
            await event.reply(words)
    except (TelegramAPIError, ClientDecodeError) as second:
        log.warning("update.excuse_failed", error_id=number, why=type(second).__name__)


@router.errors()
async def anything_else(event: ErrorEvent) -> None:
    """What happened outside a customer's visit: it is noted, and the update counts as handled."""
    log.error("update.failed", update_id=event.update.update_id, exc_info=event.exception)
