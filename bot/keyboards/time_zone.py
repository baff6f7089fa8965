"""Cities to choose one's time by."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain import periods
from bot.i18n import _, wall_zone
from bot.i18n.cities import NEAR_HOME
from bot.i18n.zone_words import city_of, there
from bot.keyboards.buttons import Place, keyboard, tap

SELLERS_TIME = "sellers_zone"


class PickZone(CallbackData, prefix="zone"):
    name: str


def zones_near_home() -> InlineKeyboardMarkup:
    as_seller = tap(_("As the seller: {city}", city=city_of(wall_zone().key)), SELLERS_TIME)
    return keyboard(*_in_pairs(NEAR_HOME), [as_seller], back=Place.SETTINGS)


def zones_found(names: Sequence[str]) -> InlineKeyboardMarkup:
    return keyboard(*([_zone(name)] for name in names), back=Place.TIME_ZONE)


def _in_pairs(names: Sequence[str]) -> list[list[InlineKeyboardButton]]:
    return [[_zone(name) for name in names[first : first + 2]] for first in range(0, len(names), 2)]


def _zone(name: str) -> InlineKeyboardButton:
    return tap(there(name, periods.now()), PickZone(name=name))
