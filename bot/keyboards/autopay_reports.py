"""Buttons about all autopays, for operators."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _
from bot.keyboards.buttons import keyboard, tap


class AutopayTable(CallbackData, prefix="aptable"):
    """The figures behind the chart, for a spreadsheet."""


def chart() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Table"), AutopayTable())], menu=False)
