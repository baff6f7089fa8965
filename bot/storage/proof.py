"""Questions that prove the books: each returns the rows that disagree, so an empty answer is a proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from bot.domain.events import EventKind
from bot.domain.states import AttemptKind, AttemptState, EventFate, OrderState, PaymentState, TransferReason
from bot.storage import proof_autopay, proof_billing, proof_desk, proof_papers, proof_refunds
from bot.storage.tables import (
    accounts,
    attempts,
    connectors,
    events,
    extensions,
    order_lines,
    orders,
    payments,
    transfers,
)

_SETTLED_STATES = [state.value for state in (OrderState.PAID, OrderState.FULFILLED, OrderState.REFUNDED)]
_GIVEN = [TransferReason.PAID.value, TransferReason.ASSIGNED.value]


class Disagreements:
    """All questions, asked of one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Iterator[str]:
        """A line for each row that disagrees with the transfers."""
        for ask, say in (*_QUESTIONS, *_OTHERS):
            for row in self._connection.execute(ask()):
                yield say(row)


def _moved(*reasons: str) -> ColumnElement[bool]:
    return transfers.c.reason.in_(reasons)


def _sum(*where: ColumnElement[bool]) -> Any:
    return select(func.coalesce(func.sum(transfers.c.minor), 0)).where(*where).scalar_subquery()


def _balances() -> Select[Any]:
    """A payer's cached balance is what came in less what went out."""
    came = (
        select(transfers.c.to_account.label("account"), func.sum(transfers.c.minor).label("minor"))
        .group_by(transfers.c.to_account)
        .subquery()
    )
    went = (
        select(transfers.c.from_account.label("account"), func.sum(transfers.c.minor).label("minor"))
        .group_by(transfers.c.from_account)
        .subquery()
    )
    proved = func.coalesce(came.c.minor, 0) - func.coalesce(went.c.minor, 0)
    return (
        select(accounts.c.name, accounts.c.currency, accounts.c.balance, proved.label("proved"))
        .outerjoin(came, came.c.account == accounts.c.id)
        .outerjoin(went, went.c.account == accounts.c.id)
        .where(accounts.c.balance.is_not(None), accounts.c.balance != proved)
    )


def _currencies() -> Select[Any]:
    """A transfer never leaves its currency."""
    giver, taker = accounts.alias("giver"), accounts.alias("taker")
    return (
        select(transfers.c.id)
        .join(giver, giver.c.id == transfers.c.from_account)
        .join(taker, taker.c.id == transfers.c.to_account)
        .where(giver.c.currency != taker.c.currency)
    )


def _orders() -> Select[Any]:
    """A settled order took exactly its price, once; any other took nothing."""
    taken = _sum(transfers.c.order_id == orders.c.id, _moved(TransferReason.SETTLED.value))
    settled = orders.c.state.in_(_SETTLED_STATES)
    price = case((settled, func.coalesce(orders.c.settled_minor, -1)), else_=0)
    return select(orders.c.id, orders.c.state, orders.c.settled_minor, taken.label("taken")).where(
        taken != price
    )


def _payments() -> Select[Any]:
    """A payment succeeded if and only if money arrived for it, and was not taken for it by mistake."""
    of_it = transfers.c.payment_id == payments.c.id
    arrived = exists().where(of_it, _moved(*_GIVEN))
    mistaken = exists().where(of_it, _moved(TransferReason.WITHDRAWN.value))
    given = and_(arrived, ~mistaken)
    succeeded = payments.c.state == PaymentState.SUCCEEDED.value
    return select(payments.c.id, payments.c.state).where(
        or_(and_(succeeded, ~given), and_(~succeeded, given))
    )


def _events() -> Select[Any]:
    """Money that was booked moved once and in full; what is foreign or a test moved nothing."""
    reasons = [*_GIVEN, TransferReason.TAKEN_BACK.value, TransferReason.REFUNDED.value]
    of_it = transfers.c.event_id == events.c.id
    forth = _sum(of_it, _moved(*reasons, TransferReason.CLEARED.value))
    moved = forth - _sum(of_it, _moved(TransferReason.WITHDRAWN.value))
    fates = [EventFate.BOOKED.value, EventFate.CLEARING.value]
    booked = case((events.c.fate.in_(fates), events.c.minor), else_=0)
    return select(events.c.id, events.c.kind, events.c.fate, events.c.minor, moved.label("moved")).where(
        moved != booked
    )


