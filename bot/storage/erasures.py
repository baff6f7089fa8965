"""Wishes to be forgotten, until they are carried out, and the proof that they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.domain.periods import now
from bot.domain.personal_data import Erasure
from bot.storage.tables import erasures


class Erasures:
    """One that waits at a time for each person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting_of(self, customer_id: int) -> Erasure | None:
        query = select(erasures).where(erasures.c.customer_id == customer_id, erasures.c.done_at.is_(None))
        row = self._connection.execute(query.order_by(erasures.c.id).limit(1)).one_or_none()
        return _to_erasure(row) if row else None

    def waiting(self, limit: int) -> list[Erasure]:
        """Those that are not carried out yet, the oldest first."""
        query = select(erasures).where(erasures.c.done_at.is_(None)).order_by(erasures.c.id).limit(limit)
        return [_to_erasure(row) for row in self._connection.execute(query)]

    def ask(self, customer_id: int, due_at: datetime) -> Erasure:
        row = {"customer_id": customer_id, "asked_at": now(), "due_at": due_at}
        made = self._connection.execute(insert(erasures).values(row).returning(erasures))
        return _to_erasure(made.one())

    def take_back(self, customer_id: int) -> bool:
        """He thought better of it."""
        query = delete(erasures).where(erasures.c.customer_id == customer_id, erasures.c.done_at.is_(None))
        return self._connection.execute(query).rowcount > 0

    def done(self, erasure_id: int, deleted: Mapping[str, int], kept: Mapping[str, str]) -> None:
        query = update(erasures).where(erasures.c.id == erasure_id)
        self._connection.execute(query.values(done_at=now(), deleted=dict(deleted), kept=dict(kept)))


def _to_erasure(row: Row[Any]) -> Erasure:
    return Erasure(row.id, row.customer_id, row.asked_at, row.due_at, row.done_at, row.deleted)
