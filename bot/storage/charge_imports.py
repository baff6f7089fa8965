"""Charges of a seller's file on their way into the books: staged, accepted, then moved a part at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, and_, bindparam, case, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.imports import ImportedCharge, Repeated
from bot.domain.periods import now
from bot.storage.charges import Charges
from bot.storage.columns import Moment
from bot.storage.tables import charges, connectors
from bot.storage.tables import imported_charges as staged

_SAID = ("connector_id", "started_at", "number", "duration_s", "currency", "minor", "description")
_PART = and_(staged.c.batch == bindparam("in_batch"), staged.c.line <= bindparam("upto"))


class ChargeImports:
    """A charge that has no reference is known by what it says, and which of those that say the same it is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stage(self, batch: str, rows: Sequence[ImportedCharge]) -> None:
        before = self._how_often(batch, {row.says for row in rows if row.says})
        values = []
        for row in rows:
            ordinal = before[row.says] = before.get(row.says, 0) + 1 if row.says else 0
            reference = row.reference or f"csv-{row.says}-{ordinal}"
            values.append({"batch": batch, **asdict(row), "reference": reference, "ordinal": ordinal})
        self._connection.execute(insert(staged), values)

    def repeated(self, batch: str, limit: int) -> list[Repeated]:
        """References that stand in the file twice, with the line where each stood first."""
        first = select(staged.c.reference, func.min(staged.c.line).label("line")).where(
            staged.c.batch == batch
        )
        firsts = first.group_by(staged.c.reference).having(func.count() > 1).subquery()
        again = select(staged.c.line, staged.c.reference, firsts.c.line.label("first")).join(
            firsts, and_(firsts.c.reference == staged.c.reference, firsts.c.line < staged.c.line)
        )
        found = self._connection.execute(again.where(staged.c.batch == batch).order_by("line").limit(limit))
        return [Repeated(row.line, row.reference, row.first) for row in found]

    def unknown_connectors(self, batch: str, limit: int) -> list[tuple[int, str]]:
        """Lines that name a connector nobody knows."""
        query = select(staged.c.line, staged.c.connector_id).outerjoin(
            connectors, connectors.c.id == staged.c.connector_id
        )
        missing = query.where(staged.c.batch == batch, connectors.c.id.is_(None))
        rows = self._connection.execute(missing.order_by(staged.c.line).limit(limit))
        return [(row.line, row.connector_id) for row in rows]

    def differing(self, batch: str, limit: int) -> list[tuple[int, str]]:
        """Lines whose reference was taken before, and said something else."""
        differs = or_(*(staged.c[name].is_distinct_from(charges.c[name]) for name in _SAID))
        query = select(staged.c.line, staged.c.reference).join(
            charges, charges.c.reference == staged.c.reference
        )
        rows = self._connection.execute(
            query.where(staged.c.batch == batch, differs).order_by(staged.c.line).limit(limit)
        )
        return [(row.line, row.reference) for row in rows]

    def move(self, batch: str, size: int) -> tuple[int, int] | None:
        """Take the next rows over: how many there were, and how many were new; None when none is left."""
        part = self._next_part(batch, size)
        if part is None:
            return None
        values = part | {"open_month": Charges(self._connection).open_month(), "moment": now()}
        added = self._connection.execute(_take_over(self._connection.dialect.name), values).rowcount
        return self._connection.execute(delete(staged).where(_PART), part).rowcount, added

    def discard(self, batch: str, size: int) -> bool:
        """Forget the next rows of a batch; False when none is left."""
        part = self._next_part(batch, size)
        if part is not None:
            self._connection.execute(delete(staged).where(_PART), part)
        return part is not None

    def _how_often(self, batch: str, says: set[str]) -> dict[str, int]:
        query = select(staged.c.says, func.max(staged.c.ordinal).label("often"))
        query = query.where(staged.c.batch == batch, staged.c.says.in_(says)).group_by(staged.c.says)
        return {row.says: row.often for row in self._connection.execute(query)} if says else {}

    def _next_part(self, batch: str, size: int) -> dict[str, Any] | None:
        lines = select(staged.c.line).where(staged.c.batch == batch).order_by(staged.c.line).limit(size)
        upto = self._connection.execute(select(func.max(lines.subquery().c.line))).scalar_one()
        return None if upto is None else {"in_batch": batch, "upto": upto}


@cache
def _take_over(dialect: str) -> Insert:
    first_open = bindparam("open_month", type_=staged.c.month.type)
    rows = (
        select(
            staged.c.reference,
            *(staged.c[name] for name in _SAID),
            bindparam("moment", type_=Moment).label("created_at"),
            case((staged.c.month < first_open, first_open), else_=staged.c.month).label("month"),
        )
        .where(_PART)
        .order_by(staged.c.connector_id, staged.c.reference)
    )
    columns = ["reference", *_SAID, "created_at", "month"]
    if dialect == "sqlite":
        return sqlite.insert(charges).from_select(columns, rows).on_conflict_do_nothing()
    return postgresql.insert(charges).from_select(columns, rows).on_conflict_do_nothing()
