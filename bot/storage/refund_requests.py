"""Refund requests, one open at a time for each payment, and what each is to do to connectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, literal, select, update

from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.refunds import Destination, LineChange, RefundRequest, RefundState, ServiceChange
from bot.storage.insert import insert_new
from bot.storage.tables import refund_changes, refund_requests


class RefundRequests:
    """States are changed by compare-and-set: whoever comes second finds the request moved on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        payment_id: int,
        order_id: int | None,
        customer_id: int,
        state: RefundState,
        amount: Money,
        reason: str,
        asked_by: int,
        account: str = "",
    ) -> int | None:
        """Its id; None where this payment has an open request already."""
        row = {
            "payment_id": payment_id,
            "order_id": order_id,
            "customer_id": customer_id,
            "state": state.value,
            "currency": amount.currency,
            "minor": amount.minor,
            "reason": reason,
            "service": ServiceChange.KEEP.value,
            "destination": Destination.SOURCE.value,
            "account": account,
            "asked_by": asked_by,
            "created_at": now(),
            "changed_at": now(),
        }
        added = self._connection.execute(insert_new(self._connection, refund_requests), row).first()
        return int(added.id) if added is not None else None

    def get(self, request_id: int) -> RefundRequest | None:
        return self._one(refund_requests.c.id == request_id)

    def open_of(self, payment_id: int) -> RefundRequest | None:
        """The one of this payment that has not ended."""
        return self._one(refund_requests.c.payment_id == payment_id, refund_requests.c.ended_at.is_(None))

    def last_of(self, payment_id: int) -> RefundRequest | None:
        """The newest of this payment, ended or not."""
        query = select(refund_requests).where(refund_requests.c.payment_id == payment_id)
        row = self._connection.execute(query.order_by(refund_requests.c.id.desc()).limit(1)).one_or_none()
        return _to_request(row) if row is not None else None

    def by_attempt(self, attempt_id: int) -> RefundRequest | None:
        """The one that this attempt carries out; None for money that goes back by itself."""
        return self._one(refund_requests.c.attempt_id == attempt_id)

    def move(
        self, request_id: int, *, to: RefundState, only_from: Sequence[RefundState], **values: Any
    ) -> bool:
        """Change the state unless another was first; an ended one gets its time. True if this call did."""
        is_over = to not in _OPEN
        unmoved = update(refund_requests).where(
            refund_requests.c.id == request_id,
            refund_requests.c.state.in_([state.value for state in only_from]),
        )
        moved = unmoved.values(
            state=to.value, changed_at=now(), ended_at=now() if is_over else None, **values
        )
        return self._connection.execute(moved.returning(refund_requests.c.id)).first() is not None

    def plan_changes(self, request_id: int, changes: Sequence[LineChange]) -> None:
        """Keep what was decided of connectors, in the place of what was decided before."""
        self._connection.execute(refund_changes.delete().where(refund_changes.c.request_id == request_id))
        rows = [
            {"request_id": request_id, "connector_id": each.connector_id, "days": each.days}
            for each in changes
        ]
        if rows:
            self._connection.execute(insert(refund_changes), rows)

    def put_on_balance(self, payment_id: int, currency: str) -> Money:
        """How much of this payment's money was refunded to its payer's balance."""
        done = refund_requests.c.state == RefundState.DONE.value
        rests = refund_requests.c.destination == Destination.BALANCE.value
        query = select(func.coalesce(func.sum(refund_requests.c.minor), 0)).where(
            refund_requests.c.payment_id == payment_id, refund_requests.c.currency == currency, done, rests
        )
        return Money(int(self._connection.execute(query).scalar_one()), currency)

    def days_under_way(self, connector_id: str) -> int:
        """By how many days its date will move back by refunds that were decided and are not done."""
        query = (
            select(func.coalesce(func.sum(refund_changes.c.days), 0))
            .join(refund_requests, refund_requests.c.id == refund_changes.c.request_id)
            .where(refund_changes.c.connector_id == connector_id, refund_requests.c.ended_at.is_(None))
        )
        return int(self._connection.execute(query).scalar_one())

    def forget_change(self, request_id: int, connector_id: str) -> None:
        """This connector has no date any more that could move."""
        gone = (refund_changes.c.request_id == request_id) & (refund_changes.c.connector_id == connector_id)
        self._connection.execute(refund_changes.delete().where(gone))

    def copy_changes(self, from_id: int, to_id: int) -> None:
        """The same was decided of connectors once more."""
        same = select(literal(to_id), refund_changes.c.connector_id, refund_changes.c.days).where(
            refund_changes.c.request_id == from_id
        )
        names = ["request_id", "connector_id", "days"]
        self._connection.execute(insert(refund_changes).from_select(names, same))

    def changes(self, request_id: int) -> list[tuple[str, int]]:
        """Each connector with the days that its date moves back by."""
        query = select(refund_changes.c.connector_id, refund_changes.c.days).where(
            refund_changes.c.request_id == request_id
        )
        return [
            (row.connector_id, row.days)
            for row in self._connection.execute(query.order_by(refund_changes.c.connector_id))
        ]

    def _one(self, *where: Any) -> RefundRequest | None:
        row = self._connection.execute(select(refund_requests).where(*where)).one_or_none()
        return _to_request(row) if row is not None else None


_OPEN = (RefundState.ASKED, RefundState.PROPOSED, RefundState.SENDING, RefundState.BY_HAND)


def _to_request(row: Row[Any]) -> RefundRequest:
    return RefundRequest(
        id=row.id,
        payment_id=row.payment_id,
        order_id=row.order_id,
        customer_id=row.customer_id,
        state=RefundState(row.state),
        amount=Money(row.minor, row.currency),
        reason=row.reason,
        service=ServiceChange(row.service),
        destination=Destination(row.destination),
        account=row.account,
        asked_by=row.asked_by,
        proposed_by=row.proposed_by,
        confirmed_by=row.confirmed_by,
        attempt_id=row.attempt_id,
        outcome=row.outcome,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
