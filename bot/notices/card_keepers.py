"""What every card that waits says below its own words: who looks after it, by when, and whom it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import _, moment, shown
from bot.keyboards.card_keepers import keeper_buttons
from bot.keyboards.records import customer_below

if TYPE_CHECKING:
    from bot.notices.registry import Payload, Rendered

NAME_LENGTH = 40


def with_its_keeper(rendered: Rendered, facts: Payload) -> Rendered:
    """A card has buttons and its number among the facts; whatever else is written stays as it is."""
    card = facts.get("card")
    if not isinstance(card, int) or not isinstance(rendered.keyboard, InlineKeyboardMarkup):
        return rendered
    buttons = keeper_buttons(card, is_taken=bool(facts.get("taken_by"))) + _whose(facts)
    rows = InlineKeyboardMarkup(inline_keyboard=[*rendered.keyboard.inline_keyboard, buttons])
    text = "\n".join(filter(None, (rendered.text, _promised(facts), _kept(facts))))
    return replace(rendered, text=text, keyboard=rows)


def _whose(facts: Payload) -> list[InlineKeyboardButton]:
    customer_id = facts.get("customer_id")
    return [customer_below(int(customer_id))] if customer_id else []


def _promised(facts: Payload) -> str:
    if not facts.get("answer_by"):
        return ""
    return _("⏰ An answer is promised by {moment}.", moment=moment(facts["answer_by"]))


def _kept(facts: Payload) -> str:
    if not facts.get("taken_by"):
        return ""
    name = shown(str(facts.get("taken_name") or ""), NAME_LENGTH) or f"id {facts['taken_by']}"
    return _("🙋 {name} looks after it.", name=name)
