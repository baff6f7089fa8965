"""Buttons of refunds: an operator's plan, and what hangs under the cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.refunds import RefundPreview, RefundRequest, ServiceChange
from bot.i18n import _, money
from bot.i18n.refund_words import place_words, service_words
from bot.keyboards.buttons import Place, keyboard, tap


class RefundPayment(CallbackData, prefix="refund"):
    """Begin the refund of a payment; `card` is the customer's wish that it answers."""

    payment: int
    card: int = 0


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
    service = preview.plan.service
    is_all = preview.amount == preview.most
    rows = [
        [
            tap(_marked(_("All: {amount}", amount=money(preview.most)), is_all), RefundStep(what="all")),
            tap(_marked(_("Another sum"), not is_all), RefundStep(what="sum")),
        ],
        [
            tap(_marked(service_words(each), each is service), KeepService(service=each))
            for each in ServiceChange
        ]
        if preview.has_connectors
        else [],
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


def to_confirm(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    request, card = int(facts["request_id"]), int(facts["card"])
    yes = _("Agree: {amount}", amount=money(facts["amount"]))
    return keyboard(
        [tap(yes, ConfirmRefund(request=request, card=card))],
        [tap(_("Decline"), DeclineRefund(request=request, card=card))],
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
