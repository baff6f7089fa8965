"""The answer to "which number has this payment": a charge that had no end has one."""

from __future__ import annotations

from aiogram import Bot
from aiogram.types import Message

from bot.domain.states import Role
from bot.handlers.operators.board import redraw
from bot.handlers.operators.counter import known_person
from bot.i18n import _
from bot.services.desk import DeskService
from bot.services.unknown_charges import UnknownCharges


async def number_told(
    message: Message, bot: Bot, desk: DeskService, unknown_charges: UnknownCharges, card_id: int
) -> None:
    """The card closes by it and says who did it."""
    person = known_person(message)
    card = await desk.card_for(person.id, card_id, Role.CASHIER)
    await unknown_charges.decide(person.id, int(card.payload["payment_id"]), number=message.text or "")
    await message.reply(_("✔️ Booked. The customer hears of it."))
    await redraw(bot, await desk.card(card_id), message.chat.id, closer=person.full_name)
