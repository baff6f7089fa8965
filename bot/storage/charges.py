"""Charges of metered connectors, as the seller's system counts them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select

from bot.domain.billing import month_of, moved
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.seller import Charge
from bot.storage.insert import insert_many_new
from bot.storage.tables import billing_runs, charges, connectors

BEGINNING_A_MONTH = 0x4B617374
"""The advisory lock of who begins to form a month; who adds charges shares it."""


class Charges:
    """A reference of the seller's is written once; what a charge says is never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unknown_connectors(self, ids: Iterable[str]) -> set[str]:
        wanted = set(ids)
        known = select(connectors.c.id).where(connectors.c.id.in_(sorted(wanted)))
        return wanted - set(self._connection.execute(known).scalars())

    def add(self, new: Sequence[Charge], zone: ZoneInfo) -> set[str]:
        """Write those that are new, in one statement; their references.

        The next regular invoice bills what comes after its month was begun to be formed.
        """
        moment, open_month = now(), self.open_month()
        rows = [
            {
                "reference": each.reference,
                "connector_id": each.connector_id,
                "started_at": each.started_at,
                "number": each.number,
                "duration_s": each.duration_s,
                "currency": each.amount.currency,
                "minor": each.amount.minor,
                "description": each.description,
                "created_at": moment,
                "month": max(month_of(each.started_at, zone), open_month),
            }
            for each in sorted(new, key=lambda charge: (charge.connector_id, charge.reference))
        ]
        query = insert_many_new(self._connection, charges, charges.c.reference)
        return set(self._connection.execute(query, rows).scalars())

    def open_month(self) -> str:
        """The first month that is not closed to charges; held open until this unit ends."""
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(select(func.pg_advisory_xact_lock_shared(BEGINNING_A_MONTH)))
        last = self._connection.execute(select(func.max(billing_runs.c.month))).scalar_one_or_none()
        return moved(last, 1) if last else ""

    def by_reference(self, references: Iterable[str]) -> dict[str, Charge]:
        query = select(charges).where(charges.c.reference.in_(sorted(references)))
        return {row.reference: _to_charge(row) for row in self._connection.execute(query)}


def _to_charge(row: Row[Any]) -> Charge:
    return Charge(
        reference=row.reference,
        connector_id=row.connector_id,
        started_at=row.started_at,
        amount=Money(row.minor, row.currency),
        number=row.number,
        duration_s=row.duration_s,
        description=row.description,
    )
