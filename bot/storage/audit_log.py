"""The audit log, read: it is written by `Audit`, and nothing else changes it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, func, or_, select

from bot.domain.audit import AuditSearch, Deed, Sought
from bot.storage.payloads import from_json
from bot.storage.tables import audit


class AuditLog:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, search: AuditSearch) -> int:
        query = self._matching(select(func.count()).select_from(audit), search)
        return int(self._connection.execute(query).scalar_one())

    def newest(self, search: AuditSearch, limit: int, offset: int = 0) -> list[Deed]:
        query = self._matching(select(audit), search).order_by(audit.c.id.desc())
        return [_to_deed(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def _matching(self, query: Select[Any], search: AuditSearch) -> Select[Any]:
        query = query.where(*(self._bears(word) for word in search.words))
        if search.since is not None:
            query = query.where(audit.c.at >= search.since)
        if search.until is not None:
            query = query.where(audit.c.at < search.until)
        return query

    def _bears(self, word: Sought) -> ColumnElement[bool]:
        """Whatever is typed is text: no sign in it means anything to the database."""
        is_sqlite = self._connection.dialect.name == "sqlite"  # it keeps what is not ASCII escaped
        as_kept = json.dumps(word.text, ensure_ascii=is_sqlite)[1:-1]
        return or_(
            audit.c.who.in_(word.people),
            audit.c.action.in_(word.deeds),
            audit.c.action.icontains(word.text, autoescape=True),
            audit.c.subject.icontains(word.text, autoescape=True),
            cast(audit.c.details, Text).icontains(as_kept, autoescape=True),
        )


def _to_deed(row: Row[Any]) -> Deed:
    return Deed(row.id, row.who, row.action, row.subject, from_json(row.details), row.at)
