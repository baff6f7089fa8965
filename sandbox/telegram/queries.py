"""Presses on inline buttons, each waiting for its one answer."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Json
from sandbox.telegram.signals import Signal

# Telegram does not publish the deadline; bots report about this.
SECONDS_TO_ANSWER = 15.0


@dataclass
class Query:
    id: str
    asked_at: float = field(default_factory=time.monotonic)
    answer: Json | None = None


class Queries:
    def __init__(self) -> None:
        self._waiting: dict[str, Query] = {}
        self._answered = Signal()

    def ask(self) -> Query:
        query = Query(str(secrets.randbelow(10**18) + 10**17))
        self._waiting[query.id] = query
        return query

    def answer(self, query_id: str, answer: Json) -> None:
        query = self._waiting.pop(query_id, None)
        if query is None or time.monotonic() - query.asked_at > SECONDS_TO_ANSWER:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        query.answer = answer
        self._answered.fire()

    async def wait(self, query: Query, seconds: float) -> Json | None:
        """What the bot answered; None if it did not in time."""
        await self._answered.wait_until(lambda: query.answer is not None, seconds)
        return query.answer
