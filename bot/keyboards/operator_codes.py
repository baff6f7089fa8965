"""Buttons under the answer to /code."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _, shown
from bot.keyboards.buttons import copy, keyboard, tap
from bot.services.codes import PayerCode


class PickPayer(CallbackData, prefix="payer"):
    payer: int


def payers(found: Sequence[PayerCode]) -> InlineKeyboardMarkup:
    return keyboard(*([tap(_who(payer), PickPayer(payer=payer.payer_id))] for payer in found), menu=False)


def copy_code(code: str) -> InlineKeyboardMarkup:
    return keyboard([copy(_("Copy the code"), code)], menu=False)


def _who(payer: PayerCode) -> str:
    return _("{name}, customer {number}", name=shown(payer.title, 24) or "…", number=payer.customer_id)
