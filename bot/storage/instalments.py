"""What is sold in parts, as the seller's system last told of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from bot.domain.billing import Instalment
from bot.domain.money import Money
from bot.domain.periods import now
from bot.storage.insert import insert_any
from bot.storage.tables import connectors, instalments, payers
from bot.storage.usage import Scope, of_scope

_THEIRS = instalments.join(connectors, connectors.c.id == instalments.c.connector_id).join(
    payers, payers.c.id == connectors.c.payer_id
)


class Instalments:
    """The seller's own id says which; the last told of it counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, instalment_id: str) -> Instalment | None:
        query = select(instalments).where(instalments.c.id == instalment_id)
        row = self._connection.execute(query).one_or_none()
        return _to_instalment(row) if row is not None else None

    def put(self, instalment: Instalment) -> None:
        """Write it, whatever stood there."""
        row = {
            "connector_id": instalment.connector_id,
            "title": instalment.title,
            "currency": instalment.total.currency,
            "total_minor": instalment.total.minor,
            "paid_minor": instalment.paid.minor,
            "next_on": instalment.next_on,
            "next_minor": instalment.next_amount.minor if instalment.next_amount else None,
            "changed_at": now(),
        }
        new = insert_any(self._connection, instalments).values(id=instalment.id, **row)
        self._connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=row))

    def remove(self, instalment_id: str) -> bool:
        """False where there was none."""
        query = delete(instalments).where(instalments.c.id == instalment_id).returning(instalments.c.id)
        return self._connection.execute(query).first() is not None

    def of(self, scope: Scope, *, limit: int, offset: int = 0) -> list[Instalment]:
        """Those that are next on top, those that are paid at the end."""
        query = (
            select(instalments)
            .select_from(_THEIRS)
            .where(*of_scope(scope))
            .order_by(instalments.c.next_on.is_(None), instalments.c.next_on, instalments.c.id)
        )
        return [_to_instalment(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def count(self, scope: Scope) -> int:
        query = select(func.count()).select_from(_THEIRS).where(*of_scope(scope))
        return int(self._connection.execute(query).scalar_one())


def _to_instalment(row: Row[Any]) -> Instalment:
    next_amount = Money(row.next_minor, row.currency) if row.next_minor is not None else None
    return Instalment(
        id=row.id,
        connector_id=row.connector_id,
        title=row.title,
        total=Money(row.total_minor, row.currency),
        paid=Money(row.paid_minor, row.currency),
        next_on=row.next_on,
        next_amount=next_amount,
    )
