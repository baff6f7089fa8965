"""Screens of payment codes: one's own, somebody's, and the code that an order or a top-up waits for."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _, shown
from bot.keyboards.buttons import BACK, Place, Row, copy, go, keyboard, tap
from bot.services.codes import PayerCode

CHECK = "check_code"


def own_codes(codes: Sequence[PayerCode]) -> InlineKeyboardMarkup:
    """A button that copies each code; whoever has none is led to where it comes into being."""
    return keyboard(
        *([copy(_copy_words(code, len(codes)), code.code)] for code in codes),
        [go(_("Pay"), Place.PAY)],
        [tap(_("Check a code"), CHECK)],
    )


def checked() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Check another code"), CHECK)], back=BACK)


def copy_code(code: str) -> Row:
    return [copy(_("Copy the code"), code)]


def _copy_words(code: PayerCode, count: int) -> str:
    return _("Copy the code") if count == 1 else _("Copy: {payer}", payer=shown(code.title, 24))
