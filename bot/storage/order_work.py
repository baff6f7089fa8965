"""The work on what was made to order and paid: its stages, and each step that was taken."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.order_forms import OrderStep, OrderWork, SentFile
from bot.domain.periods import now
from bot.domain.states import OrderState
from bot.storage.insert import insert_new
from bot.storage.tables import order_steps, order_work, orders


class OrderWorks:
    """An order's work is begun once, and stands at one stage at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, order_id: int) -> None:
        """Its money is there: somebody has to begin. A second time changes nothing."""
        row = {"order_id": order_id, "stage": "", "begun_at": now()}
        self._connection.execute(insert_new(self._connection, order_work), row)

    def get(self, order_id: int) -> OrderWork | None:
        query = select(order_work).where(order_work.c.order_id == order_id)
        row = self._connection.execute(query).one_or_none()
        return _to_work(row) if row is not None else None

    def move(
        self, order_id: int, *, to: str, only_from: str, due_on: date | None, done_at: datetime | None
    ) -> bool:
        """On to another stage; False when somebody was first."""
        query = update(order_work).where(
            order_work.c.order_id == order_id, order_work.c.stage == only_from, order_work.c.done_at.is_(None)
        )
        moved = query.values(stage=to, due_on=due_on, done_at=done_at, overdue_told=False)
        return self._connection.execute(moved.returning(order_work.c.order_id)).first() is not None

    def put_back(self, order_id: int, *, to: str, only_from: str, due_on: date | None) -> bool:
        """Back to the stage before, also from the last; False when somebody was first."""
        query = update(order_work).where(order_work.c.order_id == order_id, order_work.c.stage == only_from)
        moved = query.values(stage=to, due_on=due_on, done_at=None, overdue_told=False)
        return self._connection.execute(moved.returning(order_work.c.order_id)).first() is not None

    def overdue(self, on: date, limit: int) -> list[OrderWork]:
        """What was promised for an earlier day than this, and nobody was told so yet."""
        query = (
            select(order_work)
            .join(orders, orders.c.id == order_work.c.order_id)
            .where(
                order_work.c.done_at.is_(None),
                order_work.c.due_on < on,
                order_work.c.overdue_told.is_(False),
                orders.c.state == OrderState.PAID.value,
            )
            .order_by(order_work.c.due_on)
            .limit(limit)
        )
        return [_to_work(row) for row in self._connection.execute(query)]

    def told(self, order_id: int) -> None:
        """Nobody has to be told any more that it is late."""
        query = update(order_work).where(order_work.c.order_id == order_id)
        self._connection.execute(query.values(overdue_told=True))

    def add_step(self, order_id: int, step: OrderStep) -> None:
        file = step.file
        row = {
            "order_id": order_id,
            "stage": step.stage,
            "due_on": step.due_on,
            "words": step.words,
            "url": step.url,
            "file_id": file.file_id if file else "",
            "file_kind": file.kind if file else "",
            "who": step.who,
            "at": step.at,
        }
        self._connection.execute(insert(order_steps), row)

    def steps(self, order_id: int) -> list[OrderStep]:
        """What was done, the first first."""
        query = select(order_steps).where(order_steps.c.order_id == order_id).order_by(order_steps.c.id)
        return [_to_step(row) for row in self._connection.execute(query)]


def _to_work(row: Row[Any]) -> OrderWork:
    return OrderWork(row.order_id, row.stage, row.due_on, row.begun_at, row.done_at)


def _to_step(row: Row[Any]) -> OrderStep:
    file = SentFile(row.file_id, row.file_kind) if row.file_id else None
    return OrderStep(row.stage, row.due_on, row.words, row.url, file, row.who, row.at)
