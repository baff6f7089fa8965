"""Who stands at the counter: in the right group, not hidden; and what he is told when he may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.handlers.operators.board import name_of, redraw
from bot.handlers.operators.open_prompts import ask_again
from bot.i18n import _, default_language, role_title, sentence_for, speaking
from bot.middlewares.living import answer_tap
from bot.notices.outcomes import outcome
from bot.services.desk import DeskService

GROUP_ANONYMOUS_BOT = 1087968824
"""In whose name Telegram shows administrators who hide themselves."""


class Counter(BaseMiddleware):
    """Outer middleware: lets in what comes from the operators' group alone, and no stranger's button."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, CallbackQuery | Message)
        message = event.message if isinstance(event, CallbackQuery) else event
        if message is None or message.chat.id != await data["outbox"].group():
            return UNHANDLED
        with speaking(default_language()):
            try:
                if isinstance(event, CallbackQuery):
                    _demand_role(event.from_user, data["desk"])
                return await handler(event, data)
            except CustomerError as refusal:
                told = await _tell(event, data["bot"], data["desk"], refusal)
                if isinstance(event, Message) and told is not None:
                    await ask_again(data["state"], event, told)
                return None


class OnlyKnown(BaseMiddleware):
    """Inner middleware of the group's messages: commands are for who has a role; talk is let alone."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Message)
        if (event.text or "").startswith("/"):
            _demand_role(known_person(event), data["desk"])
        return await handler(event, data)


def _demand_role(person: User, desk: DeskService) -> None:
    if person.id == GROUP_ANONYMOUS_BOT:
        raise CustomerError("anonymous")
    desk.demand(person.id, Role.VIEWER)


def known_person(message: Message) -> User:
    """Who wrote it; CustomerError "anonymous" for administrators who hide and for channels."""
    user = message.from_user
    if user is None or message.sender_chat is not None or user.id == GROUP_ANONYMOUS_BOT:
        raise CustomerError("anonymous")
    return user


async def _tell(
    event: CallbackQuery | Message, bot: Bot, desk: DeskService, refusal: CustomerError
) -> Message | None:
    """The message that tells it; None where a press is answered."""
    refusal = await _with_name(event, bot, refusal)
    if isinstance(event, Message):
        return await event.reply(_words(event.from_user, desk, refusal))
    if event.from_user.id == GROUP_ANONYMOUS_BOT:
        refusal = CustomerError("anonymous")
    if refusal.code == "card_answered":
        await _taken(event, bot, await desk.card(int(str(refusal.blanks["card"]))))
        return None
    await answer_tap(bot, event, _words(event.from_user, desk, refusal), alert=True)
    return None


async def _with_name(event: CallbackQuery | Message, bot: Bot, refusal: CustomerError) -> CustomerError:
    """Who was first is told by name."""
    place = event.message if isinstance(event, CallbackQuery) else event
    if refusal.code != "done_by" or place is None:
        return refusal
    return CustomerError("done_by", who=await name_of(bot, place.chat.id, int(str(refusal.blanks["who"]))))


async def _taken(query: CallbackQuery, bot: Bot, card: Card) -> None:
    """Say who was first, and put the card right where it still looks open."""
    assert query.message is not None and card.closed_by is not None
    closer = await name_of(bot, query.message.chat.id, card.closed_by) if card.closed_by else ""
    await answer_tap(bot, query, outcome(card.answer, closer), alert=True)
    await redraw(bot, card, query.message.chat.id, closer=closer, at=query.message)


def _words(user: User | None, desk: DeskService, refusal: CustomerError) -> str:
    if refusal.code != "not_allowed":
        return sentence_for(refusal)
    if user is None or desk.role(user.id) is None:
        return _(
            "This is for operators. If you are one, ask the owner to add your id {id} to the settings.",
            id=user.id if user else "…",
        )
    needed = role_title(str(refusal.blanks["role"]))
    return sentence_for(CustomerError("not_allowed", role=needed))
