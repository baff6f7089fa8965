"""Suspensions: one that lasts for each connector and each account, moved by compare-and-set."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, or_, select, update

from bot.domain.periods import now
from bot.domain.suspensions import LASTING, Span, Suspension, SuspensionState
from bot.storage.index_words import among
from bot.storage.insert import insert_new
from bot.storage.prepared import prepared
from bot.storage.tables import connectors, payers, suspensions

_LASTS = among(suspensions.c.state, *LASTING)
_OF_CONNECTOR = prepared(
    select(suspensions).where(suspensions.c.connector_id == bindparam("connector"), _LASTS)
)
_OF_ACCOUNT = prepared(
    select(suspensions).where(
        suspensions.c.payer_id == bindparam("payer"),
        suspensions.c.connector_id.is_(None),
        _LASTS,
    )
)


class Suspensions:
    """Whose connector it is, may change while it lasts: who has it now, decides."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(
        self,
        customer_id: int,
        payer_id: int,
        connector_id: str | None,
        span: Span,
        *,
        next_at: datetime | None,
        part_of: int | None = None,
    ) -> int | None:
        """Write one down; None where one lasts already."""
        row = {
            "customer_id": customer_id,
            "payer_id": payer_id,
            "connector_id": connector_id,
            "part_of": part_of,
            "state": SuspensionState.PLANNED.value,
            "starts_on": span.starts_on,
            "ends_on": span.ends_on,
            "next_at": next_at,
            "created_at": now(),
        }
        added = self._connection.execute(insert_new(self._connection, suspensions), row)
        return added.scalar_one_or_none()

    def get(self, suspension_id: int) -> Suspension | None:
        row = self._one(suspensions.c.id == suspension_id)
        return _to_suspension(row) if row is not None else None

    def get_for_customer(self, suspension_id: int, customer_id: int) -> Suspension | None:
        """One of a connector or an account that is his now, whoever asked for it."""
        his = select(payers.c.id).where(payers.c.customer_id == customer_id)
        has = select(connectors.c.id).where(connectors.c.payer_id.in_(his))
        account = suspensions.c.connector_id.is_(None) & suspensions.c.payer_id.in_(his)
        row = self._one(suspensions.c.id == suspension_id, or_(suspensions.c.connector_id.in_(has), account))
        return _to_suspension(row) if row is not None else None

    def of_connector(self, connector_id: str) -> Suspension | None:
        """The one that lasts."""
        row = self._connection.execute(_OF_CONNECTOR, {"connector": connector_id}).one_or_none()
        return _to_suspension(row) if row is not None else None

    def of_account(self, payer_id: int) -> Suspension | None:
        """The one that lasts for the payer as a whole."""
        row = self._connection.execute(_OF_ACCOUNT, {"payer": payer_id}).one_or_none()
        return _to_suspension(row) if row is not None else None

    def parts(self, suspension_id: int) -> list[Suspension]:
        """Those of an account's that last."""
        query = select(suspensions).where(suspensions.c.part_of == suspension_id, _LASTS)
        rows = self._connection.execute(query.order_by(suspensions.c.connector_id))
        return [_to_suspension(row) for row in rows]

    def running(self, connector_ids: Collection[str]) -> list[str]:
        """Which of these connectors rest now."""
        query = select(suspensions.c.connector_id).where(
            _LASTS,
            suspensions.c.connector_id.in_(connector_ids),
            suspensions.c.state == SuspensionState.RUNNING.value,
        )
        return sorted(self._connection.scalars(query))

    def due(self, limit: int) -> list[int]:
        """Those that start or end now; the parts of an account's go with it."""
        query = select(suspensions.c.id).where(
            suspensions.c.next_at.is_not(None), suspensions.c.next_at <= now()
        )
        query = query.order_by(suspensions.c.next_at, suspensions.c.id)
        return list(self._connection.scalars(query.limit(limit)))

    def move(
        self, suspension_id: int, *, to: SuspensionState, only_from: SuspensionState, **values: Any
    ) -> bool:
        """To another state, with these columns; False when another writer was first."""
        query = update(suspensions).where(
            suspensions.c.id == suspension_id, suspensions.c.state == only_from.value
        )
        moved = query.values(state=to.value, **values).returning(suspensions.c.id)
        return self._connection.execute(moved).first() is not None

    def close(
        self, suspension_id: int, *, to: SuspensionState, only_from: SuspensionState, how: str, **values: Any
    ) -> bool:
        """The same, and nothing follows."""
        over = {"next_at": None, "ended_at": now(), "ended_how": how}
        return self.move(suspension_id, to=to, only_from=only_from, **over, **values)

    def _one(self, *which: ColumnElement[bool]) -> Row[Any] | None:
        return self._connection.execute(select(suspensions).where(*which)).one_or_none()


def _to_suspension(row: Row[Any]) -> Suspension:
    return Suspension(
        id=row.id,
        customer_id=row.customer_id,
        payer_id=row.payer_id,
        connector_id=row.connector_id,
        part_of=row.part_of,
        state=SuspensionState(row.state),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        anchor_day=row.anchor_day,
        next_at=row.next_at,
    )
