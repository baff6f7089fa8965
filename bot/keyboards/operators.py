"""Buttons of the operators' group. Each carries ids alone; who may press it is asked when it is pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.customers import Connector
from bot.domain.payments import Payment
from bot.i18n import _, card_title, short_day, shown, time_of_day
from bot.i18n import money as told
from bot.keyboards.buttons import handle, keyboard, tap
from bot.services.owners import Owner


class ItIsThis(CallbackData, prefix="this"):
    """«Это он»: this money is what the customer complains about."""

    card: int
    event: int


class Give(CallbackData, prefix="give"):
    """Give money without an owner to a payment, or else to a customer's balance."""

    card: int
    event: int
    payment: int = 0
    customer: int = 0
    sure: bool = False


MOST_LINES = 8


class BookLine(CallbackData, prefix="book"):
    """Credit a payment that only a network's register tells of."""

    card: int
    txn: str
    sure: bool = False


class FindOwner(CallbackData, prefix="owner"):
    card: int


class FindLine(CallbackData, prefix="line"):
    card: int


class Attach(CallbackData, prefix="attach"):
    card: int
    line: str
    """The short name of the connector's id."""


class Reply(CallbackData, prefix="reply"):
    card: int


class Dismiss(CallbackData, prefix="dismiss"):
    card: int
    sure: bool = False


class ShowCard(CallbackData, prefix="card"):
    card: int


class Bridge(CallbackData, prefix="bridge"):
    """Switch what an invoice asks for on until its transfer arrives."""

    card: int


class Switch(CallbackData, prefix="switch"):
    """Stop new payments, or let them in again."""

    closed: bool


def complaint(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    return _rows(*([_candidate(card, clue)] for clue in facts["candidates"]), _talk(card))


def question(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    return _rows(_talk(int(facts["card"])))


def seen(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    """Of a card that speaks of no customer: nobody can be answered."""
    return _rows([tap(_("Close"), Dismiss(card=int(facts["card"])))])


def register(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    """A button for each payment that the network tells of and the books do not know."""
    card, lines = int(facts["card"]), facts["only_register"][:MOST_LINES]
    rows = [[_booking(card, line)] for line in lines]
    return _rows(*rows, [tap(_("Close"), Dismiss(card=card))])


def _booking(card: int, line: Mapping[str, Any]) -> InlineKeyboardButton:
    words = _("Credit {amount} · {number}", amount=told(line["amount"]), number=shown(line["txn_id"]))
    return tap(words, BookLine(card=card, txn=line["txn_id"]))


def only_close(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    """Under a card that is settled outside of the bot."""
    return _rows([tap(_("Close"), Dismiss(card=int(facts["card"])))])


def payment_sent(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    """A customer's word that a transfer is on its way; what he pays for may be switched on until then."""
    card, most = int(facts["card"]), int(facts["bridge_days"])
    bridge = tap(_("Switch on, up to {most} days", most=most), Bridge(card=card))
    return _rows([bridge] if most else [], _talk(card))


def find_connector(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    return _rows([tap(_("Attach a connector"), FindLine(card=card))], _talk(card))


def money(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    """Money that names a payment is most likely its payer's, even when it came twice."""
    card, event = int(facts["card"]), int(facts["event_id"])
    give = Give(card=card, event=event, payment=int(facts["payment_id"] or 0))
    return _rows(
        [tap(_("It is this customer's"), give)] if give.payment else [],
        [tap(_("Find whose it is"), FindOwner(card=card))],
    )


def owners(card: int, event: int, found: Sequence[Owner]) -> InlineKeyboardMarkup:
    """Payments and customers that the money may be meant for."""
    return _rows(*([_owner(card, event, owner)] for owner in found), [_back(card)])


def lines(card: int, found: Sequence[Connector]) -> InlineKeyboardMarkup:
    rows = [
        [tap(shown(f"{line.title} · {line.id}"), Attach(card=card, line=handle(line.id)))] for line in found
    ]
    return _rows(*rows, [tap(_("Search again"), FindLine(card=card))])


def sure(yes: str, data: CallbackData, card: int) -> InlineKeyboardMarkup:
    """One more tap before money moves or a card closes."""
    return _rows([tap(yes, data)], [_back(card)])


def switch(*, closed: bool) -> InlineKeyboardMarkup:
    """The one button that stops payments, or lets them in."""
    words = _("Yes, stop new payments") if closed else _("Yes, take payments again")
    return _rows([tap(words, Switch(closed=closed))])


def payment_words(payment: Payment) -> str:
    """A payment in one line: its number, sum and day."""
    return _(
        "payment {number}, {amount}, {date}",
        number=payment.id,
        amount=told(payment.amount),
        date=short_day(payment.created_at),
    )


def _owner(card: int, event: int, owner: Owner) -> InlineKeyboardButton:
    name = shown(owner.customer.name, 24)
    if owner.payment is None:
        words = _("Balance of {name}, id {id}", name=name, id=owner.customer.id)
        return tap(words, Give(card=card, event=event, customer=owner.customer.id))
    words = f"{name}: {payment_words(owner.payment)}"
    return tap(words, Give(card=card, event=event, payment=owner.payment.id))


def _candidate(card: int, clue: Mapping[str, Any]) -> InlineKeyboardButton:
    seen_at = clue["seen_at"]
    parts = [told(clue["amount"]), short_day(seen_at), time_of_day(seen_at), card_title(clue["masked_card"])]
    words = _("It is this: {money}", money=" · ".join(filter(None, parts)))
    return tap(words, ItIsThis(card=card, event=int(clue["event_id"])))


def _talk(card: int) -> list[InlineKeyboardButton]:
    return [tap(_("Answer"), Reply(card=card)), tap(_("Close"), Dismiss(card=card))]


def _back(card: int) -> InlineKeyboardButton:
    return tap(_("‹ Back"), ShowCard(card=card))


def _rows(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return keyboard(*rows, menu=False)
