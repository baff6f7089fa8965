"""Under a page of the audit log: the other pages, and all of it as a file."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _
from bot.keyboards.buttons import keyboard, tap


class AuditPage(CallbackData, prefix="audit"):
    page: int


class AuditFile(CallbackData, prefix="auditcsv"):
    """What was sought is remembered for whoever typed it."""


def turner(page: int, pages: int) -> InlineKeyboardMarkup:
    turns = [tap("‹", AuditPage(page=page - 1))] if page else []
    turns += [tap("›", AuditPage(page=page + 1))] if page + 1 < pages else []
    return keyboard(turns, [tap(_("Table (CSV)"), AuditFile())], menu=False)
