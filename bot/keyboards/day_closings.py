"""Buttons of a day's closing: compare again, what differs, close."""

from __future__ import annotations

from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.day_closing import DayClosing, DayDifference, Says
from bot.i18n import _, money, shown
from bot.keyboards.buttons import keyboard, tap

MOST_SHOWN = 8


class CompareDay(CallbackData, prefix="daycmp"):
    """Ask the providers once more; the day in ISO form. `anew`, what they say comes below."""

    day: str
    anew: bool = False


class CloseDay(CallbackData, prefix="dayend"):
    day: str
    sure: bool = False


class ShowDifference(CallbackData, prefix="daydif"):
    difference: int


class BookDifference(CallbackData, prefix="daybook"):
    """Book what only the provider tells of."""

    difference: int


class AcceptDifference(CallbackData, prefix="dayok"):
    """Say why they differ."""

    difference: int


def closing(found: DayClosing) -> InlineKeyboardMarkup:
    """A button for each difference that nobody has settled, the first eight."""
    iso = found.day.isoformat()
    rows = [[_difference(each)] for _provider, each in found.open_differences[:MOST_SHOWN]]
    last = [tap(_("Compare again"), CompareDay(day=iso))]
    if not found.closed_by and not found.open_differences:
        last.append(tap(_("Close the day"), CloseDay(day=iso)))
    return keyboard(*rows, last, menu=False)


def difference(day: date, found: DayDifference) -> InlineKeyboardMarkup:
    book = [tap(_("Book it"), BookDifference(difference=found.id))]
    accept = [tap(_("I know why"), AcceptDifference(difference=found.id))]
    back = [tap(_("‹ Back"), CompareDay(day=day.isoformat()))]
    rows = [book] if found.says is Says.MISSING_HERE else []
    return keyboard(*rows, accept, back, menu=False)


def sure(day: date) -> InlineKeyboardMarkup:
    """One more tap where some provider could not be asked."""
    iso = day.isoformat()
    yes = tap(_("Yes, close the day"), CloseDay(day=iso, sure=True))
    return keyboard([yes], [tap(_("‹ Back"), CompareDay(day=iso))], menu=False)


def _difference(found: DayDifference) -> InlineKeyboardButton:
    signs = {Says.MISSING_HERE: "➕", Says.MISSING_THERE: "➖", Says.OTHER_SUM: "≠"}
    words = f"{signs[found.says]} {money(found.amount)} · {shown(found.movement, 24)}"
    return tap(words, ShowDifference(difference=found.id))
