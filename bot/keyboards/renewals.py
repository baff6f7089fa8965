"""Under a reminder: straight to paying for what runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import _, shown
from bot.keyboards.buttons import Place, go, handle, keyboard, tap

TITLE_ON_BUTTON = 28
MOST_ON_BUTTONS = 5


class Renew(CallbackData, prefix="renew"):
    """Pay for this connector, by its short name; below the notice, which stays."""

    connector: str
    anew: bool = True


def renew(lines: Sequence[Mapping[str, Any]]) -> InlineKeyboardMarkup:
    """A button each for the first of them; many are ticked in Pay."""
    one = len(lines) == 1
    rows = [[renew_button(str(line["connector_id"]), "" if one else str(line["title"]))] for line in lines]
    several = [] if one else [go(_("Pay for several at once"), Place.PAY, anew=True)]
    last = [go(_("Notices"), Place.NOTICES, anew=True), go(_("Menu"), Place.MENU, anew=True)]
    return keyboard(*rows[:MOST_ON_BUTTONS], several, last, menu=False)


def renew_button(connector_id: str, title: str = "") -> InlineKeyboardButton:
    text = _("Pay: {title}", title=shown(title, TITLE_ON_BUTTON)) if title else _("Pay")
    return tap(text, Renew(connector=handle(connector_id)))
