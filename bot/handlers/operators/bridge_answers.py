"""The answer to "for how many days, and why": a connector is lent some days until its transfer arrives."""

from __future__ import annotations

import re

from aiogram import Bot

from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.handlers.operators.board import redraw
from bot.handlers.operators.prompts import Told, asked_for
from bot.i18n import _, day
from bot.services.bridges import BridgeService
from bot.services.desk import DeskService

BRIDGE = "bridge"

_DAYS_AND_WHY = re.compile(r"(\d{1,4})\D.*?(\w.*)", re.DOTALL)


@asked_for(BRIDGE)
async def bridge_wanted(told: Told, bot: Bot, desk: DeskService, bridges: BridgeService) -> None:
    """«3 постоянный клиент»: the card closes by it and says who did it."""
    found = _DAYS_AND_WHY.fullmatch(told.words.strip())
    if found is None:
        raise CustomerError("bridge_words", most=bridges.most_days)
    card = await desk.card_for(told.who, told.card, Role.OPERATOR)
    until = await bridges.bridge(told.who, int(card.payload["invoice_id"]), int(found[1]), found[2])
    await told.message.reply(_("✔️ Switched on until {date}. The customer hears of it.", date=day(until)))
    closed = await desk.card(card.id)
    await redraw(bot, closed, told.message.chat.id, closer=told.person.full_name)
