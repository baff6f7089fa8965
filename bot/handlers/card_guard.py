"""A card's number must not stay in a chat: such a message is deleted before anybody reads it."""

from __future__ import annotations

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import StateFilter, invert_f
from aiogram.methods import DeleteMessage
from aiogram.types import Message

from bot.domain.card_numbers import holds_card_number
from bot.handlers.payer_answers import PayerForm
from bot.handlers.places import resume
from bot.i18n import _
from bot.middlewares.visits import Visit

router = Router(name="card_guard")


def bears_card_number(message: Message) -> bool:
    return holds_card_number(message.text or message.caption or "")


@router.message(bears_card_number, invert_f(StateFilter(PayerForm.tax_number)))
async def card_number_sent(visit: Visit) -> None:
    note = _("I deleted your message: a card's number must never stand in a chat. Nobody here asks for it.")
    try:
        await visit.bot(DeleteMessage(chat_id=visit.customer_id, message_id=visit.message.message_id))
    except TelegramBadRequest:
        note = _("Please delete your last message: a card's number must never stand in a chat.")
    visit.note = note
    await resume(visit)
