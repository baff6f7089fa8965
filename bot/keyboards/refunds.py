"""Buttons of refunds: an operator's plan, and what hangs under the cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.records import OrderRecord, PaymentRecord, RecordKind
from bot.domain.refunds import RefundPreview, RefundRequest, ServiceChange
from bot.domain.states import OrderState, Role
from bot.i18n import _, money
from bot.i18n.refund_words import place_words, service_words
from bot.keyboards.buttons import Place, Row, copy, keyboard, tap
from bot.keyboards.operators import Reply
from bot.keyboards.records import record_act


class RefundPayment(CallbackData, prefix="refund"):
    """Begin the refund of a payment; `card` is the customer's wish that it answers."""

    payment: int
    card: int = 0


class RefundOrder(CallbackData, prefix="rforder"):
    """The same of an order, whoever's money it is."""

    order: int


class KeepService(CallbackData, prefix="rfservice"):
    """Keep it, shorten it or stop it."""

    service: ServiceChange


class RefundTo(CallbackData, prefix="rfto"):
    to: str


class RefundStep(CallbackData, prefix="rfstep"):
    """all, sum, reason, send or leave."""

    what: str


class ConfirmRefund(CallbackData, prefix="rfyes"):
    request: int
    card: int
    sure: bool = False


class DeclineRefund(CallbackData, prefix="rfno"):
    request: int
    card: int


def plan(preview: RefundPreview) -> InlineKeyboardMarkup:
    """What is chosen bears a dot."""
    is_all = preview.amount == preview.most
    rows = [
        [
            tap(_marked(_("All: {amount}", amount=money(preview.most)), is_all), RefundStep(what="all")),
            tap(_marked(_("Another sum"), not is_all), RefundStep(what="sum")),
        ],
        *(_services(preview.plan.service) if preview.has_connectors else []),
        [
            tap(_marked(place_words(each), each is preview.destination), RefundTo(to=each.value))
            for each in preview.destinations
        ]
        if len(preview.destinations) > 1
        else [],
        [tap(_("Reason…"), RefundStep(what="reason"))],
        [
            tap(_("Refund {amount}", amount=money(preview.amount)), RefundStep(what="send")),
            tap(_("Leave it"), RefundStep(what="leave")),
        ],
    ]
    return keyboard(*rows, menu=False)


def _services(chosen: ServiceChange) -> list[Row]:
    """Three in a row are cut on a narrow telephone."""
    keep, shorten, stop = (
        tap(_marked(service_words(each), each is chosen), KeepService(service=each)) for each in ServiceChange
    )
    return [[keep, shorten], [stop]]


def to_confirm(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    request, card = int(facts["request_id"]), int(facts["card"])
    yes = _("Agree: {amount}", amount=money(facts["amount"]))
    return keyboard(
        [tap(yes, ConfirmRefund(request=request, card=card))],
        [tap(_("Decline"), DeclineRefund(request=request, card=card))],
        menu=False,
    )


class SentByHand(CallbackData, prefix="rfsent"):
    card: int


class NotByHand(CallbackData, prefix="rfunsent"):
    card: int
    sure: bool = False


class LostWent(CallbackData, prefix="rfwent"):
    """The provider has it: its number is asked for."""

    card: int


class LostMissing(CallbackData, prefix="rflost"):
    """The provider has nothing of it."""

    card: int
    sure: bool = False


class LostAgreed(CallbackData, prefix="rfsame"):
    """A second person has seen the same."""

    card: int
    sure: bool = False


class FailedAgain(CallbackData, prefix="rfagain"):
    card: int
    by_hand: bool = False
    sure: bool = False


class FailedRests(CallbackData, prefix="rfrests"):
    card: int
    sure: bool = False


def asked(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    decline = DeclineRefund(request=int(facts["request_id"]), card=card)
    return keyboard(
        [begin(int(facts["payment_id"]), card), tap(_("Decline"), decline)],
        [tap(_("Answer"), Reply(card=card))],
        menu=False,
    )


def by_hand(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card, account = int(facts["card"]), str(facts.get("account") or "")
    return keyboard(
        [copy(_("Copy the account"), account[:256])] if account else [],
        [copy(_("Copy the purpose"), str(facts.get("purpose") or "")[:256])] if facts.get("purpose") else [],
        [tap(_("Sent"), SentByHand(card=card)), tap(_("It won't be"), NotByHand(card=card))],
        menu=False,
    )


def lost(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    return keyboard(
        [tap(_("I have seen the same"), LostAgreed(card=card))] if facts.get("said") else [],
        [tap(_("The money went"), LostWent(card=card)), tap(_("It did not go"), LostMissing(card=card))],
        menu=False,
    )


def failed(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    return keyboard(
        [
            tap(_("Once more"), FailedAgain(card=card)),
            tap(_("By a transfer"), FailedAgain(card=card, by_hand=True)),
        ],
        [tap(_("Leave it on the balance"), FailedRests(card=card))],
        [tap(_("Answer"), Reply(card=card))],
        menu=False,
    )


class ConfirmAlone(CallbackData, prefix="rfalone"):
    """The same in the private chat of who may agree; `anew` leaves the notice as it is."""

    request: int
    sure: bool = False
    anew: bool = False


def to_confirm_in_private(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    look = ConfirmAlone(request=int(facts["request_id"]), anew=True)
    return keyboard([tap(_("Agree: {amount}", amount=money(facts["amount"])), look)], menu=False)


def sure_alone(request: RefundRequest) -> InlineKeyboardMarkup:
    yes = _("Yes, refund {amount}", amount=money(request.amount))
    return keyboard([tap(yes, ConfirmAlone(request=request.id, sure=True))], back=Place.MENU)


def _marked(words: str, is_chosen: bool) -> str:
    return f"• {words}" if is_chosen else words


def begin(payment_id: int, card: int = 0) -> InlineKeyboardButton:
    return tap(_("Refund"), RefundPayment(payment=payment_id, card=card))


@record_act(RecordKind.ORDER, Role.OPERATOR)
def refund_order_act(record: OrderRecord) -> InlineKeyboardButton | None:
    is_paid = record.order.state in {OrderState.PAID, OrderState.FULFILLED}
    return tap(_("Refund"), RefundOrder(order=record.order.id)) if is_paid else None


@record_act(RecordKind.PAYMENT, Role.OPERATOR)
def refund_act(record: PaymentRecord) -> InlineKeyboardButton | None:
    """Where something of its money is still with us."""
    is_there = record.arrived is not None and record.refunded < record.arrived
    return begin(record.payment.id) if is_there else None
