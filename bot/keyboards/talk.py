"""Talking to people: questions to operators and «Оплатил(а), но ничего не изменилось»."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.catalogue import Catalogue
from bot.i18n import _, day
from bot.keyboards.buttons import BACK, Place, Row, go, keyboard, link, tap

SEND = "send"
SKIP = "skip"
STILL_WRONG = "stillwrong"
THIS_AMOUNT = "thisamount"


class PickDay(CallbackData, prefix="day"):
    ordinal: int


def send_to_operator() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Send to an operator"), SEND)])


def support() -> InlineKeyboardMarkup:
    return keyboard(
        [go(_("I paid, but nothing changed"), Place.COMPLAIN)],
        [go(_("Write to us"), Place.WRITE)],
        back=Place.HELP,
    )


def answered(*rows: Row) -> InlineKeyboardMarkup:
    """Under the honest answer: it may still be wrong."""
    return keyboard(*rows, [tap(_("Still not right"), STILL_WRONG)], back=Place.HISTORY)


def which_payment(rows: Sequence[Row]) -> InlineKeyboardMarkup:
    return keyboard(*rows, [tap(_("Another payment"), STILL_WRONG)], back=Place.SUPPORT)


def days(offered: Sequence[date]) -> InlineKeyboardMarkup:
    return keyboard(*([tap(day(each), PickDay(ordinal=each.toordinal()))] for each in offered), back=BACK)


def amount(known: str) -> InlineKeyboardMarkup:
    return keyboard([tap(known, THIS_AMOUNT)] if known else [], back=BACK)


def may_skip() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Skip"), SKIP)], back=BACK)


def help_topics(catalogue: Catalogue) -> InlineKeyboardMarkup:
    site = catalogue.seller.site
    return keyboard(
        [go(_("About paying by card"), Place.CARDS)],
        [go(_("I paid, but nothing changed"), Place.COMPLAIN)],
        [go(_("Write to us"), Place.WRITE)],
        [go(_("Terms"), Place.TERMS), go(_("Privacy"), Place.PRIVACY)],
        [link(_("Our site"), site)] if site else [],
        back=Place.MENU,
    )


def paper(url: str) -> InlineKeyboardMarkup:
    return keyboard([link(_("Open in full"), url)] if url else [], back=Place.HELP)


def write() -> InlineKeyboardMarkup:
    return keyboard(back=Place.HELP)


def to_menu() -> InlineKeyboardMarkup:
    return keyboard()
