"""A customer's payers: adding one, opening its page, and choosing one of several."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.customers import Payer
from bot.i18n import _, shown
from bot.keyboards.buttons import BACK, Place, keyboard, tap

TITLE_ON_BUTTON = 34


class AddPayer(CallbackData, prefix="newpayer"):
    """Begin to add a payer; `back` is where the button stood."""

    back: Place


class OpenPayer(CallbackData, prefix="payer"):
    payer: int
    back: Place


class MendAddress(CallbackData, prefix="mend"):
    """Under the news that a letter did not arrive: to the payer's e-mail address."""

    payer: int
    proved: bool
    """Whether the address has to be proved by a code, as that of regular papers."""


NEW_PAYER = "payer:new"


class PickPayer(CallbackData, prefix="pays"):
    payer: int


def add_payer(back: Place) -> InlineKeyboardButton:
    return tap(_("Add a payer"), AddPayer(back=back))


def open_payer(payer: Payer, back: Place) -> InlineKeyboardButton:
    return tap(shown(payer.shown_name, TITLE_ON_BUTTON), OpenPayer(payer=payer.id, back=back))


def which_payer(payers: Sequence[Payer]) -> InlineKeyboardMarkup:
    rows = [[tap(shown(each.shown_name, TITLE_ON_BUTTON), PickPayer(payer=each.id))] for each in payers]
    return keyboard(*rows, back=BACK)


def whom_to_invoice(payers: Sequence[Payer]) -> InlineKeyboardMarkup:
    """One's payers, each in one tap; with its tax number where several bear one name."""
    names = [shown(each.shown_name, TITLE_ON_BUTTON) for each in payers]
    rows = [
        [tap(_told_apart(name, each, names), PickPayer(payer=each.id))]
        for name, each in zip(names, payers, strict=True)
    ]
    return keyboard(*rows, [tap(_("Another payer"), NEW_PAYER)], back=BACK)


def _told_apart(name: str, payer: Payer, names: Sequence[str]) -> str:
    told = (name, payer.tax_number, payer.kpp) if names.count(name) > 1 else (name,)
    return " · ".join(filter(None, told))
