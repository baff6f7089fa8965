"""Rows of a seller's file on their way into the books: staged, accepted, then moved a part at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.imports import DateDifference, ImportedConnector, Repeated
from bot.domain.periods import now
from bot.domain.records import RecordKind
from bot.domain.states import ExtensionCause
from bot.storage.columns import Moment
from bot.storage.search import Search
from bot.storage.tables import connectors, customers, extensions, import_batches, payers
from bot.storage.tables import imported_connectors as staged

CONNECTORS, CHARGES = "connectors", "charges"
"""What a batch brings."""

_PART: ColumnElement[bool] = and_(staged.c.batch == bindparam("in_batch"), staged.c.line <= bindparam("upto"))
_NOW = bindparam("moment", type_=Moment)
_OTHER_DATE = and_(
    staged.c.paid_until.is_not(None), connectors.c.paid_until.is_distinct_from(staged.c.paid_until)
)


class Imports:
    """A batch is one file. Until it is accepted nothing of it counts; from then on all of it will."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, batch: str, *, kind: str = CONNECTORS, set_dates: bool = False) -> None:
        row = {"id": batch, "kind": kind, "set_dates": set_dates, "accepted": False, "created_at": now()}
        self._connection.execute(insert(import_batches), row)

    def stage(self, batch: str, rows: Sequence[ImportedConnector]) -> None:
        values = [
            {"batch": batch, "anchor_day": row.paid_until.day if row.paid_until else None, **asdict(row)}
            for row in rows
        ]
        self._connection.execute(insert(staged), values)

    def repeated(self, batch: str, limit: int) -> list[Repeated]:
        """Ids that stand in the file twice, with the line where each stood first."""
        first = select(staged.c.id, func.min(staged.c.line).label("line")).where(staged.c.batch == batch)
        firsts = first.group_by(staged.c.id).having(func.count() > 1).subquery()
        again = select(staged.c.line, staged.c.id, firsts.c.line.label("first")).join(
            firsts, and_(firsts.c.id == staged.c.id, firsts.c.line < staged.c.line)
        )
        found = self._connection.execute(again.where(staged.c.batch == batch).order_by("line").limit(limit))
        return [Repeated(row.line, row.id, row.first) for row in found]

    def count_existing(self, batch: str) -> int:
        query = select(func.count()).select_from(staged.join(connectors, connectors.c.id == staged.c.id))
        return int(self._connection.execute(query.where(staged.c.batch == batch)).scalar_one())

    def differences(self, batch: str, *, after_line: int, limit: int) -> list[DateDifference]:
        """Connectors that exist with another date than the file's, in the order of the file."""
        query = (
            select(staged.c.line, staged.c.id, connectors.c.paid_until, staged.c.paid_until.label("in_file"))
            .join(connectors, connectors.c.id == staged.c.id)
            .where(staged.c.batch == batch, staged.c.line > after_line, _OTHER_DATE)
            .order_by(staged.c.line)
            .limit(limit)
        )
        return [
            DateDifference(row.line, row.id, row.paid_until, row.in_file)
            for row in self._connection.execute(query)
        ]

    def accept(self, batch: str) -> None:
        """The point of no return: a process that dies from here on is finished by the next one."""
        self._connection.execute(
            update(import_batches).where(import_batches.c.id == batch).values(accepted=True)
        )

    def accepted(self, kind: str = CONNECTORS) -> list[str]:
        whole = and_(import_batches.c.kind == kind, import_batches.c.accepted)
        query = select(import_batches.c.id).where(whole).order_by(import_batches.c.created_at)
        return list(self._connection.execute(query).scalars())

    def abandoned(self, before: datetime, kind: str = CONNECTORS) -> list[str]:
        """Batches that were begun, and never accepted by a process that must be gone."""
        begun = and_(import_batches.c.kind == kind, import_batches.c.created_at < before)
        left = select(import_batches.c.id).where(begun, ~import_batches.c.accepted)
        return list(self._connection.execute(left).scalars())

    def end(self, batch: str) -> None:
        """Forget a batch of which no row is left."""
        self._connection.execute(delete(import_batches).where(import_batches.c.id == batch))

    def redated(self, batch: str, size: int) -> list[DateDifference]:
        """Whose date `move` will change next, if the batch sets dates."""
        part = self._next_part(batch, size)
        if part is None or not self._connection.execute(_SETS_DATES, part).scalar_one():
            return []
        query = select(
            staged.c.line, staged.c.id, connectors.c.paid_until, staged.c.paid_until.label("in_file")
        ).join(connectors, connectors.c.id == staged.c.id)
        rows = self._connection.execute(query.where(_PART, _OTHER_DATE).order_by(staged.c.line), part)
        return [DateDifference(row.line, row.id, row.paid_until, row.in_file) for row in rows]

    def move(self, batch: str, *, language: str, size: int) -> bool:
        """Take the next `size` rows over; False when none was left."""
        part = self._next_part(batch, size)
        if part is None:
            return False
        part |= {"moment": now()}
        self._lock(part)
        self._connection.execute(_new_customers(self._dialect), part | {"language": language})
        self._connection.execute(_new_payers(self._dialect), part)
        self._connection.execute(_take_over(self._dialect), part)
        if self._connection.execute(_SETS_DATES, part).scalar_one():
            self._connection.execute(_NOTE_OTHER_DATES, part)
            self._connection.execute(_MOVE_DATES, part)
        self._connection.execute(_NOTE_FIRST_DATES, part)
        taken = list(self._connection.scalars(_IN_PART, part))
        Search(self._connection).note(RecordKind.CONNECTOR, taken)
        self._connection.execute(delete(staged).where(_PART), part)
        return True

    def discard(self, batch: str, *, size: int) -> bool:
        """Forget the next `size` rows of a batch, and the batch when they are gone; False when it is."""
        part = self._next_part(batch, size)
        if part is None:
            self.end(batch)
            return False
        self._connection.execute(delete(staged).where(_PART), part)
        return True

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def _next_part(self, batch: str, size: int) -> dict[str, Any] | None:
        lines = (
            select(staged.c.line)
            .where(staged.c.batch == batch)
            .order_by(staged.c.line)
            .limit(size)
            .subquery()
        )
        upto = self._connection.execute(select(func.max(lines.c.line))).scalar_one()
        return None if upto is None else {"in_batch": batch, "upto": upto}

    def _lock(self, part: dict[str, Any]) -> None:
        """Payers before connectors, as everybody locks them; the writer thread of SQLite needs no lock."""
        if self._dialect != "sqlite":
            self._connection.execute(_LOCK_PAYERS, part)
            self._connection.execute(_LOCK_CONNECTORS, part)


