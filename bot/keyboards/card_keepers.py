"""«Беру» and «Отпускаю» under every card."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.i18n import _
from bot.keyboards.buttons import tap


class Take(CallbackData, prefix="take"):
    card: int


class LetGo(CallbackData, prefix="letgo"):
    card: int


def keeper_buttons(card: int, *, is_taken: bool) -> list[InlineKeyboardButton]:
    """Both where somebody has it already: another may take it over."""
    take = tap(_("Take it"), Take(card=card))
    return [take, tap(_("Let it go"), LetGo(card=card))] if is_taken else [take]