def _suspense() -> Select[Any]:
    """What waits for an owner lies in suspense: in once, out again when somebody claims it."""
    waiting = (TransferReason.UNASSIGNED.value, TransferReason.WITHDRAWN.value)
    into = _sum(transfers.c.event_id == events.c.id, _moved(*waiting))
    left = (TransferReason.ASSIGNED.value, TransferReason.RELEASED.value)
    out = _sum(transfers.c.event_id == events.c.id, _moved(*left))
    unclaimed = [EventFate.SUSPENSE.value, EventFate.REVIEW.value, EventFate.RETURNED.value]
    waits = events.c.fate.in_(unclaimed)
    lies = case((and_(waits, events.c.kind == EventKind.PAID.value), events.c.minor), else_=0)
    return select(events.c.id, events.c.fate, events.c.minor, (into - out).label("lies")).where(
        into - out != lies
    )


def _paid_until() -> Select[Any]:
    """A connector's date is where its last extension ended."""
    newer = extensions.alias("newer")
    last = select(func.max(newer.c.id)).where(newer.c.connector_id == connectors.c.id).scalar_subquery()
    return (
        select(connectors.c.id, connectors.c.paid_until, extensions.c.to_date)
        .select_from(connectors)
        .outerjoin(extensions, extensions.c.id == last)
        .where(connectors.c.paid_until.is_distinct_from(extensions.c.to_date))
    )


def _extended() -> Select[Any]:
    """Every line of a fulfilled order extended its connector, and no other did."""
    extended = exists().where(
        extensions.c.order_id == order_lines.c.order_id,
        extensions.c.connector_id == order_lines.c.connector_id,
    )
    settled = orders.c.settled_at.is_not(None)
    return (
        select(order_lines.c.order_id, order_lines.c.connector_id, orders.c.state)
        .select_from(order_lines)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(or_(and_(settled, ~extended), and_(~settled, extended)))
    )


def _attempts() -> Select[Any]:
    """A refund that is under way holds its money; one that ended has passed it on."""
    held = _sum(transfers.c.attempt_id == attempts.c.id, _moved(TransferReason.REFUNDING.value))
    passed = _sum(
        transfers.c.attempt_id == attempts.c.id,
        _moved(TransferReason.REFUNDED.value, TransferReason.REFUND_FAILED.value),
    )
    moves_none = or_(
        attempts.c.state == AttemptState.KNOWN.value, attempts.c.kind != AttemptKind.REFUND.value
    )
    expected = case((moves_none, 0), else_=attempts.c.minor)
    return select(attempts.c.id, attempts.c.state, (held - passed).label("held")).where(
        held - passed != expected
    )


_QUESTIONS: tuple[tuple[Callable[[], Select[Any]], Callable[[Any], str]], ...] = (
    (
        _balances,
        lambda row: (
            f"account {row.name} {row.currency}: balance {row.balance}, its transfers say {row.proved}"
        ),
    ),
    (_currencies, lambda row: f"transfer {row.id}: from one currency into another"),
    (
        _orders,
        lambda row: f"order {row.id} ({row.state}): settled for {row.settled_minor}, took {row.taken}",
    ),
    (_payments, lambda row: f"payment {row.id}: {row.state}, its transfers say otherwise"),
    (
        _events,
        lambda row: f"event {row.id} ({row.kind}, {row.fate}): {row.minor} told, {row.moved} moved",
    ),
    (
        _suspense,
        lambda row: f"event {row.id} ({row.fate}): {row.minor} told, {row.lies} lies in suspense",
    ),
    (
        _paid_until,
        lambda row: f"connector {row.id}: paid until {row.paid_until}, its extensions say {row.to_date}",
    ),
    (
        _extended,
        lambda row: (
            f"order {row.order_id} ({row.state}): connector {row.connector_id} and its extension disagree"
        ),
    ),
    (_attempts, lambda row: f"attempt {row.id} ({row.state}): {row.held} is on its way"),
)
_OTHERS = (
    *proof_papers.QUESTIONS,
    *proof_billing.QUESTIONS,
    *proof_autopay.QUESTIONS,
    *proof_desk.QUESTIONS,
    *proof_refunds.QUESTIONS,
)
