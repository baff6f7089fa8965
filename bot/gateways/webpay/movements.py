"""What each payment type means for the books. 4 → 1 → 7 share one transaction id."""

from __future__ import annotations

from bot.domain.errors import BadAmount, BadCallback
from bot.domain.events import Event, Hint, Paid, Proof, Refunded, Refused
from bot.domain.money import EXPONENTS, Money
from bot.domain.refusals import Refusal
from bot.gateways.webpay.notifications import Notification
from bot.gateways.webpay.settings import WebPaySettings
from bot.gateways.webpay.shapes import reference_of

NAME = "webpay"

COMPLETED, AUTHORIZED, RECURRENT, VERIFICATION = 1, 4, 10, 23
TAKEN = (COMPLETED, RECURRENT)
REFUSED = (2, 8, 12)
VOIDED = (7, 9)
RETURNED = (5, 11, *VOIDED)
"""Partial Refunded, Refunded, Voided, Partial Voided: the bank decides which, so they are alike."""

PRETENDED = "test"
"""The payment_method of a test payment."""

SCHEMES = (("9112", "BELKART"), ("4", "Visa"), ("5", "MasterCard"), ("2", "MasterCard"))
"""By how a card's number begins."""

REASONS = {"W0545": Refusal.NO_FUNDS}
"""The full list is not public: what is not in it is OTHER, with WEBPAY's own word beside it."""


def event_of(told: Notification, settings: WebPaySettings) -> Event | Hint:
    """What a proven notification tells; a Hint that is not final where no money moved for good."""
    reference = reference_of(told.order_number)
    is_news = told.payment_type in (*TAKEN, *REFUSED, *RETURNED)
    is_taken = told.payment_type in TAKEN or (told.payment_type == AUTHORIZED and settings.captures_itself)
    is_beyond_us = not reference and told.currency not in EXPONENTS
    if is_beyond_us or not (is_news or is_taken):
        return Hint(NAME, None, told.transaction, told.transaction, final=False)
    if told.payment_type in REFUSED:
        return _refused(told, reference, settings)
    amount = _amount(told)
    tell = _paid if is_taken else _refunded
    return tell(told, reference, amount, settings)


def refund_movement(transaction: str, batch: str, amount: Money) -> str:
    """The identity of a refund: its transaction is the payment's, so time and sum tell two of them apart.

    The kind is left out: one refund may be called Refunded at one door and Voided at another.
    """
    return f"{transaction}-{batch}-{amount.minor}"


def _paid(told: Notification, reference: str, amount: Money, settings: WebPaySettings) -> Paid:
    return Paid(
        provider=NAME,
        movement=told.transaction,
        reference=reference,
        amount=amount,
        provider_payment=told.transaction,
        proof=Proof(method=told.payment_method, card=_card(told.card), rrn=told.rrn),
        test=_is_pretence(told, settings),
        happened_at=told.at,
    )


def _refunded(told: Notification, reference: str, amount: Money, settings: WebPaySettings) -> Refunded:
    return Refunded(
        provider=NAME,
        movement=refund_movement(told.transaction, told.batch, amount),
        provider_payment=told.transaction,
        amount=amount,
        reference=reference,
        test=_is_pretence(told, settings),
        happened_at=told.at,
        marked=False,
        of_hold=told.payment_type in VOIDED and not settings.captures_itself,
    )


def _refused(told: Notification, reference: str, settings: WebPaySettings) -> Refused:
    return Refused(
        provider=NAME,
        reference=reference,
        reason=REASONS.get(told.code, Refusal.OTHER),
        provider_payment=told.transaction,
        code=told.code or f"type {told.payment_type}",
        test=_is_pretence(told, settings),
    )


def _amount(told: Notification) -> Money:
    try:
        amount = Money.parse(told.amount, told.currency)
    except BadAmount as wrong:
        raise BadCallback(str(wrong)) from wrong
    if amount.minor <= 0:
        raise BadCallback(f"type {told.payment_type} moved {amount}: that is no money")
    return amount


def _card(masked: str) -> str:
    """«BELKART *0044» of «911238xxxxxx0044», as other providers write it."""
    if not masked:
        return ""
    scheme = next((name for beginning, name in SCHEMES if masked.startswith(beginning)), "")
    return f"{scheme} *{masked[-4:]}".strip()


def _is_pretence(told: Notification, settings: WebPaySettings) -> bool:
    return told.payment_method == PRETENDED and not settings.test
