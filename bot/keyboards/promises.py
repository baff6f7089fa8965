"""Buttons of payments that are noted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.money import Money
from bot.i18n import _, money
from bot.keyboards.buttons import keyboard, tap
from bot.keyboards.operators import Dismiss


class PromisePaid(CallbackData, prefix="paid"):
    """Note that this sum is on its way to that invoice; `minor` in the invoice's own currency."""

    invoice: int
    minor: int
    currency: str


class SecondPaid(CallbackData, prefix="paid2"):
    """The second person's word for it."""

    card: int


def sure(invoice_id: int, amount: Money, number: str) -> InlineKeyboardMarkup:
    goal = PromisePaid(invoice=invoice_id, minor=amount.minor, currency=amount.currency)
    return keyboard(
        [tap(_("Yes, {amount} to {number}", amount=money(amount), number=number), goal)], menu=False
    )


def second(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    return keyboard(
        [tap(_("Confirm as second person"), SecondPaid(card=card))],
        [tap(_("Close"), Dismiss(card=card))],
        menu=False,
    )
