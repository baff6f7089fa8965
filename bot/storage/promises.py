"""Payments noted by hand before the bank tells of them; the statement's line confirms each once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from bot.domain.money import Money
from bot.domain.periods import now
from bot.storage.tables import promises

BOOKED, CONFIRMED, UNDONE = "booked", "confirmed", "undone"


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody noted; `event_id` is the movement it was booked as."""

    id: int
    invoice_id: int
    amount: Money
    event_id: int


class Promises:
    """Booked at once; confirmed by one line, or undone with the booking."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, invoice_id: int, amount: Money, *, event_id: int, who: int, seconded_by: int | None) -> int:
        row = {
            "invoice_id": invoice_id,
            "currency": amount.currency,
            "minor": amount.minor,
            "state": BOOKED,
            "who": who,
            "seconded_by": seconded_by,
            "event_id": event_id,
            "created_at": now(),
        }
        return int(self._connection.execute(insert(promises).returning(promises.c.id), row).scalar_one())

    def get(self, promise_id: int) -> Promise | None:
        row = self._connection.execute(select(promises).where(promises.c.id == promise_id)).one_or_none()
        if row is None:
            return None
        return Promise(row.id, row.invoice_id, Money(row.minor, row.currency), row.event_id)

    def waiting(self, invoice_ids: Collection[int]) -> dict[tuple[int, Money], int]:
        """Those for these invoices that no line has confirmed, by invoice and sum; the oldest of equals."""
        query = select(promises).where(promises.c.invoice_id.in_(invoice_ids), promises.c.state == BOOKED)
        found: dict[tuple[int, Money], int] = {}
        for row in self._connection.execute(query.order_by(promises.c.id)):
            found.setdefault((row.invoice_id, Money(row.minor, row.currency)), row.id)
        return found

    def standing(self, invoice_id: int, currency: str) -> Money:
        """What was noted for the invoice and no line has confirmed, all of it."""
        query = select(func.coalesce(func.sum(promises.c.minor), 0)).where(
            promises.c.invoice_id == invoice_id, promises.c.currency == currency, promises.c.state == BOOKED
        )
        return Money(int(self._connection.execute(query).scalar_one()), currency)

    def confirm(self, promise_id: int, line_id: int) -> bool:
        """False where another line was first."""
        waits = update(promises).where(promises.c.id == promise_id, promises.c.state == BOOKED)
        confirmed = waits.values(state=CONFIRMED, line_id=line_id).returning(promises.c.id)
        return self._connection.execute(confirmed).first() is not None

    def undo(self, event_id: int) -> None:
        """Its money was booked to the wrong invoice; the line that confirmed it stands for itself now."""
        known = update(promises).where(promises.c.event_id == event_id)
        self._connection.execute(known.values(state=UNDONE, line_id=None))
