"""The answer to "for how many days, and why": a connector is lent some days until its transfer arrives."""

from __future__ import annotations

import re

from aiogram import Bot
from aiogram.types import Message

from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.handlers.operators.board import redraw
from bot.handlers.operators.counter import known_person
from bot.i18n import _, day
from bot.services.bridges import BridgeService
from bot.services.desk import DeskService

_DAYS_AND_WHY = re.compile(r"(\d{1,4})\D.*?(\w.*)", re.DOTALL)


async def bridge_wanted(
    message: Message, bot: Bot, desk: DeskService, bridges: BridgeService, card_id: int
) -> None:
    """«3 постоянный клиент»: the card closes by it and says who did it."""
    person = known_person(message)
    found = _DAYS_AND_WHY.fullmatch((message.text or "").strip())
    if found is None:
        raise CustomerError("bridge_words", most=bridges.most_days)
    card = await desk.card_for(person.id, card_id, Role.OPERATOR)
    until = await bridges.bridge(person.id, int(card.payload["invoice_id"]), int(found[1]), found[2])
    await message.reply(_("✔️ Switched on until {date}. The customer hears of it.", date=day(until)))
    closed = await desk.card(card_id)
    await redraw(bot, closed, message.chat.id, closer=person.full_name)
