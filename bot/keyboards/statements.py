"""Buttons about lines of bank statements. Who may press them, and whether they still count, is asked then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.customers import Payer
from bot.i18n import _, money, shown
from bot.keyboards.buttons import keyboard, tap

NAME_LENGTH = 30


class ShowLine(CallbackData, prefix="sl"):
    """The card at that line."""

    card: int
    line: int


class LineToInvoice(CallbackData, prefix="sli"):
    card: int
    line: int
    invoice: int
    sure: bool = False


class LineToPayer(CallbackData, prefix="slp"):
    card: int
    line: int
    payer: int
    sure: bool = False


class LineNotOurs(CallbackData, prefix="slf"):
    card: int
    line: int
    sure: bool = False


class NameInvoice(CallbackData, prefix="sla"):
    """Asks for the number of another invoice."""

    card: int
    line: int


class PickPayer(CallbackData, prefix="slw"):
    """Shows whose balance it may be for."""

    card: int
    line: int


class NamePayer(CallbackData, prefix="slc"):
    """Asks for a payment code or a tax number."""

    card: int
    line: int


class ShowBooked(CallbackData, prefix="slb"):
    """One of the booked lines of a file."""

    statement: int
    place: int
    anew: bool = False


class UndoLine(CallbackData, prefix="slu"):
    """Take a booking back; `statement` and `place` lead back to the list it was found in, 0 for none."""

    line: int
    statement: int = 0
    place: int = 0
    sure: bool = False


def card(facts: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
    """What is proposed first, then everything else that can become of the line, then the pages."""
    if not facts["total"]:
        return None
    card_id, line = int(facts["card"]), int(facts["line"])
    return keyboard(
        _proposal(card_id, facts),
        [
            tap(_("Another invoice"), NameInvoice(card=card_id, line=line)),
            tap(_("To a balance"), PickPayer(card=card_id, line=line)),
        ],
        [tap(_("Not ours"), LineNotOurs(card=card_id, line=line))],
        _pages(card_id, facts),
        menu=False,
    )


def payers(card_id: int, line: int, found: Sequence[Payer]) -> InlineKeyboardMarkup:
    rows = [
        [tap(payer_words(payer), LineToPayer(card=card_id, line=line, payer=payer.id))] for payer in found
    ]
    return keyboard(
        *rows,
        [tap(_("By code or tax number"), NamePayer(card=card_id, line=line))],
        [_back(card_id, line)],
        menu=False,
    )


def sure(yes: str, data: CallbackData, card_id: int, line: int) -> InlineKeyboardMarkup:
    """One more tap before anything is booked."""
    return keyboard([tap(yes, data)], [_back(card_id, line)], menu=False)


def undo(line: int) -> InlineKeyboardMarkup:
    """Under the message that says what was decided."""
    return keyboard([tap(_("Undo the booking"), UndoLine(line=line))], menu=False)


def really_undo(goal: UndoLine) -> InlineKeyboardMarkup:
    rows = [[tap(_("Yes, take it back"), goal.model_copy(update={"sure": True}))]]
    if goal.statement:
        rows.append([tap(_("‹ Back"), ShowBooked(statement=goal.statement, place=goal.place))])
    return keyboard(*rows, menu=False)


def report(statement: int, *, booked: bool) -> InlineKeyboardMarkup | None:
    """Under the summary of a file."""
    if not booked:
        return None
    to_list = ShowBooked(statement=statement, place=1, anew=True)
    return keyboard([tap(_("Booked lines"), to_list)], menu=False)


def booked(statement: int, place: int, total: int, line: int) -> InlineKeyboardMarkup:
    turns = []
    if place > 1:
        turns.append(tap("‹", ShowBooked(statement=statement, place=place - 1)))
    if total > 1:
        words = _("{place} of {total}", place=place, total=total)
        turns.append(tap(words, ShowBooked(statement=statement, place=place)))
    if place < total:
        turns.append(tap("›", ShowBooked(statement=statement, place=place + 1)))
    take_back = UndoLine(line=line, statement=statement, place=place)
    return keyboard([tap(_("Undo the booking"), take_back)], turns, menu=False)


def payer_words(payer: Payer) -> str:
    tax_number = f" · {payer.tax_number}" if payer.tax_number else ""
    return f"{shown(payer.shown_name, NAME_LENGTH)}{tax_number}"


def _proposal(card_id: int, facts: Mapping[str, Any]) -> list[InlineKeyboardButton]:
    """The invoice where it can still be paid, else the balance of whoever it was made out to."""
    invoice, line = facts["invoice"], int(facts["line"])
    if not invoice:
        return []
    if invoice["open"] and invoice["total"].currency == facts["amount"].currency:
        words = _("✔ {number} · {total}", number=invoice["number"], total=money(invoice["total"]))
        return [tap(words, LineToInvoice(card=card_id, line=line, invoice=invoice["id"]))]
    words = _("✔ Balance of {name}", name=shown(invoice["buyer"], NAME_LENGTH))
    return [tap(words, LineToPayer(card=card_id, line=line, payer=invoice["payer_id"]))]


def _pages(card_id: int, facts: Mapping[str, Any]) -> list[InlineKeyboardButton]:
    if facts["total"] == 1:
        return []
    before, after, line = facts["before"], facts["after"], int(facts["line"])
    words = _("{place} of {total}", place=facts["place"], total=facts["total"])
    turns = [tap("‹", ShowLine(card=card_id, line=before))] if before else []
    turns.append(tap(words, ShowLine(card=card_id, line=line)))
    return [*turns, tap("›", ShowLine(card=card_id, line=after))] if after else turns


def _back(card_id: int, line: int) -> InlineKeyboardButton:
    return tap(_("‹ Back"), ShowLine(card=card_id, line=line))
