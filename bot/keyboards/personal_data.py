"""One's own data: a copy of them, and being forgotten."""

from __future__ import annotations

from aiogram.types import InlineKeyboardMarkup

from bot.domain.personal_data import BeforeErasure
from bot.i18n import _
from bot.keyboards.buttons import BACK, Place, Row, go, keyboard, tap

EXPORT = "data:export"
FORGET = "data:forget"
FOR_GOOD = "data:forgood"
STAY = "data:stay"


def my_data() -> InlineKeyboardMarkup:
    return keyboard(
        [tap(_("Get a copy (JSON)"), EXPORT)],
        [go(_("Delete my data"), Place.FORGET)],
        back=Place.SETTINGS,
    )


def forget(before: BeforeErasure) -> InlineKeyboardMarkup:
    """What is open is settled first; the wish is taken either way."""
    if before.due_at is not None:
        return keyboard(*_settle(before), [tap(_("Do not delete anything"), STAY)], back=Place.MY_DATA)
    words = _("Delete once it is settled") if before.unsettled else _("Delete my data")
    return keyboard(*_settle(before), [tap(words, FORGET)], back=Place.MY_DATA)


def _settle(before: BeforeErasure) -> list[Row]:
    if not before.unsettled.balances:
        return []
    return [[go(_("Use the balance"), Place.BALANCE), go(_("Ask for a refund"), Place.WRITE)]]


def for_good() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Yes, delete for good"), FOR_GOOD)], back=BACK)


def begin_anew() -> InlineKeyboardMarkup:
    return keyboard([go(_("Begin anew"), Place.MENU)], menu=False)
