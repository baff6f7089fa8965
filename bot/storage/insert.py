"""Insert a row if it is new, as one statement, in the words of either database."""

from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from bot.storage.prepared import prepared


@cache
def _insert_new(dialect: str, table: Table) -> ReturningInsert[tuple[Any, ...]]:
    key = next(iter(table.primary_key.columns))
    if dialect == "sqlite":
        return prepared(sqlite.insert(table).on_conflict_do_nothing().returning(key))
    return postgresql.insert(table).on_conflict_do_nothing().returning(key)


def insert_new(connection: Connection, table: Table) -> ReturningInsert[tuple[Any, ...]]:
    """Insert a row unless it meets another by any uniqueness; returns its key, or no row if it was there."""
    return _insert_new(connection.dialect.name, table)


def insert_many_new(
    connection: Connection, table: Table, told: Column[Any]
) -> ReturningInsert[tuple[Any, ...]]:
    """The same for many rows at once; of those that were new it returns the column that tells them apart."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing().returning(told)
    return postgresql.insert(table).on_conflict_do_nothing().returning(told)


def insert_any(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that is yet to say what it does with a row that is there already."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
