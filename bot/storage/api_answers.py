"""Answers the seller's system was given to requests that bear a key, until their time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.domain.periods import now
from bot.domain.seller import Once, SellerAnswer
from bot.storage.insert import insert_new
from bot.storage.tables import api_answers

FORGET_AT_ONCE = 500
_NOT_YET = 0


class ApiAnswers:
    """A key is claimed before its request acts: of two at once the second waits, then finds the answer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, once: Once) -> bool:
        """Take the key; False when a request had it before."""
        row = {
            "key": once.key,
            "fingerprint": once.fingerprint,
            "status": _NOT_YET,
            "body": {},
            "created_at": now(),
        }
        return self._connection.execute(insert_new(self._connection, api_answers), row).first() is not None

    def answer(self, once: Once, answer: SellerAnswer) -> None:
        mine = update(api_answers).where(api_answers.c.key == once.key)
        self._connection.execute(mine.values(status=answer.status, body=answer.body))

    def find(self, key: str) -> tuple[str, SellerAnswer]:
        """The fingerprint of the request that has the key, and its answer."""
        row = self._connection.execute(select(api_answers).where(api_answers.c.key == key)).one()
        body: dict[str, Any] = row.body
        return row.fingerprint, SellerAnswer(row.status, body, repeated=True)

    def forget(self, before: datetime) -> int:
        """Purge old answers, some at a time; how many."""
        old = select(api_answers.c.key).where(api_answers.c.created_at < before).limit(FORGET_AT_ONCE)
        forget = delete(api_answers).where(api_answers.c.key.in_(old.scalar_subquery()))
        return self._connection.execute(forget).rowcount
