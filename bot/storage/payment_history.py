"""Payments as people look at them: a customer at his own, an operator for whoever paid."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, or_, select

from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.states import PaymentState
from bot.storage.payments import to_payment
from bot.storage.search import Search
from bot.storage.tables import order_lines, payments


class PaymentHistory:
    """Reads alone; nothing here is on the way of a payment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asking_for(self, amount: Money, *, limit: int) -> list[Payment]:
        """Those of the newest that ask for this sum, unpaid ones first."""
        query = select(payments).where(
            payments.c.id > Search(self._connection).before_newest(),
            payments.c.minor == amount.minor,
            payments.c.currency == amount.currency,
        )
        paid_last = payments.c.state == PaymentState.SUCCEEDED.value
        ordered = query.order_by(paid_last, payments.c.id.desc()).limit(limit)
        return [to_payment(row) for row in self._connection.execute(ordered)]

    def newest_of(self, customer_id: int, *, limit: int) -> list[Payment]:
        """A customer's payments, the newest first, also those whose link was never used."""
        query = select(payments).where(payments.c.customer_id == customer_id)
        query = query.order_by(payments.c.id.desc()).limit(limit)
        return [to_payment(row) for row in self._connection.execute(query)]

    def page(self, customer_id: int, *, limit: int, offset: int) -> list[Payment]:
        """A page of what a customer is told of, the newest first; links that were never used are left out."""
        query = select(payments).where(_told_of(customer_id)).order_by(payments.c.id.desc())
        return [to_payment(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def titles(self, found: Sequence[Payment]) -> dict[int, list[str]]:
        """What the orders behind these payments are for, by order."""
        ids = {payment.order_id for payment in found if payment.order_id}
        query = select(order_lines.c.order_id, order_lines.c.title).where(order_lines.c.order_id.in_(ids))
        titles: dict[int, list[str]] = {}
        for row in self._connection.execute(query.order_by(order_lines.c.connector_id)):
            titles.setdefault(row.order_id, []).append(row.title)
        return titles

    def count(self, customer_id: int) -> int:
        query = select(func.count()).select_from(payments).where(_told_of(customer_id))
        return int(self._connection.execute(query).scalar_one())


def _told_of(customer_id: int) -> Any:
    """A payment is history once it was paid, or once its link was made."""
    paid = payments.c.state == PaymentState.SUCCEEDED.value
    linked = or_(payments.c.url != "", payments.c.state == PaymentState.PENDING.value)
    return (payments.c.customer_id == customer_id) & or_(paid, linked)
