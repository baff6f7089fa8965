"""One living message in each chat: it is edited in place while it is the newest, else sent anew below."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    Response,
    SendMessage,
)
from aiogram.methods.base import TelegramMethod, TelegramType
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.i18n import fit

REMEMBERED_CHATS = 20_000
TOAST_LENGTH = 200


class EditScreen(TelegramMethod[Any]):
    """editMessageText with just what a screen needs; what Telegram sends back is not taken apart.

    aiogram's own has a dozen fields and reads the whole message again: a third of what a tap costs.
    """

    __returning__ = Any
    __api_method__ = "editMessageText"

    chat_id: int
    message_id: int
    text: str
    reply_markup: str | None


class LivingMessages(BaseRequestMiddleware):
    """`bot.session.middleware(living)`: sees every message the bot sends, a notice of the outbox as well."""

    def __init__(self, remembered: int = REMEMBERED_CHATS) -> None:
        self._remembered = remembered
        self._newest: OrderedDict[int, int] = OrderedDict()
        self._screens: OrderedDict[int, int] = OrderedDict()

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: Any,
    ) -> Response[TelegramType]:
        response = await make_request(bot, method)
        sent: Any = response  # aiogram declares a Response and hands over what is in it
        if isinstance(sent, Message) and sent.chat.id > 0:
            self.saw(sent.chat.id, sent.message_id)
        return response

    def saw(self, chat_id: int, message_id: int) -> None:
        """Something stands in the chat; whatever is older is not edited any more."""
        if message_id > self._newest.get(chat_id, 0):
            self._keep(self._newest, chat_id, message_id)

    async def show(
        self,
        event: CallbackQuery | Message,
        bot: Bot,
        text: str,
        keyboard: InlineKeyboardMarkup | None,
        *,
        anew: bool = False,
    ) -> int:
        """Show the screen and give its message's id."""
        if isinstance(event, Message):
            return await self._send(bot, event.chat.id, fit(text), keyboard)
        return await self._show_after_tap(bot, event, fit(text), keyboard, anew=anew)

    async def renew(self, bot: Bot, chat_id: int, text: str, keyboard: InlineKeyboardMarkup) -> bool:
        """Change the screen where it stands, whatever was sent since; False where there is none."""
        screen = self._screens.get(chat_id)
        return screen is not None and await _edited(bot, chat_id, screen, fit(text), keyboard)

    async def _show_after_tap(
        self, bot: Bot, query: CallbackQuery, text: str, keyboard: InlineKeyboardMarkup | None, *, anew: bool
    ) -> int:
        chat_id, tapped = query.from_user.id, query.message
        if anew or not isinstance(tapped, Message):
            return await self._send(bot, chat_id, text, keyboard)
        if tapped.message_id < self._newest.get(chat_id, 0):
            sent = await self._send(bot, chat_id, text, keyboard)
            await take_buttons_off(bot, chat_id, tapped.message_id)
            return sent
        if not await _edited(bot, chat_id, tapped.message_id, text, keyboard):
            return await self._send(bot, chat_id, text, keyboard)
        self._keep(self._screens, chat_id, tapped.message_id)
        return tapped.message_id

    async def _send(self, bot: Bot, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> int:
        old = self._screens.pop(chat_id, None)
        sent = await bot(SendMessage(chat_id=chat_id, text=text, reply_markup=keyboard))
        self._keep(self._screens, chat_id, sent.message_id)
        if old is not None:
            await take_buttons_off(bot, chat_id, old)
        return sent.message_id

    def _keep(self, where: OrderedDict[int, int], chat_id: int, message_id: int) -> None:
        where[chat_id] = message_id
        where.move_to_end(chat_id)
        if len(where) > self._remembered:
            where.popitem(last=False)


async def answer_tap(bot: Bot, query: CallbackQuery, toast: str = "", *, alert: bool = False) -> None:
    """Stop the button's clock; a tap that is too old to be answered is no trouble."""
    words = fit(toast, TOAST_LENGTH) or None
    try:
        await bot(AnswerCallbackQuery(callback_query_id=query.id, text=words, show_alert=alert or None))
    except TelegramBadRequest:
        return


async def take_buttons_off(bot: Bot, chat_id: int, message_id: int) -> None:
    """An old screen keeps its words and loses its buttons; one that is gone is no trouble."""
    try:
        await bot(EditMessageReplyMarkup(chat_id=chat_id, message_id=message_id, reply_markup=None))
    except TelegramBadRequest:
        return


async def _edited(
    bot: Bot, chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None
) -> bool:
    """True if the message now shows this; false when it is gone or may not be edited any more."""
    markup = keyboard.model_dump_json(exclude_none=True) if keyboard else None
    edit = EditScreen(chat_id=chat_id, message_id=message_id, text=text, reply_markup=markup)
    try:
        await bot(edit)
    except TelegramBadRequest as refusal:
        return "message is not modified" in refusal.message
    return True
