"""Buttons of records: they lead from one to another, and bear what other modules offer to do with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import field_validator

from bot.domain.records import Record, RecordKind, button_id
from bot.domain.states import Role
from bot.i18n import _
from bot.keyboards.buttons import keyboard, tap

Act = Callable[[Any], InlineKeyboardButton | None]
A = TypeVar("A", bound=Act)

_acts: dict[RecordKind, list[tuple[Role, Act]]] = defaultdict(list)


class ShowRecord(CallbackData, prefix="rec"):
    """Leads to a record; `trail` are the records before it, for the way back."""

    kind: RecordKind
    id: str
    trail: str = ""

    @field_validator("id", mode="before")
    @classmethod
    def _fitting(cls, value: object) -> str:
        """The seller's ids are of any length and letters: what does not fit goes by its digest."""
        return button_id(str(value))


def record_act(kind: RecordKind, role: Role) -> Callable[[A], A]:
    """Offer a button under every record of this kind, to those who have that role or a higher one.

    The function takes the record (a PaymentRecord for RecordKind.PAYMENT and so on) and answers None where
    there is nothing to do. Who may do it is checked again when it is done.
    """

    def register(act: A) -> A:
        _acts[kind].append((role, act))
        return act

    return register


def acts_on(record: Record, role: Role) -> list[InlineKeyboardButton]:
    """What this role may do with it now."""
    offered = (act(record) for needed, act in _acts[record.kind] if role.includes(needed))
    return [button for button in offered if button is not None]


def record_screen(record: Record, role: Role) -> InlineKeyboardMarkup:
    acts = acts_on(record, role)
    rows = [acts[at : at + 2] for at in range(0, len(acts), 2)]
    return keyboard(*rows, *_leading_on(record), menu=False)


def _leading_on(record: Record) -> list[list[InlineKeyboardButton]]:
    if record.kind is RecordKind.CUSTOMER or record.customer is None:
        return []
    customer = ShowRecord(kind=RecordKind.CUSTOMER, id=str(record.customer.id))
    return [[tap(_("Customer"), customer)]]
