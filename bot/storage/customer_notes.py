"""What operators write down about a customer, for each other; read with his record."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from bot.domain.periods import now
from bot.domain.records import Note
from bot.storage.tables import customer_notes


class CustomerNotes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, customer_id: int, who: int, words: str) -> None:
        row = {"customer_id": customer_id, "who": who, "words": words, "at": now()}
        self._connection.execute(insert(customer_notes), row)

    def newest(self, customer_id: int, limit: int) -> list[Note]:
        query = select(customer_notes).where(customer_notes.c.customer_id == customer_id)
        rows = self._connection.execute(query.order_by(customer_notes.c.id.desc()).limit(limit))
        return [Note(row.who, row.words, row.at) for row in rows]
