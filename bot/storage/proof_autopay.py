"""Questions that prove autopays: no cycle is charged twice, and nothing without a consent; see `proof.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, or_, select

from bot.domain.autopays import CHARGING, AutopayState
from bot.domain.events import EventKind
from bot.domain.states import OPEN_ORDERS, AttemptKind, AttemptState, EventFate, PaymentState
from bot.storage.tables import (
    arrears,
    attempts,
    autopay_consents,
    autopays,
    connectors,
    events,
    orders,
    payments,
    saved_cards,
)

_IS_CHARGE = attempts.c.kind == AttemptKind.CHARGE.value
_IS_CHARGING = autopays.c.state.in_([state.value for state in CHARGING])
_OPEN_ORDERS = [state.value for state in OPEN_ORDERS]


def _of(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """An autopay has a consent like this."""
    return exists().where(autopay_consents.c.autopay_id == autopays.c.id, *where)


def _twice() -> Select[Any]:
    """A cycle brought money once: two booked movements of its charges are a double charge."""
    many = func.count(distinct(events.c.id))
    return (
        select(attempts.c.autopay_id, attempts.c.cycle, many.label("many"))
        .join(events, events.c.payment_id == attempts.c.payment_id)
        .where(_IS_CHARGE, events.c.kind == EventKind.PAID.value, events.c.fate == EventFate.BOOKED.value)
        .group_by(attempts.c.autopay_id, attempts.c.cycle)
        .having(many > 1)
    )


def _paired() -> Select[Any]:
    """A charge is a payment and its calls, of one autopay and sum; of several only the last has come."""
    call = and_(attempts.c.payment_id == payments.c.id, _IS_CHARGE)
    same = and_(
        attempts.c.autopay_id == payments.c.autopay_id,
        attempts.c.minor == payments.c.minor,
        attempts.c.currency == payments.c.currency,
    )
    its = select(func.count()).select_from(attempts).where(call).scalar_subquery()
    alike = select(func.count()).select_from(attempts).where(call, same).scalar_subquery()
    query = select(payments.c.id, payments.c.autopay_id, its.label("calls"), alike.label("alike"))
    return query.where(payments.c.autopay_id.is_not(None), or_(its == 0, alike != its))


def _strangers() -> Select[Any]:
    """No call charges by a payment that is no autopay's."""
    return (
        select(attempts.c.id)
        .join(payments, payments.c.id == attempts.c.payment_id)
        .where(_IS_CHARGE, or_(attempts.c.autopay_id.is_(None), payments.c.autopay_id.is_(None)))
    )


def _too_early() -> Select[Any]:
    """No call is made while the end of the one before it is not known."""
    before = attempts.alias("before")
    return (
        select(attempts.c.id, attempts.c.autopay_id, attempts.c.cycle, before.c.id.label("before"))
        .join(before, _same_cycle(before))
        .where(
            attempts.c.sent_at.is_not(None),
            before.c.sent_at.is_not(None),
            before.c.state != AttemptState.KNOWN.value,
        )
    )


def _after_success() -> Select[Any]:
    """What was paid is not charged again."""
    before = attempts.alias("before")
    return (
        select(attempts.c.id, attempts.c.autopay_id, attempts.c.cycle, before.c.id.label("before"))
        .join(before, _same_cycle(before))
        .join(payments, payments.c.id == before.c.payment_id)
        .where(payments.c.state == PaymentState.SUCCEEDED.value, attempts.c.sent_at > payments.c.settled_at)
    )


def _same_cycle(before: Any) -> ColumnElement[bool]:
    return and_(
        attempts.c.autopay_id.is_not(None),
        before.c.autopay_id == attempts.c.autopay_id,
        before.c.cycle == attempts.c.cycle,
        before.c.number < attempts.c.number,
    )


def _not_agreed_to() -> Select[Any]:
    """When a call was made a consent stood, and it covered the sum."""
    consent = autopay_consents.c
    stood = exists().where(
        consent.autopay_id == attempts.c.autopay_id,
        consent.given_at <= attempts.c.sent_at,
        or_(consent.ended_at.is_(None), consent.ended_at >= attempts.c.sent_at),
        consent.currency == attempts.c.currency,
        consent.minor >= attempts.c.minor,
    )
    query = select(attempts.c.id, attempts.c.autopay_id, attempts.c.minor, attempts.c.currency)
    return query.where(attempts.c.autopay_id.is_not(None), attempts.c.sent_at.is_not(None), ~stood)


