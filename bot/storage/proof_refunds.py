"""Questions about refund requests: each agrees with its attempt, and moved what was decided, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, exists, func, literal, or_, select

from bot.domain.refunds import RefundState
from bot.domain.states import AttemptKind, AttemptState, ExtensionCause
from bot.storage.tables import attempts, extensions, refund_changes, refund_requests

_request = refund_requests.c
_ON_THE_BALANCE = "balance"
_OPEN = [
    state.value
    for state in (RefundState.ASKED, RefundState.PROPOSED, RefundState.SENDING, RefundState.BY_HAND)
]
_ON_ITS_WAY = [RefundState.SENDING.value, RefundState.BY_HAND.value]
_NOTE = literal("refund:") + cast(_request.id, String)


def _ended() -> Select[Any]:
    """What is open has no end, and what is over has one."""
    is_open = _request.state.in_(_OPEN)
    return select(_request.id, _request.state).where(
        or_(and_(is_open, _request.ended_at.is_not(None)), and_(~is_open, _request.ended_at.is_(None)))
    )


def _attempts() -> Select[Any]:
    """On its way its attempt has no end; done it has arrived, failed it has not; before there is none."""
    is_known = attempts.c.state == AttemptState.KNOWN.value
    arrived = and_(is_known, attempts.c.outcome == "done")
    on_balance = _request.outcome == _ON_THE_BALANCE
    right = case(
        (_request.state.in_(_ON_ITS_WAY), and_(attempts.c.id.is_not(None), ~is_known)),
        (and_(_request.state == RefundState.DONE.value, on_balance), or_(attempts.c.id.is_(None), is_known)),
        (_request.state == RefundState.DONE.value, func.coalesce(arrived, False)),
        (_request.state == RefundState.FAILED.value, func.coalesce(is_known, False)),
        else_=_request.attempt_id.is_(None),
    )
    return (
        select(_request.id, _request.state, attempts.c.state.label("attempt"), attempts.c.outcome)
        .select_from(refund_requests)
        .outerjoin(attempts, attempts.c.id == _request.attempt_id)
        .where(~func.coalesce(right, False))
    )


def _sums() -> Select[Any]:
    """The attempt sends what was decided, through the payment that was named."""
    is_same = and_(
        attempts.c.kind == AttemptKind.REFUND.value,
        attempts.c.payment_id == _request.payment_id,
        attempts.c.minor == _request.minor,
        attempts.c.currency == _request.currency,
    )
    return (
        select(_request.id, _request.minor, attempts.c.minor.label("sent"))
        .select_from(refund_requests)
        .join(attempts, attempts.c.id == _request.attempt_id)
        .where(~is_same)
    )


def _changes() -> Select[Any]:
    """A connector's date moved back by what was decided when the request was done, and not otherwise."""
    moved = exists().where(
        extensions.c.connector_id == refund_changes.c.connector_id,
        extensions.c.cause == ExtensionCause.REFUND.value,
        extensions.c.note == _NOTE,
    )
    is_done = _request.state == RefundState.DONE.value
    return (
        select(_request.id, _request.state, refund_changes.c.connector_id)
        .select_from(refund_requests)
        .join(refund_changes, refund_changes.c.request_id == _request.id)
        .where(or_(and_(is_done, ~moved), and_(~is_done, moved)))
    )


def _decided() -> Select[Any]:
    """No date moves back by a refund that nobody decided, nor twice by one."""
    known = (
        exists()
        .where(refund_changes.c.connector_id == extensions.c.connector_id, extensions.c.note == _NOTE)
        .where(refund_changes.c.request_id == _request.id)
    )
    twin = extensions.alias("twin")
    twice = exists().where(
        twin.c.note == extensions.c.note,
        twin.c.cause == extensions.c.cause,
        twin.c.connector_id == extensions.c.connector_id,
        twin.c.id < extensions.c.id,
    )
    return select(extensions.c.id, extensions.c.connector_id, extensions.c.note).where(
        extensions.c.cause == ExtensionCause.REFUND.value, or_(~known, twice)
    )


QUESTIONS: tuple[tuple[Callable[[], Select[Any]], Callable[[Any], str]], ...] = (
    (_ended, lambda row: f"refund request {row.id} ({row.state}): its end and its state disagree"),
    (
        _attempts,
        lambda row: f"refund request {row.id} ({row.state}): its attempt is {row.attempt} ({row.outcome})",
    ),
    (_sums, lambda row: f"refund request {row.id}: {row.minor} decided, its attempt sends {row.sent}"),
    (
        _changes,
        lambda row: f"refund request {row.id} ({row.state}): connector {row.connector_id} says otherwise",
    ),
    (
        _decided,
        lambda row: f"extension {row.id}: connector {row.connector_id} by {row.note}, which nobody decided",
    ),
)
