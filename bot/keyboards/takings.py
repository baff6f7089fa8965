"""Buttons of the till's report and of what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.records import RecordKind
from bot.domain.takings import Span
from bot.domain.to_do import Duty, Undelivered, Waiting
from bot.i18n import _, shown
from bot.i18n.to_do_words import duty_button
from bot.keyboards.buttons import keyboard, tap
from bot.keyboards.day_closings import CompareDay
from bot.keyboards.records import leading


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
    """A button for each sort that can be shown: what webhooks were not taken, the command line tells."""
    rows = [[_shows(each)] for each in waiting if each.duty is not Duty.WEBHOOKS]
    return keyboard(*rows, menu=False)


def undelivered(found: Sequence[Undelivered]) -> InlineKeyboardMarkup:
    """The customers whom it did not reach, each once."""
    people = {each.customer_id: each.name for each in found if each.customer_id is not None}
    rows = [
        [leading(shown(name, 40) or "…", RecordKind.CUSTOMER, str(id_), "")] for id_, name in people.items()
    ]
    return keyboard(*rows, menu=False)


def _shows(waiting: Waiting) -> InlineKeyboardButton:
    if waiting.day is not None:
        return tap(duty_button(waiting), CompareDay(day=waiting.day.isoformat(), anew=True))
    return tap(duty_button(waiting), ShowWaiting(duty=waiting.duty))
