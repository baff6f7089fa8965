"""Arrears of connectors: one open for each, moved from stage to stage by compare-and-set."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, select, update

from bot.domain.arrears import Arrears, ArrearsStage
from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.periods import now
from bot.storage.index_words import among
from bot.storage.insert import insert_new
from bot.storage.prepared import prepared
from bot.storage.tables import arrears, autopays, connectors

_OPEN = prepared(
    select(arrears).where(arrears.c.connector_id == bindparam("connector"), arrears.c.ended_at.is_(None))
)
_MAY_FAIL = among(autopays.c.state, AutopayState.RETRYING, AutopayState.PAUSED)


class OpenArrears:
    """What has ended stays written down; every query here means what has not."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(
        self, connector_id: str, *, autopay_id: int, customer_id: int, since: date, next_at: datetime
    ) -> bool:
        """Write them down; False where the connector is in arrears already."""
        row = {
            "connector_id": connector_id,
            "autopay_id": autopay_id,
            "customer_id": customer_id,
            "since": since,
            "stage": ArrearsStage.NOTED.value,
            "next_at": next_at,
            "created_at": now(),
        }
        return self._connection.execute(insert_new(self._connection, arrears), row).first() is not None

    def of_connector(self, connector_id: str) -> Arrears | None:
        row = self._connection.execute(_OPEN, {"connector": connector_id}).one_or_none()
        return _to_arrears(row) if row is not None else None

    def get(self, arrears_id: int) -> Arrears | None:
        query = select(arrears).where(arrears.c.id == arrears_id, arrears.c.ended_at.is_(None))
        row = self._connection.execute(query).one_or_none()
        return _to_arrears(row) if row is not None else None

    def among(self, connector_ids: Collection[str]) -> list[str]:
        """Which of these connectors are in arrears."""
        query = select(arrears.c.connector_id)
        query = query.where(arrears.c.connector_id.in_(connector_ids), arrears.c.ended_at.is_(None))
        return sorted(self._connection.scalars(query))

    def due(self, limit: int) -> list[int]:
        """Those whose next stage has come, the longest waiting first."""
        query = select(arrears.c.id).where(arrears.c.next_at.is_not(None), arrears.c.next_at <= now())
        return list(self._connection.scalars(query.order_by(arrears.c.next_at, arrears.c.id).limit(limit)))

    def missing(self, on: date, reasons: Collection[AutopayReason], limit: int) -> list[int]:
        """Autopays whose charges fail, of connectors that had run out by that day and are not in arrears.

        They are being retried, or paused for one of the `reasons`.
        """
        fails = (autopays.c.state == AutopayState.RETRYING.value) | (
            (autopays.c.state == AutopayState.PAUSED.value)
            & autopays.c.reason.in_([reason.value for reason in reasons])
        )
        is_open = exists().where(
            arrears.c.connector_id == autopays.c.connector_id, arrears.c.ended_at.is_(None)
        )
        query = (
            select(autopays.c.id)
            .join(connectors, and_(connectors.c.id == autopays.c.connector_id, connectors.c.paid_until < on))
            .where(_MAY_FAIL, fails, ~is_open)
        )
        return list(self._connection.scalars(query.order_by(autopays.c.connector_id).limit(limit)))

    def move(
        self, arrears_id: int, *, to: ArrearsStage, only_from: ArrearsStage, next_at: datetime | None
    ) -> bool:
        """To another stage; False when they have ended, or another writer was first."""
        query = update(arrears).where(
            arrears.c.id == arrears_id, arrears.c.stage == only_from.value, arrears.c.ended_at.is_(None)
        )
        return self._changes(query.values(stage=to.value, next_at=next_at))

    def postpone(self, arrears_id: int, until: datetime) -> None:
        query = update(arrears).where(arrears.c.id == arrears_id, arrears.c.next_at.is_not(None))
        self._connection.execute(query.values(next_at=until))

    def end(self, arrears_id: int, how: str) -> bool:
        """False when they have ended already."""
        query = update(arrears).where(arrears.c.id == arrears_id, arrears.c.ended_at.is_(None))
        return self._changes(query.values(ended_at=now(), ended_how=how, next_at=None))

    def _changes(self, query: Any) -> bool:
        return self._connection.execute(query.returning(arrears.c.id)).first() is not None


def _to_arrears(row: Row[Any]) -> Arrears:
    return Arrears(
        id=row.id,
        connector_id=row.connector_id,
        autopay_id=row.autopay_id,
        customer_id=row.customer_id,
        since=row.since,
        stage=ArrearsStage(row.stage),
        next_at=row.next_at,
    )
