"""What became of the fiscal receipts that providers make."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    exists,
    insert,
    literal,
    select,
    update,
)

from bot.domain.fiscal import FiscalReceipt, FiscalState
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.states import PaymentState
from bot.storage.index_words import among
from bot.storage.payments import to_payment
from bot.storage.tables import fiscal_receipts, payments

PAYMENT = "payment"

_HAS_ARRIVED = among(payments.c.state, PaymentState.SUCCEEDED)

# Joined to nothing, so that SQLite does not go through all that a provider ever brought.
_BROUGHT_BY = payments.c.provider.concat("")


class FiscalReceipts:
    """A row for each payment that owes one; `next_ask_at` is empty once the answer is final."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_new(self, providers: Collection[str], since: datetime, limit: int) -> int:
        """Expect the receipts of what these providers brought since then; how many were new."""
        known = exists().where(fiscal_receipts.c.payment_id == payments.c.id)
        new = (
            select(
                payments.c.id,
                literal(PAYMENT),
                literal(FiscalState.PENDING.value),
                payments.c.settled_at,
                payments.c.settled_at,
            )
            .where(
                _HAS_ARRIVED,
                payments.c.settled_at >= since,
                _BROUGHT_BY.in_(list(providers)),
                payments.c.provider_payment != "",
                ~known,
            )
            .order_by(payments.c.settled_at)
            .limit(limit)
        )
        columns = ["payment_id", "kind", "state", "next_ask_at", "changed_at"]
        return self._connection.execute(insert(fiscal_receipts).from_select(columns, new)).rowcount

    def take_due(self, limit: int, lease: timedelta) -> list[tuple[Payment, int]]:
        """Payments whose receipt is to be asked after, and how often that was done before."""
        due = (
            select(fiscal_receipts.c.payment_id)
            .where(fiscal_receipts.c.next_ask_at <= now())
            .order_by(fiscal_receipts.c.next_ask_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = (
            update(fiscal_receipts)
            .where(fiscal_receipts.c.payment_id.in_(due.scalar_subquery()))
            .values(next_ask_at=now() + lease, asked=fiscal_receipts.c.asked + 1)
            .returning(fiscal_receipts.c.payment_id, fiscal_receipts.c.asked)
        )
        asked = {row.payment_id: row.asked for row in self._connection.execute(taken)}
        query = select(payments).where(payments.c.id.in_(asked)).order_by(payments.c.id)
        return [(to_payment(row), asked[row.id] - 1) for row in self._connection.execute(query)]

    def get(self, payment_id: int) -> FiscalReceipt | None:
        query = select(fiscal_receipts).where(_is_of(payment_id))
        row = self._connection.execute(query).one_or_none()
        return FiscalReceipt(FiscalState(row.state), row.number, row.url) if row else None

    def known(self, payment_id: int, told: FiscalReceipt) -> bool:
        """Write down a final answer; False when it was final already."""
        query = (
            update(fiscal_receipts)
            .where(
                _is_of(payment_id),
                fiscal_receipts.c.state == FiscalState.PENDING.value,
            )
            .values(
                state=told.state.value, number=told.number, url=told.url, next_ask_at=None, changed_at=now()
            )
        )
        return self._connection.execute(query.returning(fiscal_receipts.c.payment_id)).first() is not None

    def ask_at(self, payment_id: int, moment: datetime) -> None:
        query = update(fiscal_receipts).where(_is_of(payment_id), fiscal_receipts.c.next_ask_at.is_not(None))
        self._connection.execute(query.values(next_ask_at=moment))


def _is_of(payment_id: int) -> ColumnElement[bool]:
    """The payment's own; the receipt of a refund is another row."""
    return and_(fiscal_receipts.c.payment_id == payment_id, fiscal_receipts.c.kind == PAYMENT)
