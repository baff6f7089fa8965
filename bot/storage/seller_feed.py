"""Money that arrived, as the seller's system reads it: oldest first, from a place it remembers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select, tuple_

from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.seller import ArrivedPayment, PaidConnector, Place
from bot.domain.states import PaymentState, TransferReason
from bot.storage.payments import to_payment
from bot.storage.tables import accounts, extensions, order_lines, payments, transfers

HELD_BACK = {"sqlite": timedelta(0), "postgresql": timedelta(minutes=1)}
"""Units of several replicas commit in another order than they read the clock; none may be overtaken."""

_ARRIVED = (TransferReason.PAID.value, TransferReason.ASSIGNED.value)
_WENT_BACK = (TransferReason.TAKEN_BACK.value, TransferReason.RETURNED.value, TransferReason.REFUNDING.value)


class SellerFeed:
    """Stable: what was told once stands before all that is told later."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def after(self, place: Place | None, *, limit: int) -> list[ArrivedPayment]:
        upto = now() - HELD_BACK[self._connection.dialect.name]
        query = select(payments).where(
            payments.c.state == PaymentState.SUCCEEDED.value, payments.c.settled_at <= upto
        )
        if place is not None:
            query = query.where(_behind(place))
        query = query.order_by(payments.c.settled_at, payments.c.reference).limit(limit)
        found = [to_payment(row) for row in self._connection.execute(query)]
        sums = self._sums(payment.id for payment in found)
        lines = self._lines({payment.order_id for payment in found if payment.order_id})
        return [_arrived(payment, sums, lines.get(payment.order_id or 0, [])) for payment in found]

    def _sums(self, payment_ids: Iterable[int]) -> dict[tuple[int, str], tuple[int, int]]:
        """By payment and currency: what came, and what went back or is on its way."""
        came = case((transfers.c.reason.in_(_ARRIVED), transfers.c.minor), else_=0)
        back = case(
            (transfers.c.reason.in_(_WENT_BACK), transfers.c.minor),
            (transfers.c.reason == TransferReason.REFUND_FAILED.value, -transfers.c.minor),
            else_=0,
        )
        query = (
            select(transfers.c.payment_id, accounts.c.currency, func.sum(came), func.sum(back))
            .join(accounts, accounts.c.id == transfers.c.from_account)
            .where(transfers.c.payment_id.in_(list(payment_ids)))
            .group_by(transfers.c.payment_id, accounts.c.currency)
        )
        rows = self._connection.execute(query)
        return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}

    def _lines(self, order_ids: set[int]) -> dict[int, list[PaidConnector]]:
        same_line = and_(
            extensions.c.order_id == order_lines.c.order_id,
            extensions.c.connector_id == order_lines.c.connector_id,
        )
        query = (
            select(
                order_lines.c.order_id,
                order_lines.c.connector_id,
                order_lines.c.months,
                extensions.c.to_date,
            )
            .outerjoin(extensions, same_line)
            .where(order_lines.c.order_id.in_(order_ids))
            .order_by(order_lines.c.order_id, order_lines.c.connector_id)
        )
        found: dict[int, list[PaidConnector]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.order_id].append(PaidConnector(row.connector_id, row.months, row.to_date))
        return found


def _behind(place: Place) -> ColumnElement[bool]:
    settled_at, reference = payments.c.settled_at, payments.c.reference
    here = tuple_(literal(place.settled_at, settled_at.type), literal(place.reference))
    return tuple_(settled_at, reference) > here


def _arrived(
    payment: Payment, sums: dict[tuple[int, str], tuple[int, int]], lines: list[PaidConnector]
) -> ArrivedPayment:
    """In the currency that really came, which need not be the one that was asked for."""
    own = payment.amount.currency
    told = [(code, *each) for (payment_id, code), each in sums.items() if payment_id == payment.id]
    currency, came, back = min(told, key=lambda each: each[0] != own, default=(own, 0, 0))
    return ArrivedPayment(payment, Money(came, currency), Money(back, currency), lines)
