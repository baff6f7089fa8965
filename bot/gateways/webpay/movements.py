"""What each payment type means for the books. 4 → 1 → 7 share one transaction id."""

from __future__ import annotations

from bot.domain.errors import BadAmount, BadCallback
from bot.domain.events import Event, Hint, Paid, Proof, Refunded, Refused
from bot.domain.money import EXPONENTS, Money
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.gateways.base import RefundCall
from bot.gateways.webpay.answers import Row
from bot.gateways.webpay.cards import card_bound
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
    is_beyond_us = not reference and told.currency not in EXPONENTS
    if is_beyond_us or not (is_news or is_taken(told.payment_type, settings)):
        return Hint(NAME, None, told.transaction, told.transaction, final=False)
    if told.payment_type in REFUSED:
        return _refused(told, reference, settings)
    amount = _amount(told)
    tell = _paid if is_taken(told.payment_type, settings) else _refunded
    return tell(told, reference, amount, settings)


def is_taken(payment_type: int, settings: WebPaySettings) -> bool:
    """Whether money of this payment type is the seller's for good."""
    return payment_type in TAKEN or (payment_type == AUTHORIZED and settings.captures_itself)


def refund_movement(transaction: str, batch: str, amount: Money) -> str:
    """The identity of a refund: its transaction is the payment's, so time and sum tell two of them apart.

    The kind is left out: one refund may be called Refunded at one door and Voided at another.
    """
    return f"{transaction}-{batch}-{amount.minor}"


def gone_back(state: Notification, request: RefundCall) -> Refunded | None:
    """The refund that the state tells of, if it can be ours: the last one, of this sum."""
    if state.payment_type not in RETURNED:
        return None
    try:
        amount = Money.parse(state.amount, state.currency)
    except BadAmount:
        return None
    if amount != request.amount:
        return None
    movement = refund_movement(state.transaction, state.batch, amount)
    return Refunded(NAME, movement, state.transaction, amount, request.reference, happened_at=state.at)


def paid_before(back: Refunded, row: Row) -> Paid | None:
    """The payment that money went back through: the list still tells its sum."""
    try:
        amount = Money.parse(row.amount, back.amount.currency)
    except BadAmount:
        return None
    transaction = back.provider_payment
    return Paid(NAME, transaction, back.reference, amount, transaction, test=back.test)


def ended(rows: list[Row], reference: str) -> Refused:
    """Nothing was taken and nothing can be any more; the last try says why."""
    if not rows:
        return Refused(NAME, reference, Refusal.LINK_EXPIRED, code=NEVER_CREATED)
    last = rows[-1]
    reason = REASONS.get(last.response_code, Refusal.OTHER)
    code = last.response_code or last.status
    return Refused(NAME, reference, reason, last.transaction, code=code)


def _paid(told: Notification, reference: str, amount: Money, settings: WebPaySettings) -> Paid:
    return Paid(
        provider=NAME,
        movement=told.transaction,
        reference=reference,
        amount=amount,
        provider_payment=told.transaction,
        proof=Proof(method=told.payment_method, card=card_shown(told.card), rrn=told.rrn),
        test=_is_pretence(told, settings),
        happened_at=told.at,
        card_on_file=card_bound(told),
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


def card_shown(masked: str) -> str:
    """«BELKART *0044» of «911238xxxxxx0044», as other providers write it."""
    if not masked:
        return ""
    scheme = next((name for beginning, name in SCHEMES if masked.startswith(beginning)), "")
    return f"{scheme} *{masked[-4:]}".strip()


def _is_pretence(told: Notification, settings: WebPaySettings) -> bool:
    return told.payment_method == PRETENDED and not settings.test
