"""Buttons of the till's report and of what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.takings import Span
from bot.domain.to_do import Duty, Waiting
from bot.i18n import _
from bot.i18n.to_do_words import duty_button
from bot.keyboards.buttons import keyboard, tap


class TakingsTable(CallbackData, prefix="taktable"):
    """The figures behind the picture, for a spreadsheet; days in ISO form."""

    first: str
    last: str

    @classmethod
    def of(cls, span: Span) -> TakingsTable:
        return cls(first=span.first.isoformat(), last=span.last.isoformat())

    @property
    def span(self) -> Span:
        """ValueError for what is no day."""
        return Span(date.fromisoformat(self.first), date.fromisoformat(self.last))


class ShowWaiting(CallbackData, prefix="waits"):
    """Hang up again what waits of this sort."""

    duty: Duty


def takings(span: Span) -> InlineKeyboardMarkup:
    return keyboard([tap(_("Table"), TakingsTable.of(span))], menu=False)


def to_do(waiting: Sequence[Waiting]) -> InlineKeyboardMarkup:
    """A button for each sort of cards that waits."""
    rows = [[tap(duty_button(each), ShowWaiting(duty=each.duty))] for each in waiting if each.has_cards]
    return keyboard(*rows, menu=False)
