"""Statements on the way of every payment, compiled once and handed to SQLite's driver as they are.

SQLAlchemy takes some 30 µs to run a statement that SQLite answers in 5. What is marked with `prepared` skips
that road on SQLite; everything else, and all of PostgreSQL, goes through `Connection.execute` as usual.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar, cast

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

S = TypeVar("S", bound=Executable)
Convert = Callable[[Any], Any] | None

_NEEDED = object()

_marked: dict[int, Any] = {}


def prepared(statement: S) -> S:
    """Mark a statement that lives as long as the program; what is derived from it later is not marked."""
    _marked[id(statement)] = statement
    return statement


class Rows:
    """What a statement brought, all of it; the part of SQLAlchemy's Result that our queries use."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        if not self._rows:
            raise NoResultFound("no row was found when one was required")
        return self.one_or_none()

    def one_or_none(self) -> Any:
        if len(self._rows) > 1:
            raise MultipleResultsFound("several rows were found when one was required")
        return self.first()

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]


class _Plan:
    """The text of one statement with one set of blanks, how they are filled, how its rows are read."""

    def __init__(self, statement: Any, blanks: Mapping[str, Any], dialect: Dialect) -> None:
        keys = list(blanks) if statement.is_dml else None
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect, column_keys=keys))
        assert not compiled.post_compile_params, "lists of unknown length cannot be prepared"
        assert not compiled.insert_prefetch, "nor can defaults that Python makes up"
        self.sql = str(compiled)
        self._blanks = [_blank(compiled, name, dialect) for name in compiled.positiontup or ()]
        columns = list(statement.exported_columns)
        reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._reads = [(place, read) for place, read in enumerate(reads) if read is not None]
        row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # its fields are known at run time
        self._make = row._make

    def fill(self, values: Mapping[str, Any]) -> list[Any]:
        filled = []
        for key, own, convert in self._blanks:
            value = values[key] if own is _NEEDED else values.get(key, own)
            filled.append(value if convert is None else convert(value))
        return filled

    def read(self, rows: list[Any]) -> list[Any]:
        if not self._reads:
            return [self._make(row) for row in rows]
        return [self._make(self._converted(list(row))) for row in rows]

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, read in self._reads:
            row[place] = read(row[place])
        return row


def _blank(compiled: SQLCompiler, name: str, dialect: Dialect) -> tuple[str, Any, Convert]:
    """Its key among the values, the value written in the statement itself, and how the driver wants it."""
    blank = compiled.binds[name]
    own = _NEEDED if blank.required else blank.value
    return blank.key, own, blank.type.dialect_impl(dialect).bind_processor(dialect)


class Swift:
    """A connection to SQLite that knows the short way; it stands in for the Connection in every query."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._raw = cast(sqlite3.Connection, connection.connection.driver_connection)
        self._plans: dict[tuple[int, tuple[str, ...]], _Plan] = {}
        self.dialect = connection.dialect
        self.scalars = connection.scalars

    def execute(self, statement: Any, values: Any = None) -> Any:
        if id(statement) not in _marked or isinstance(values, list):
            return self._connection.execute(statement, values)
        blanks = {} if values is None else values
        key = (id(statement), tuple(blanks))
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _Plan(statement, blanks, self.dialect)
        filled = plan.fill(blanks)
        try:
            cursor = self._raw.execute(plan.sql, filled)
            return Rows(plan.read(cursor.fetchall()), cursor.rowcount)
        except sqlite3.Error as error:
            self._tell(error, plan.sql)

    def _tell(self, error: sqlite3.Error, sql: str) -> NoReturn:
        """Let SQLAlchemy wrap it and tell those who listen, the writer above all, as if it had run it."""
        if not self._connection.in_transaction():
            self._connection.begin()  # else it would roll back the whole batch on its own
        self._connection._handle_dbapi_exception(error, sql, None, None, None)


def swift(connection: Connection) -> Connection:
    """The connection for queries: on SQLite with the short way, elsewhere itself."""
    return cast(Connection, Swift(connection)) if connection.dialect.name == "sqlite" else connection
