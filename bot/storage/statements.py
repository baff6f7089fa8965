"""Bank statements on their way into the books: staged in parts, used once their file is there to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.statements import (
    KeptStatement,
    LineGroup,
    LineState,
    StatementHead,
    StatementLine,
)
from bot.storage.insert import insert_new
from bot.storage.tables import statement_lines, statement_rows, statements

LOADING, LOADED = "loading", "loaded"


class Statements:
    """A file is known by its digest, a line by its key; both are kept once, whoever brings them again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, digest: str, name: str, head: StatementHead, brought_by: int) -> KeptStatement:
        """The file with that digest; one that a killed process left half loaded is gone on with."""
        row = {
            "digest": digest,
            "name": name,
            "format": head.format,
            "state": LOADING,
            "since": head.since,
            "until": head.until,
            "incoming": head.incoming,
            "sums": [[amount.currency, amount.minor] for amount in head.sums],
            "brought_by": brought_by,
            "created_at": now(),
        }
        self._connection.execute(insert_new(self._connection, statements), row)
        found = self._connection.execute(select(statements).where(statements.c.digest == digest))
        return _to_statement(found.one())

    def get(self, statement_id: int) -> KeptStatement | None:
        query = select(statements).where(statements.c.id == statement_id)
        row = self._connection.execute(query).one_or_none()
        return _to_statement(row) if row is not None else None

    def keep(self, statement_id: int, keyed: Sequence[tuple[str, StatementLine]]) -> None:
        """Write down the lines that are new, and of all of them that they stand in this file."""
        if not keyed:
            return
        created = now()
        rows = [_row(key, line) | {"created_at": created} for key, line in keyed]
        self._connection.execute(self._insert_new(statement_lines), rows)
        known = select(bindparam("statement", statement_id), statement_lines.c.id).where(
            statement_lines.c.key.in_([key for key, _line in keyed])
        )
        stand = self._insert_new(statement_rows, known)
        self._connection.execute(stand)

    def loaded(self, statement_id: int) -> bool:
        """The whole file is there: from now on its lines count. True if this call said so first."""
        loading = update(statements).where(statements.c.id == statement_id, statements.c.state == LOADING)
        ended = self._connection.execute(loading.values(state=LOADED).returning(statements.c.id))
        return ended.first() is not None

    def covers(self, day: date) -> bool:
        """Whether a whole file tells of that day."""
        query = select(statements.c.id).where(
            statements.c.state == LOADED, statements.c.since <= day, statements.c.until >= day
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def groups(self, statement_id: int) -> list[LineGroup]:
        """The file's lines by what became of them, and by currency."""
        other, file = statement_rows.alias(), statements.alias()
        before = exists().where(
            other.c.line_id == statement_lines.c.id,
            other.c.statement_id < statement_id,
            file.c.id == other.c.statement_id,
            file.c.state == LOADED,
        )
        told_before = case((before, 1), else_=0).label("told_before")
        fates = (
            select(statement_lines.c.state, statement_lines.c.currency, statement_lines.c.minor, told_before)
            .join(statement_rows, statement_rows.c.line_id == statement_lines.c.id)
            .where(statement_rows.c.statement_id == statement_id)
            .subquery()
        )
        shared = (fates.c.told_before, fates.c.state, fates.c.currency)
        query = select(*shared, func.count().label("many"), func.sum(fates.c.minor).label("minor"))
        return [
            LineGroup(
                LineState(row.state), bool(row.told_before), row.many, Money(int(row.minor), row.currency)
            )
            for row in self._connection.execute(query.group_by(*shared).order_by(*shared))
        ]

    def _insert_new(self, table: Any, rows: Any = None) -> Any:
        """Without RETURNING many rows go to the driver in one call."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        new = dialect.insert(table)
        if rows is not None:
            new = new.from_select(["statement_id", "line_id"], rows)
        return new.on_conflict_do_nothing()


def _row(key: str, line: StatementLine) -> dict[str, Any]:
    return {
        "key": key,
        "account": line.account,
        "booked_on": line.booked_on,
        "number": line.number,
        "currency": line.amount.currency,
        "minor": line.amount.minor,
        "payer_name": line.payer_name,
        "payer_tax_number": line.payer_tax_number,
        "payer_account": line.payer_account,
        "purpose": line.purpose,
        "state": LineState.NEW.value,
    }


def _to_statement(row: Row[Any]) -> KeptStatement:
    return KeptStatement(
        id=row.id,
        name=row.name,
        loaded=row.state == LOADED,
        since=row.since,
        until=row.until,
        incoming=row.incoming,
        sums=tuple(Money(minor, currency) for currency, minor in row.sums),
    )
