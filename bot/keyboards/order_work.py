"""Buttons under an order in work: on to the next stage, and what goes to the customer with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.texts import Text
from bot.i18n import _, said
from bot.keyboards.buttons import keyboard, tap


class NextStage(CallbackData, prefix="stage"):
    """On to the stage of that place among the card's own."""

    card: int
    to: int


class StepBack(CallbackData, prefix="stageback"):
    card: int


class DueDate(CallbackData, prefix="stageday"):
    """Until when the next stage is promised."""

    card: int


class WithWords(CallbackData, prefix="stagewords"):
    card: int


class WithFile(CallbackData, prefix="stagefile"):
    """A file or a link."""

    card: int


class Plainly(CallbackData, prefix="stageplain"):
    """Nothing goes with the next stage after all."""

    card: int


def work(facts: Mapping[str, Any], following: int | None) -> InlineKeyboardMarkup:
    """`following` is the place of the next stage, None where there is none or nothing left to work for."""
    card = int(facts["card"])
    if following is None:
        return undo(facts) or keyboard(menu=False)
    stages = facts["stages"]
    title = said(Text(stages[following]["title"]))
    is_last = following == len(stages) - 1
    undoable = [tap(_("↩️ One step back"), StepBack(card=card))] if facts["undoable"] else []
    return keyboard(
        [tap(f"▶️ {title}", NextStage(card=card, to=following))],
        [
            *([] if is_last else [tap(_("📅 Due date"), DueDate(card=card))]),
            tap(_("✏️ With words"), WithWords(card=card)),
        ],
        [tap(_("📎 File or link"), WithFile(card=card)), *undoable],
        [tap(_("Nothing with it"), Plainly(card=card))] if facts["draft"] else [],
        menu=False,
    )


def undo(facts: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
    """What stays under a card whose work is done."""
    if not facts["undoable"] or facts["over"]:
        return None
    return keyboard([tap(_("↩️ One step back"), StepBack(card=int(facts["card"])))], menu=False)
