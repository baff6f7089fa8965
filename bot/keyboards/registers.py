"""Buttons under a register that was dropped into the operators' group."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.catalogue import Catalogue
from bot.domain.registers import RegisterReport
from bot.i18n import _, said
from bot.keyboards.buttons import copy, keyboard, tap

MOST_COPIED = 256
"""Telegram copies no longer texts."""


class PickNetwork(CallbackData, prefix="network"):
    name: str


def networks(catalogue: Catalogue, names: Sequence[str]) -> InlineKeyboardMarkup:
    rows = [[tap(_title(catalogue, name), PickNetwork(name=name))] for name in names]
    return keyboard(*rows, menu=False)


def question(report: RegisterReport) -> InlineKeyboardMarkup | None:
    """What to ask the network about: payments it does not tell of, or tells of otherwise."""
    doubtful = [each.txn_id for each in report.only_ours] + [each.line.txn_id for each in report.differ]
    if not doubtful:
        return None
    text = _("Please confirm these payments: {numbers}", numbers=", ".join(doubtful))
    return keyboard([copy(_("Copy a question to the network"), text[:MOST_COPIED])], menu=False)


def _title(catalogue: Catalogue, name: str) -> str:
    known = catalogue.networks.get(name)
    return said(known.title) if known else name
