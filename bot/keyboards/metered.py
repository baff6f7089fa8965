"""What customers with metered connectors can order: for which months, and what is shown of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import _, month_name
from bot.keyboards.buttons import BACK, keyboard, page_turner, tap
from bot.services.paging import Page

CHARGES = "bills:charges"
NEXT = "bills:next"
SEND = "bills:send"


class Aim(StrEnum):
    """What a customer wants of the months he picks."""

    COPY = "copy"
    LINK = "link"
    DETAIL = "detail"
    CHARGES = "charges"

    @property
    def takes_several(self) -> bool:
        return self is Aim.COPY

    @property
    def months_back(self) -> range:
        """Which months are offered, counted back from this one."""
        return {Aim.COPY: range(1, 13), Aim.LINK: range(1, 3), Aim.DETAIL: range(2)}.get(self, range(1))


class Want(CallbackData, prefix="wantbill"):
    """Begin to order; the months are asked for first."""

    aim: Aim


class TickMonth(CallbackData, prefix="month"):
    month: str


class ByMail(CallbackData, prefix="mailbill"):
    """What the screen shows, by e-mail."""

    aim: Aim


def months(offered: Sequence[str], ticked: Collection[str]) -> InlineKeyboardMarkup:
    """Two in a row, the newest first."""
    buttons = [_month(each, ticked) for each in offered]
    rows = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    return keyboard(*rows, [tap(_("Next ›"), NEXT)] if ticked else [], back=BACK)


def usage_page(page: Page[Any]) -> InlineKeyboardMarkup:
    return keyboard(page_turner(page.page, page.pages), back=BACK)


def _month(month: str, ticked: Collection[str]) -> InlineKeyboardButton:
    mark = "● " if month in ticked else "○ "
    return tap(mark + month_name(month), TickMonth(month=month))
