"""What every screen's buttons are made of. Their data carry ids, never words, and fit into 64 bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from aiogram.filters.callback_data import CallbackData
from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import _

Row = Sequence[InlineKeyboardButton]

BACK = "back"
"""One step back inside a dialog."""


class Place(StrEnum):
    """Where a button leads; each place is opened by one function of the handlers."""

    MENU = "menu"
    PAY = "pay"
    INVOICES = "invoices"
    AGAIN = "again"
    CODE = "code"
    AUTOPAY = "autopay"
    MY_CARDS = "mycards"
    CONNECTORS = "lines"
    BALANCE = "balance"
    TOP_UP = "topup"
    HISTORY = "history"
    ORDER = "order"
    ORDERS = "orders"
    SETTINGS = "settings"
    NOTICES = "notices"
    TIME_ZONE = "zone"
    MY_DATA = "mydata"
    FORGET = "forget"
    HELP = "help"
    CARDS = "cards"
    TERMS = "terms"
    PRIVACY = "privacy"
    SUPPORT = "support"
    FIND = "find"
    ADD = "add"
    WRITE = "write"
    COMPLAIN = "complain"


class Go(CallbackData, prefix="go"):
    """Leads to a place; `anew` on a notice's buttons, so that the notice itself stays as it is."""

    to: Place
    anew: bool = False


class TurnPage(CallbackData, prefix="page"):
    to: int


def tap(text: str, data: CallbackData | str) -> InlineKeyboardButton:
    return _button(text, data if isinstance(data, str) else data.pack())


@lru_cache(maxsize=4096)
def _button(text: str, data: str) -> InlineKeyboardButton:
    """Buttons never change and are mostly the same few: making one costs as much as a query."""
    return InlineKeyboardButton(text=text, callback_data=data)


def link(text: str, url: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, url=url)


def copy(text: str, copied: str) -> InlineKeyboardButton:
    """Puts something into the clipboard; the bot hears nothing of it."""
    return InlineKeyboardButton(text=text, copy_text=CopyTextButton(text=copied))


def go(text: str, to: Place, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(text, f"go:{to}:{int(anew)}")


def keyboard(*rows: Row, back: str | Place | None = None, menu: bool = True) -> InlineKeyboardMarkup:
    """The screen's own rows, then Back and Menu; empty rows are left out."""
    last = footer(back, menu=menu)
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in (*rows, last) if row])


def only_back() -> InlineKeyboardMarkup:
    """Under a question whose answer is typed."""
    return keyboard(back=BACK)


def footer(back: str | Place | None, *, menu: bool = True) -> list[InlineKeyboardButton]:
    buttons = []
    if isinstance(back, Place):
        buttons.append(go(_("‹ Back"), back))
    elif back is not None:
        buttons.append(tap(_("‹ Back"), back))
    if menu:
        buttons.append(go(_("Menu"), Place.MENU))
    return buttons


def page_turner(page: int, pages: int) -> list[InlineKeyboardButton]:
    """Buttons to the pages before and after; none where one page is all."""
    buttons = []
    if page > 0:
        buttons.append(tap("‹", TurnPage(to=page - 1)))
    if pages > 1:
        buttons.append(tap(_("page {page} of {pages}", page=page + 1, pages=pages), TurnPage(to=page)))
    if page + 1 < pages:
        buttons.append(tap("›", TurnPage(to=page + 1)))
    return buttons


def handle(text_id: str) -> str:
    """A short name for an id of the seller's, which may be too long for a button."""
    return hashlib.blake2s(text_id.encode(), digest_size=8).hexdigest()


def by_handle(wanted: str, text_ids: Iterable[str]) -> str | None:
    """The id that has this short name; None where the list has changed since."""
    return next((text_id for text_id in text_ids if handle(text_id) == wanted), None)
