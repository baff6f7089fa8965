"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

RunningId = BigInteger().with_variant(Integer, "sqlite")
"""Counts up by itself. SQLite does that for INTEGER alone."""

Document = JSON().with_variant(JSONB(), "postgresql")

Sorted = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its bytes, so that whatever begins alike stands together in an index."""


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC and with its zone, also where the database has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (its shape is SQLAlchemy's)
        return value.replace(tzinfo=UTC) if value is not None else None
