"""Buttons under a charge whose end nobody knows: somebody has looked into the provider's cabinet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _
from bot.keyboards.buttons import keyboard, tap
from bot.keyboards.operators import Dismiss


class ChargeArrived(CallbackData, prefix="charged"):
    """The money is there; its number is asked for."""

    card: int


class ChargeMissing(CallbackData, prefix="uncharged"):
    """The provider has nothing of it, so it may be charged again."""

    card: int
    sure: bool = False


def unknown_charge(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    return keyboard(
        [
            tap(_("The money came"), ChargeArrived(card=card)),
            tap(_("It did not"), ChargeMissing(card=card)),
        ],
        [tap(_("Close"), Dismiss(card=card))],
        menu=False,
    )
