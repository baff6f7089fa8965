"""The months that were billed: how far each has come, and whose bill every connector's sum is on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.domain.billing import Run, RunState
from bot.storage.tables import billing_runs


class BillingRuns:
    """Months are begun in their order, so all up to the last one begun are closed to new charges."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, month: str) -> Run | None:
        row = self._connection.execute(
            select(billing_runs).where(billing_runs.c.month == month)
        ).one_or_none()
        return _to_run(row) if row is not None else None

    def last(self, limit: int) -> list[Run]:
        """The newest first."""
        query = select(billing_runs).order_by(billing_runs.c.month.desc()).limit(limit)
        return [_to_run(row) for row in self._connection.execute(query)]

    def last_begun(self) -> str:
        """The newest month that was begun, "" before the first."""
        query = select(func.coalesce(func.max(billing_runs.c.month), ""))
        return str(self._connection.execute(query).scalar_one())


def _to_run(row: Row[Any]) -> Run:
    return Run(
        month=row.month,
        state=RunState(row.state),
        counted=row.counted,
        formed=row.formed,
        total=row.total,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
