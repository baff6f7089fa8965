"""The answer to "which number has this payment": a charge that had no end has one."""

from __future__ import annotations

from aiogram import Bot

from bot.domain.states import Role
from bot.handlers.operators.board import redraw
from bot.handlers.operators.prompts import Told, asked_for
from bot.i18n import _
from bot.services.desk import DeskService
from bot.services.unknown_charges import UnknownCharges

CHARGE = "charge"


@asked_for(CHARGE)
async def number_told(told: Told, bot: Bot, desk: DeskService, unknown_charges: UnknownCharges) -> None:
    """The card closes by it and says who did it."""
    card = await desk.card_for(told.who, told.card, Role.CASHIER)
    await unknown_charges.decide(told.who, int(card.payload["payment_id"]), number=told.words)
    await told.message.reply(_("✔️ Booked. The customer hears of it."))
    await redraw(bot, await desk.card(card.id), told.message.chat.id, closer=told.person.full_name)
