"""Keeping the outbox small: digests for a group that falls behind, and the end of old rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from bot.domain import periods
from bot.domain.notices import DIGEST, OPERATORS, Backlog, digest_of
from bot.domain.states import LANE_RANKS, Lane, NoticeState
from bot.storage.outbox import is_due
from bot.storage.payloads import from_json, to_json
from bot.storage.tables import outbox, outbox_keys

KEEP_ROWS = timedelta(days=30)
KEEP_KEYS = timedelta(days=90)
AT_ONCE = 200
"""So many rows to a unit: no unit holds the writer for long."""

_LANES = tuple(LANE_RANKS)
_foldable = and_(
    is_due(outbox),
    outbox.c.address == OPERATORS,
    outbox.c.lane == LANE_RANKS[Lane.OPERATORS],
    outbox.c.informs,
    outbox.c.tries == 0,
)


class OutboxUpkeep:
    """What is done to the outbox as a whole."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_behind(self, *, more_than: int, older_than: timedelta) -> bool:
        """Whether the group has many informing notices before it, or has had a few for long."""
        query = select(func.count(), func.min(outbox.c.created_at)).where(_foldable)
        waiting, oldest = self._connection.execute(query).one()
        return bool(waiting > more_than or (waiting > 1 and oldest < periods.now() - older_than))

    def fold(self) -> int:
        """Let one digest tell what all informing notices would; those that need a person stay as they are.

        A digest that waits takes in what came after it and keeps its place: what needs a person can't pass
        it again and again.
        """
        query = select(outbox.c.id, outbox.c.kind, outbox.c.payload).where(_foldable).order_by(outbox.c.id)
        rows = self._connection.execute(self._mine(query.limit(AT_ONCE))).all()
        if len(rows) < 2:
            return 0
        facts = to_json(digest_of((row.kind, from_json(row.payload)) for row in rows))
        first = rows[0]
        if first.kind == DIGEST:
            digest = first.id
            self._connection.execute(update(outbox).where(outbox.c.id == digest).values(payload=facts))
        else:
            digest = self._add_digest(facts)
        told = {"state": NoticeState.SENT, "sent_at": periods.now(), "folded_into": digest}
        ids = [row.id for row in rows if row.id != digest]
        self._connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(told))
        return len(rows)

    def give_up_letters(self) -> int:
        """Bury the next letters that wait; how many there were."""
        waiting = select(outbox.c.id).where(is_due(outbox), outbox.c.lane == LANE_RANKS[Lane.LETTERS])
        rows = update(outbox).where(outbox.c.id.in_(self._mine(waiting.limit(AT_ONCE))))
        buried = rows.values(state=NoticeState.DEAD, last_error="mail is switched off")
        return self._connection.execute(buried).rowcount

    def purge(self) -> int:
        """Forget what was told long ago; how many rows went, so that the caller goes on until none do."""
        moment = periods.now()
        old_rows = select(outbox.c.id).where(~is_due(outbox), outbox.c.created_at < moment - KEEP_ROWS)
        old_keys = select(outbox_keys.c.key).where(outbox_keys.c.created_at < moment - KEEP_KEYS)
        rows = delete(outbox).where(outbox.c.id.in_(old_rows.limit(AT_ONCE)))
        keys = delete(outbox_keys).where(outbox_keys.c.key.in_(old_keys.limit(AT_ONCE)))
        return self._connection.execute(rows).rowcount + self._connection.execute(keys).rowcount

    def is_full(self, lane: Lane, most: int) -> bool:
        """Whether so many of a lane wait to be sent; it looks at no more of them than that."""
        waiting = select(outbox.c.id).where(is_due(outbox), outbox.c.lane == LANE_RANKS[lane])
        query = waiting.where(outbox.c.due_at <= periods.now()).order_by(outbox.c.due_at, outbox.c.id)
        return self._connection.execute(query.offset(most - 1).limit(1)).first() is not None

    def backlog(self) -> dict[Lane, Backlog]:
        """How much is due in each lane, and since when."""
        query = (
            select(outbox.c.lane, func.count().label("count"), func.min(outbox.c.due_at).label("oldest"))
            .where(is_due(outbox), outbox.c.due_at <= periods.now())
            .group_by(outbox.c.lane)
        )
        found = {_LANES[row.lane]: row for row in self._connection.execute(query)}
        return {
            lane: Backlog(found[lane]._mapping["count"], found[lane].oldest)
            if lane in found
            else Backlog(0, None)
            for lane in _LANES
        }

    def _add_digest(self, facts: Any) -> int:
        moment = periods.now()
        row = {
            "address": OPERATORS,
            "kind": DIGEST,
            "lane": LANE_RANKS[Lane.OPERATORS],
            "payload": facts,
            "informs": True,
            "state": NoticeState.DUE,
            "due_at": moment,
            "created_at": moment,
        }
        return int(self._connection.execute(insert(outbox).returning(outbox.c.id), row).scalar_one())

    def _mine(self, query: Any) -> Any:
        return query if self._connection.dialect.name == "sqlite" else query.with_for_update(skip_locked=True)
