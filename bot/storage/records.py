"""What records are made of, beyond what other queries tell: rows that hang on one thing, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.domain.payments import Attempt, BookedEvent, Payment
from bot.domain.records import Extension
from bot.domain.states import OPEN_ORDERS, ExtensionCause
from bot.storage.attempts import to_attempt
from bot.storage.connectors import of_customer, to_connector
from bot.storage.events import to_event
from bot.storage.payments import to_payment
from bot.storage.tables import (
    accounts,
    attempts,
    connectors,
    events,
    extensions,
    order_lines,
    orders,
    payments,
)


class Records:
    """Reads alone, and never more than `limit` rows: a busy payer has thousands of each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def balances(self, payer_ids: Collection[int]) -> list[Money]:
        """What these have, account by account."""
        query = select(accounts.c.balance, accounts.c.currency).where(accounts.c.payer_id.in_(payer_ids))
        rows = self._connection.execute(query.order_by(accounts.c.id))
        return [Money(row.balance, row.currency) for row in rows]

    def open_orders(self, customer_id: int, limit: int) -> list[int]:
        """The numbers of what he has yet to pay, or waits to have approved."""
        states = [state.value for state in OPEN_ORDERS]
        query = select(orders.c.id).where(orders.c.customer_id == customer_id, orders.c.state.in_(states))
        return list(self._connection.scalars(query.order_by(orders.c.id.desc()).limit(limit)))

    def connectors(self, payer_id: int, limit: int) -> list[Connector]:
        query = select(connectors).where(connectors.c.payer_id == payer_id).order_by(connectors.c.id)
        return [to_connector(row) for row in self._connection.execute(query.limit(limit))]

    def count_connectors(self, payer_id: int) -> int:
        return self._count(select(connectors.c.id).where(connectors.c.payer_id == payer_id))

    def count_connectors_of_customer(self, customer_id: int) -> int:
        """Of all the payers that are his."""
        return self._count(of_customer(customer_id))

    def extensions(self, connector_id: str, limit: int) -> list[Extension]:
        query = select(extensions).where(extensions.c.connector_id == connector_id)
        rows = self._connection.execute(query.order_by(extensions.c.id.desc()).limit(limit))
        return [
            Extension(
                from_date=row.from_date,
                to_date=row.to_date,
                cause=ExtensionCause(row.cause),
                order_id=row.order_id,
                note=row.note,
                at=row.created_at,
            )
            for row in rows
        ]

    def orders_of(self, connector_id: str, limit: int) -> list[int]:
        """The numbers of the orders that a connector stood in."""
        query = select(order_lines.c.order_id).where(order_lines.c.connector_id == connector_id)
        return list(self._connection.scalars(query.order_by(order_lines.c.order_id.desc()).limit(limit)))

    def payments_of(self, order_id: int, limit: int) -> list[Payment]:
        query = select(payments).where(payments.c.order_id == order_id).order_by(payments.c.id.desc())
        return [to_payment(row) for row in self._connection.execute(query.limit(limit))]

    def events_of(self, payment_id: int, limit: int) -> list[BookedEvent]:
        """What its provider told of, the newest first."""
        query = select(events).where(events.c.payment_id == payment_id).order_by(events.c.id.desc())
        return [to_event(row) for row in self._connection.execute(query.limit(limit))]

    def attempts_of(self, payment_id: int, limit: int) -> list[Attempt]:
        """Refunds, charges and receipts that we asked its provider for."""
        query = select(attempts).where(attempts.c.payment_id == payment_id).order_by(attempts.c.id.desc())
        return [to_attempt(row) for row in self._connection.execute(query.limit(limit))]

    def _count(self, found: Any) -> int:
        return int(self._connection.execute(select(func.count()).select_from(found.subquery())).scalar_one())
