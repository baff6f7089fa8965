"""Buttons by which operators write to customers: under what they say, and under their records."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.records import CustomerRecord, RecordKind
from bot.domain.states import Role
from bot.i18n import _
from bot.keyboards.buttons import keyboard, tap
from bot.keyboards.records import record_act


class WriteOn(CallbackData, prefix="write"):
    """Write into a talk that goes on, whether its card waits or not."""

    card: int


class WriteTo(CallbackData, prefix="writeto"):
    """Begin to write to a customer."""

    customer: int


def answer(card: int) -> InlineKeyboardMarkup:
    return keyboard([tap(_("Answer"), WriteOn(card=card))], menu=False)


@record_act(RecordKind.CUSTOMER, Role.OPERATOR)
def write(record: CustomerRecord) -> InlineKeyboardButton | None:
    """Absent for whom no message reaches."""
    customer = record.customer
    if customer.id < 0 or not customer.reachable:
        return None
    return tap(_("✉️ Write"), WriteTo(customer=customer.id))
