"""Cards where they hang: posted anew, redrawn in place, asked about with one more tap."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TypeAlias

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import (
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
    GetChatMember,
    SendDocument,
    SendMessage,
    SendPhoto,
)
from aiogram.methods.base import TelegramMethod
from aiogram.types import InaccessibleMessage, InlineKeyboardMarkup, LinkPreviewOptions, Message

from bot.domain.desk import Card
from bot.i18n import _
from bot.middlewares.living import take_buttons_off
from bot.notices.attached import sending_on
from bot.notices.outcomes import card_face
from bot.notices.registry import Rendered

Spot: TypeAlias = Message | InaccessibleMessage
"""Where somebody pressed; an old message is known by its number alone."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def thread_of(message: Spot) -> int | None:
    """The forum topic it stands in; other threads are made by Telegram itself."""
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id
    return None


async def name_of(bot: Bot, chat_id: int, user_id: int) -> str:
    """What a person of the group is called today."""
    try:
        member = await bot(GetChatMember(chat_id=chat_id, user_id=user_id))
    except (TelegramBadRequest, TelegramForbiddenError):
        return _("id {id}", id=user_id)
    return member.user.full_name


async def redraw(bot: Bot, card: Card, chat_id: int, *, closer: str = "", at: Spot | None = None) -> None:
    """Bring the card up to date where somebody pressed, and where it was posted."""
    face = card_face(card, closer)
    has_file = bool(face.photo or face.document or face.attached or face.enclosures)
    if at is not None:
        captioned = _is_captioned(at) if isinstance(at, Message) else has_file
        await _redraw(bot, face, chat_id, at.message_id, captioned=captioned)
    if card.message_id is None or card.chat_id != chat_id:
        return  # nowhere yet, or in a group that this one has been
    if at is None or card.message_id != at.message_id:
        await _redraw(bot, face, chat_id, card.message_id, captioned=has_file)


async def show_buttons(bot: Bot, at: Spot, keyboard: InlineKeyboardMarkup) -> None:
    """Other buttons under the same words."""
    edit = EditMessageReplyMarkup(chat_id=at.chat.id, message_id=at.message_id, reply_markup=keyboard)
    with suppress(TelegramBadRequest):  # the same buttons already, or the message is gone
        await bot(edit)


async def show_text(bot: Bot, at: Spot, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Another screen in the place of this one."""
    edit = EditMessageText(
        chat_id=at.chat.id,
        message_id=at.message_id,
        text=text,
        reply_markup=keyboard,
        link_preview_options=NO_PREVIEW,
    )
    with suppress(TelegramBadRequest):  # it looks so already, or somebody deleted it
        await bot(edit)


async def post(bot: Bot, card: Card, near: Message) -> int:
    """Hang the card up anew below; the old one loses its buttons."""
    face = card_face(card)
    place: dict[str, Any] = {"chat_id": near.chat.id, "message_thread_id": thread_of(near)}
    place["reply_markup"] = face.keyboard
    call: TelegramMethod[Message]
    if face.attached:
        call = sending_on(face.attached, **place, caption=face.text)
    elif face.photo:
        call = SendPhoto(**place, photo=face.photo, caption=face.text)
    elif face.document:
        call = SendDocument(**place, document=face.document, caption=face.text)
    else:
        call = SendMessage(**place, text=face.text, link_preview_options=NO_PREVIEW)
    sent = await bot(call)
    if card.message_id is not None:
        await take_buttons_off(bot, near.chat.id, card.message_id)
    return sent.message_id


def _is_captioned(message: Message) -> bool:
    return bool(message.photo or message.document or message.video or message.voice or message.audio)


async def _redraw(bot: Bot, face: Rendered, chat_id: int, message_id: int, *, captioned: bool) -> None:
    keyboard = face.keyboard if isinstance(face.keyboard, InlineKeyboardMarkup) else None
    place: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "reply_markup": keyboard}
    edit: EditMessageCaption | EditMessageText
    if captioned:
        edit = EditMessageCaption(**place, caption=face.text)
    else:
        edit = EditMessageText(**place, text=face.text, link_preview_options=NO_PREVIEW)
    with suppress(TelegramBadRequest):  # it looks so already, or somebody deleted it
        await bot(edit)
