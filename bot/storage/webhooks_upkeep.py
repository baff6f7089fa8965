"""The table of webhooks as a whole: looked through, sent again, kept small."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, select, update

from bot.domain import periods
from bot.domain.states import WebhookState
from bot.domain.webhooks import Listed, Queue, Wanted
from bot.storage.index_words import among
from bot.storage.tables import webhooks
from bot.storage.webhooks import is_due

KEPT = timedelta(days=30)
AT_ONCE = 500
"""So many rows to a unit: no unit holds the writer for long."""


class WebhooksUpkeep:
    """What people and the clock do to webhooks that were sent or given up."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, wanted: Wanted, limit: int) -> list[Listed]:
        """The newest of those that are wanted, the oldest of them first."""
        query = select(webhooks).where(*_matching(wanted)).order_by(webhooks.c.id.desc()).limit(limit)
        return [_to_listed(row) for row in reversed(self._connection.execute(query).all())]

    def replay(self, wanted: Wanted, *, after_id: int) -> tuple[int, int]:
        """Send the next of them again under the same names; how many, and the last one's id to go on from."""
        ended = webhooks.c.state.in_([WebhookState.SENT.value, WebhookState.DEAD.value])
        query = select(webhooks.c.id).where(ended, webhooks.c.id > after_id, *_matching(wanted))
        ids = list(self._connection.scalars(query.order_by(webhooks.c.id).limit(AT_ONCE)))
        if not ids:
            return 0, after_id
        anew = {
            "state": WebhookState.DUE.value,
            "due_at": periods.now(),
            "tries": 0,
            "fence": webhooks.c.fence + 1,
            "last_error": "",
        }
        found = self._connection.execute(update(webhooks).where(webhooks.c.id.in_(ids), ended).values(anew))
        return found.rowcount, ids[-1]

    def purge(self) -> int:
        """Forget what ended long ago; how many rows went, so that the caller goes on until none do."""
        old = select(webhooks.c.id).where(~is_due(webhooks), webhooks.c.created_at < periods.now() - KEPT)
        gone = delete(webhooks).where(webhooks.c.id.in_(old.limit(AT_ONCE)))
        return self._connection.execute(gone).rowcount

    def queues(self) -> dict[str, Queue]:
        """What waits and what was given up, by address; each half has an index of its own."""
        count = func.count().label("count")
        due = select(webhooks.c.address, count, func.min(webhooks.c.created_at).label("oldest"))
        waiting = {row.address: row for row in self._connection.execute(_by_address(due, is_due(webhooks)))}
        dead = select(webhooks.c.address, count)
        buried = {row.address: row for row in self._connection.execute(_by_address(dead, _is_dead))}
        return {
            address: Queue(
                due=waiting[address]._mapping["count"] if address in waiting else 0,
                dead=buried[address]._mapping["count"] if address in buried else 0,
                oldest=waiting[address].oldest if address in waiting else None,
            )
            for address in waiting.keys() | buried.keys()
        }


_is_dead = among(webhooks.c.state, WebhookState.DEAD)


def _by_address(query: Select[Any], which: ColumnElement[bool]) -> Select[Any]:
    return query.where(which).group_by(webhooks.c.address)


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [webhooks.c.state.in_([state.value for state in wanted.states])]
    if wanted.since is not None:
        found.append(webhooks.c.created_at >= wanted.since)
    if wanted.connector_id:
        found.append(webhooks.c.connector_id == wanted.connector_id)
    if wanted.reference:
        found.append(webhooks.c.reference == wanted.reference)
    return found


def _to_listed(row: Row[Any]) -> Listed:
    return Listed(
        reference=row.reference,
        kind=row.kind,
        address=row.address,
        connector_id=row.connector_id,
        state=WebhookState(row.state),
        tries=row.tries,
        created_at=row.created_at,
        due_at=row.due_at,
        error=row.last_error,
    )
