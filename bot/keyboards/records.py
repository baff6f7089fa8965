"""Buttons of records: they lead from one to another, and bear what other modules offer to do with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import field_validator

from bot.domain.records import CustomerRecord, Findings, Happening, Record, RecordKind, button_id
from bot.domain.states import Role
from bot.i18n import _
from bot.keyboards.buttons import keyboard, tap
from bot.keyboards.record_links import MARKS, found_title, leads_of
from bot.services.paging import Page

Act = Callable[[Any], InlineKeyboardButton | None]
A = TypeVar("A", bound=Act)

MOST_BYTES = 64
_LIST = "f"
_LETTERS = {
    RecordKind.CUSTOMER: "c",
    RecordKind.PAYER: "y",
    RecordKind.CONNECTOR: "n",
    RecordKind.PAYMENT: "p",
    RecordKind.INVOICE: "i",
    RecordKind.ORDER: "o",
}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_acts: dict[RecordKind, list[tuple[Role, Act]]] = defaultdict(list)


class ShowRecord(CallbackData, prefix="rec"):
    """Leads to a record; under a card `anew`, so that the card stays and the record comes below.

    `trail` is the way back: what was looked at before, the last at its end.
    """

    kind: RecordKind
    id: str
    trail: str = ""
    anew: bool = False

    @field_validator("id", mode="before")
    @classmethod
    def _fitting(cls, value: object) -> str:
        """The seller's ids are of any length and letters: what does not fit goes by its digest."""
        return button_id(str(value))


class ShowHistory(CallbackData, prefix="rechist"):
    kind: RecordKind
    id: str
    page: int = 0
    trail: str = ""


class ShowContacts(CallbackData, prefix="reccont"):
    """Shows a customer's phone and e-mail to whoever presses, and to nobody else."""

    customer: int


class FoundPage(CallbackData, prefix="found"):
    """A page of what was found; the words stand in the message that the list replies to."""

    page: int


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


def found_list(findings: Findings) -> InlineKeyboardMarkup:
    """A row for each, then the pages."""
    trail = f"{_LIST}{findings.page}"
    rows = [[leading(found_title(found), found.kind, found.id, trail)] for found in findings.found]
    return keyboard(*rows, _pages(findings.page, findings.pages, lambda to: FoundPage(page=to)), menu=False)


def record_screen(record: Record, role: Role, trail: str = "") -> InlineKeyboardMarkup:
    """What may be done, where it leads, what happened, and the way back."""
    further = longer(trail, record.kind, record.id)
    leads = [
        leading(f"{MARKS[kind]} {title}", kind, text_id, further) for kind, text_id, title in leads_of(record)
    ]
    history = ShowHistory(kind=record.kind, id=button_id(record.id), trail=trail)
    last = [tap(_("History"), _fitted(history))]
    if isinstance(record, CustomerRecord) and role.includes(Role.OPERATOR):
        last.append(tap(_("Contacts"), ShowContacts(customer=record.customer.id)))
    return keyboard(*_by_two(acts_on(record, role)), *_by_two(leads), last, _back(trail), menu=False)


def history_screen(page: Page[Happening], asked: ShowHistory) -> InlineKeyboardMarkup:
    """The pages of what happened, and back to the record."""
    pages = _pages(page.page, page.pages, lambda to: _fitted(asked.model_copy(update={"page": to})))
    record = ShowRecord(kind=asked.kind, id=asked.id, trail=asked.trail)
    return keyboard(pages, [tap(_("‹ Back"), _fitted(record))], menu=False)


def leading(title: str, kind: RecordKind, text_id: str, trail: str) -> InlineKeyboardButton:
    return tap(title, _fitted(ShowRecord(kind=kind, id=text_id, trail=trail)))


def customer_below(customer_id: int) -> InlineKeyboardButton:
    """Under a card, which stays as it is."""
    kind = RecordKind.CUSTOMER
    return tap(f"{MARKS[kind]} " + _("Customer"), ShowRecord(kind=kind, id=str(customer_id), anew=True))


def _back(trail: str) -> list[InlineKeyboardButton]:
    """To the record before this one, or to the list it was chosen from."""
    before, _dot, last = trail.rpartition(".")
    if not last:
        return []
    if last.startswith(_LIST):
        return [tap(_("‹ Back"), FoundPage(page=int(last.removeprefix(_LIST))))]
    return [leading(_("‹ Back"), _KINDS[last[0]], last[1:], before)]


def longer(trail: str, kind: RecordKind, text_id: str) -> str:
    step = _LETTERS[kind] + button_id(text_id)
    return f"{trail}.{step}" if trail else step


def _fitted(data: ShowRecord | ShowHistory) -> ShowRecord | ShowHistory:
    """Its way back shortened at the far end until it fits into a button."""
    trail = data.trail
    while trail and len(_packed(data, trail).encode()) > MOST_BYTES:
        trail = trail.partition(".")[2]
    return data.model_copy(update={"trail": trail})


def _packed(data: ShowRecord | ShowHistory, trail: str) -> str:
    parts = data.model_copy(update={"trail": ""}).pack()
    return parts + trail


def _pages(page: int, pages: int, to: Callable[[int], CallbackData]) -> list[InlineKeyboardButton]:
    if pages < 2:
        return []
    here = _("page {page} of {pages}", page=page + 1, pages=pages)
    turns = [("‹", page - 1), (here, page), ("›", page + 1)]
    return [tap(words, to(number)) for words, number in turns if 0 <= number < pages]


def _by_two(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