def _consents() -> Select[Any]:
    """What may charge has one consent, which says its sum; what has ended has none."""
    stands = autopay_consents.c.ended_at.is_(None)
    agrees = and_(
        autopay_consents.c.minor == autopays.c.minor, autopay_consents.c.currency == autopays.c.currency
    )
    many = (
        select(func.count())
        .select_from(autopay_consents)
        .where(autopay_consents.c.autopay_id == autopays.c.id, stands)
        .scalar_subquery()
    )
    ended = autopays.c.state == AutopayState.REVOKED.value
    wrong = or_(
        and_(_IS_CHARGING, or_(many != 1, ~_of(stands, agrees))),
        and_(ended, many != 0),
    )
    return select(autopays.c.id, autopays.c.state, many.label("many")).where(wrong)


def _sources() -> Select[Any]:
    """What may charge has a linked card of its customer's, or takes from the balance."""
    linked = exists().where(
        saved_cards.c.id == autopays.c.card_id,
        saved_cards.c.customer_id == autopays.c.customer_id,
        saved_cards.c.unlinked_at.is_(None),
    )
    query = select(autopays.c.id, autopays.c.card_id)
    return query.where(_IS_CHARGING, ~linked, autopays.c.balance_first.is_(False))


def _waiting() -> Select[Any]:
    """One whose card is not saved yet has charged nothing."""
    charged = exists().where(attempts.c.autopay_id == autopays.c.id)
    return select(autopays.c.id).where(autopays.c.state == AutopayState.WAITING.value, charged)


def _orders() -> Select[Any]:
    """Of an autopay's orders one is open at most."""
    many = func.count(distinct(orders.c.id))
    return (
        select(payments.c.autopay_id, many.label("many"))
        .join(orders, orders.c.id == payments.c.order_id)
        .where(payments.c.autopay_id.is_not(None), orders.c.state.in_(_OPEN_ORDERS))
        .group_by(payments.c.autopay_id)
        .having(many > 1)
    )


def _arrears() -> Select[Any]:
    """Only what is not paid for is in arrears."""
    return (
        select(arrears.c.id, arrears.c.connector_id, arrears.c.since, connectors.c.paid_until)
        .join(connectors, connectors.c.id == arrears.c.connector_id)
        .where(arrears.c.ended_at.is_(None), connectors.c.paid_until > arrears.c.since)
    )


def _tokens() -> Select[Any]:
    """The token of an unlinked card is kept for telling its provider, and for nothing else."""
    query = select(saved_cards.c.id)
    return query.where(
        saved_cards.c.unlinked_at.is_not(None),
        saved_cards.c.unlink_at_provider.is_(None),
        or_(saved_cards.c.token != "", saved_cards.c.page_token != ""),
    )


QUESTIONS: tuple[tuple[Callable[[], Select[Any]], Callable[[Any], str]], ...] = (
    (_twice, lambda row: f"autopay {row.autopay_id}: {row.many} charges brought money for {row.cycle}"),
    (
        _paired,
        lambda row: (
            f"payment {row.id}: autopay {row.autopay_id} charged it by {row.calls} calls, {row.alike} like it"
        ),
    ),
    (_strangers, lambda row: f"attempt {row.id}: a charge of no autopay"),
    (
        _too_early,
        lambda row: (
            f"attempt {row.id}: autopay {row.autopay_id} charged {row.cycle} again "
            f"before the end of attempt {row.before} was known"
        ),
    ),
    (
        _after_success,
        lambda row: (
            f"attempt {row.id}: autopay {row.autopay_id} charged {row.cycle} again "
            f"after attempt {row.before} had brought its money"
        ),
    ),
    (
        _not_agreed_to,
        lambda row: (
            f"attempt {row.id}: autopay {row.autopay_id} charged {row.minor} {row.currency} without a consent"
        ),
    ),
    (_consents, lambda row: f"autopay {row.id} ({row.state}): {row.many} consents stand, or another sum"),
    (_sources, lambda row: f"autopay {row.id}: its card {row.card_id} is not linked"),
    (_waiting, lambda row: f"autopay {row.id}: charged before its card was saved"),
    (_orders, lambda row: f"autopay {row.autopay_id}: {row.many} orders of it are open"),
    (
        _arrears,
        lambda row: (
            f"connector {row.connector_id}: in arrears since {row.since}, but paid until {row.paid_until}"
        ),
    ),
    (_tokens, lambda row: f"saved card {row.id}: unlinked, and its token is kept for nothing"),
)
