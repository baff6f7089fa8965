"""What receipts of payment say: money that came and went back, from the transfers and events themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.domain.events import EventKind
from bot.domain.money import Money
from bot.domain.payment_receipts import PaidFor, ReceiptLine
from bot.domain.states import EventFate, TransferReason
from bot.storage.tables import accounts, events, extensions, order_lines, orders, payments, transfers

_ARRIVED = (TransferReason.PAID.value, TransferReason.ASSIGNED.value)


class PaymentReceipts:
    """Reads alone; nothing here is on the way of a payment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(self, order_id: int) -> tuple[PaidFor, ...]:
        """What an order bought and until when; of a month's bill its number."""
        extended = (extensions.c.order_id == order_lines.c.order_id) & (
            extensions.c.connector_id == order_lines.c.connector_id
        )
        query = (
            select(order_lines.c.title, order_lines.c.months, order_lines.c.masked, extensions.c.to_date)
            .select_from(order_lines)
            .outerjoin(extensions, extended)
            .where(order_lines.c.order_id == order_id)
            .order_by(order_lines.c.connector_id)
        )
        found = tuple(
            PaidFor(row.title, row.months, None if row.masked else row.to_date)
            for row in self._connection.execute(query)
        )
        if found:
            return found
        number = select(orders.c.invoice).where(orders.c.id == order_id)
        return (PaidFor(self._connection.execute(number).scalar_one(), 0, None),)

    def settled(self, order_id: int) -> tuple[Money, datetime] | None:
        """What an order took from the balance and when; None while it took nothing."""
        query = select(orders.c.settled_minor, orders.c.settled_currency, orders.c.settled_at)
        row = self._connection.execute(query.where(orders.c.id == order_id)).one_or_none()
        if row is None or row.settled_at is None or row.settled_currency is None:
            return None
        return Money(row.settled_minor, row.settled_currency), row.settled_at

    def refunded(self, payment_id: int, currency: str) -> Money:
        """What of a payment went back."""
        query = select(func.coalesce(func.sum(events.c.minor), 0)).where(
            events.c.payment_id == payment_id,
            events.c.currency == currency,
            events.c.kind == EventKind.REFUNDED.value,
            events.c.fate == EventFate.BOOKED.value,
        )
        return Money(int(self._connection.execute(query).scalar_one()), currency)

    def arrived(self, customer_id: int, since: datetime, before: datetime, limit: int) -> list[ReceiptLine]:
        """Every payment of a customer whose money came in that time."""
        query = (
            select(payments, transfers.c.minor.label("came"), accounts.c.currency.label("money"))
            .join(transfers, transfers.c.payment_id == payments.c.id)
            .join(accounts, accounts.c.id == transfers.c.to_account)
            .where(
                payments.c.customer_id == customer_id,
                payments.c.settled_at >= since,
                payments.c.settled_at < before,
                transfers.c.reason.in_(_ARRIVED),
            )
            .order_by(payments.c.settled_at, transfers.c.id)
            .limit(limit)
        )
        rows = self._connection.execute(query).all()
        titles = self._titles({row.order_id for row in rows if row.order_id})
        return [
            ReceiptLine(
                at=row.settled_at,
                amount=Money(row.came, row.money),
                method=row.method,
                number=row.provider_payment,
                card=row.receipt.get("card", ""),
                reference=row.reference,
                titles=tuple(titles.get(row.order_id, ())),
            )
            for row in rows
        ]

    def gone_back(self, customer_id: int, since: datetime, before: datetime, limit: int) -> list[ReceiptLine]:
        """Every refund that a customer's payments saw in that time, below zero."""
        query = (
            select(events, payments.c.method, payments.c.reference.label("mark"))
            .join(payments, payments.c.id == events.c.payment_id)
            .where(
                payments.c.customer_id == customer_id,
                events.c.kind == EventKind.REFUNDED.value,
                events.c.fate == EventFate.BOOKED.value,
                events.c.seen_at >= since,
                events.c.seen_at < before,
            )
            .order_by(events.c.seen_at, events.c.id)
            .limit(limit)
        )
        return [
            ReceiptLine(
                at=row.seen_at,
                amount=Money(-row.minor, row.currency),
                method=row.method,
                number=row.provider_payment,
                card=row.receipt.get("card", ""),
                reference=row.mark,
                titles=(),
            )
            for row in self._connection.execute(query)
        ]

    def _titles(self, order_ids: set[int]) -> dict[int, list[str]]:
        query = select(order_lines.c.order_id, order_lines.c.title).where(
            order_lines.c.order_id.in_(order_ids)
        )
        found: dict[int, list[str]] = {}
        for row in self._connection.execute(query.order_by(order_lines.c.connector_id)):
            found.setdefault(row.order_id, []).append(row.title)
        return found
