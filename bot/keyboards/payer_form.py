"""Screens of the payer's form: who he is, each answer, and the check before it is saved."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.requisites import PartyKind
from bot.i18n import N_, _, shown
from bot.keyboards.buttons import BACK, keyboard, tap

SKIP = "payer:skip"
SAVE = "payer:save"
CHANGE = "payer:change"
OWN_EMAIL = "payer:email"

KINDS = {
    PartyKind.ORGANISATION: N_("Organisation"),
    PartyKind.ENTREPRENEUR: N_("Entrepreneur"),
    PartyKind.PERSON: N_("Private person"),
}

ANSWERS = {
    "kind": N_("Who it is"),
    "tax_number": N_("Tax number"),
    "kpp": N_("KPP"),
    "name": N_("Name"),
    "address": N_("Address"),
    "email": N_("E-mail"),
}


class PickKind(CallbackData, prefix="kind"):
    kind: PartyKind


class ChangeAnswer(CallbackData, prefix="answer"):
    """One answer of the summary is to be given anew."""

    what: str


def kinds(offered: Sequence[PartyKind]) -> InlineKeyboardMarkup:
    return keyboard(*([tap(_(KINDS[kind]), PickKind(kind=kind))] for kind in offered), back=BACK)


def question(*, may_skip: bool, email: str = "") -> InlineKeyboardMarkup:
    """Below a question whose answer is typed; an address that is known already takes one tap."""
    return keyboard(
        [tap(shown(email), OWN_EMAIL)] if email else [],
        [tap(_("Skip"), SKIP)] if may_skip else [],
        back=BACK,
    )


def summary() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Save"), SAVE)], [tap(_("Change"), CHANGE)], back=BACK)


def which_answer(asked: Sequence[str]) -> InlineKeyboardMarkup:
    return keyboard(*([tap(_(ANSWERS[what]), ChangeAnswer(what=what))] for what in asked), back=BACK)