_IN_PART = select(staged.c.id).where(_PART)
_CHATS = select(staged.c.telegram_id).where(_PART, staged.c.telegram_id.is_not(None)).distinct()
_OWNERS = select(connectors.c.payer_id).where(connectors.c.id.in_(_IN_PART))
_LOCK_PAYERS = (
    select(payers.c.id)
    .where(payers.c.id.in_(_OWNERS) | payers.c.customer_id.in_(_CHATS))
    .order_by(payers.c.id)
    .with_for_update()
)
_LOCK_CONNECTORS = (
    select(connectors.c.id).where(connectors.c.id.in_(_IN_PART)).order_by(connectors.c.id).with_for_update()
)
_SETS_DATES = select(import_batches.c.set_dates).where(import_batches.c.id == bindparam("in_batch"))


@cache
def _new_customers(dialect: str) -> Insert:
    people = _CHATS.add_columns(literal(""), bindparam("language", type_=customers.c.language.type), _NOW)
    return _insert_new(dialect, customers, ["id", "name", "language", "created_at"], people)


@cache
def _new_payers(dialect: str) -> Insert:
    people = _CHATS.add_columns(literal("person"), _NOW)
    return _insert_new(dialect, payers, ["customer_id", "kind", "created_at"], people)


def _insert_new(dialect: str, table: Any, columns: list[str], rows: Select[Any]) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).from_select(columns, rows).on_conflict_do_nothing()
    return postgresql.insert(table).from_select(columns, rows).on_conflict_do_nothing()


@cache
def _take_over(dialect: str) -> Insert:
    """New connectors with their dates; of those that exist, everything but the dates.

    What a customer has already stays with whichever of his payers he chose for it.
    """
    person = and_(payers.c.customer_id == staged.c.telegram_id, payers.c.kind == "person")
    present, chosen = connectors.alias(), payers.alias()
    still_his = and_(chosen.c.id == present.c.payer_id, chosen.c.customer_id == staged.c.telegram_id)
    found = staged.outerjoin(payers, person).outerjoin(present, present.c.id == staged.c.id)
    payer = func.coalesce(chosen.c.id, payers.c.id).label("payer_id")
    names = ("id", "kind", "title", "tariff", "phone", "email", "paid_until", "anchor_day")
    rows = (
        select(*(staged.c[name] for name in names), payer, _NOW.label("created_at"))
        .select_from(found.outerjoin(chosen, still_his))
        .where(_PART)
        .order_by(staged.c.line)
    )
    columns = [*names, "payer_id", "created_at"]
    new: sqlite.Insert | postgresql.Insert = (
        sqlite.insert(connectors) if dialect == "sqlite" else postgresql.insert(connectors)
    ).from_select(columns, rows)
    changed: dict[str, Any] = {
        name: new.excluded[name] for name in ("kind", "title", "tariff", "phone", "email")
    }
    changed["payer_id"] = func.coalesce(new.excluded.payer_id, connectors.c.payer_id)
    differs = or_(*(connectors.c[name].is_distinct_from(value) for name, value in changed.items()))
    return new.on_conflict_do_update(
        index_elements=["id"], set_={**changed, "sequence": connectors.c.sequence + 1}, where=differs
    )


def _noted(rows: Select[Any]) -> Insert:
    columns = ["connector_id", "from_date", "to_date", "cause", "note", "created_at"]
    return insert(extensions).from_select(columns, rows)


_CAUSE = literal(ExtensionCause.IMPORT.value)
_NOTE_OTHER_DATES = _noted(
    select(staged.c.id, connectors.c.paid_until, staged.c.paid_until, _CAUSE, literal(""), _NOW)
    .join(connectors, connectors.c.id == staged.c.id)
    .where(_PART, _OTHER_DATE)
)
_NOTE_FIRST_DATES = _noted(
    select(staged.c.id, null(), connectors.c.paid_until, _CAUSE, literal(""), _NOW)
    .join(connectors, connectors.c.id == staged.c.id)
    .where(_PART, connectors.c.paid_until.is_not(None))
    .where(~exists().where(extensions.c.connector_id == connectors.c.id))
)
_THIS_ROW = and_(staged.c.batch == bindparam("in_batch"), staged.c.id == connectors.c.id)
_MOVE_DATES = (
    update(connectors)
    .where(connectors.c.id.in_(_IN_PART), exists().where(_THIS_ROW, _OTHER_DATE))
    .values(
        paid_until=select(staged.c.paid_until).where(_THIS_ROW).scalar_subquery(),
        anchor_day=select(staged.c.anchor_day).where(_THIS_ROW).scalar_subquery(),
        sequence=connectors.c.sequence + 1,
    )
)
