"""What metered connectors used: looked up by who pays, a month at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select

from bot.domain.billing import ConnectorUsage, RunState, UsageRecord
from bot.domain.money import Money
from bot.storage.tables import billed, billing_runs, charges, connectors, payers


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose usage: of a customer, if one is named of one payer of his, or of one connector alone."""

    customer_id: int
    connector_id: str | None = None
    payer_id: int | None = None


@dataclass(frozen=True, slots=True)
class After:
    """How far a long list was read."""

    connector_id: str
    started_at: datetime
    id: int


class UsageBooks:
    """A month that was counted is shown to whom it was billed to, any other to who would pay for it now.

    So nobody who takes over a number reads whom its former owner called.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has_any(self, scope: Scope, month: str) -> bool:
        theirs = self._theirs(scope, month)
        found = select(charges.c.id).join(theirs, theirs.c.id == charges.c.connector_id)
        return self._connection.execute(found.where(charges.c.month == month).limit(1)).first() is not None

    def totals(self, scope: Scope, month: str) -> list[ConnectorUsage]:
        """A sum for each connector and currency."""
        theirs = self._theirs(scope, month)
        query = (
            select(
                theirs.c.id,
                theirs.c.title,
                theirs.c.tariff,
                charges.c.currency,
                func.count().label("records"),
                func.coalesce(func.sum(charges.c.duration_s), 0).label("seconds"),
                func.sum(charges.c.minor).label("minor"),
            )
            .join(charges, and_(charges.c.connector_id == theirs.c.id, charges.c.month == month))
            .group_by(theirs.c.id, theirs.c.title, theirs.c.tariff, charges.c.currency)
            .order_by(theirs.c.title, theirs.c.id, charges.c.currency)
        )
        return [_to_usage(row) for row in self._connection.execute(query)]

    def records(self, scope: Scope, month: str, *, limit: int, offset: int) -> list[UsageRecord]:
        """A screen of them: by connector, the newest first."""
        query = self._records(scope, month).order_by(
            charges.c.connector_id, charges.c.started_at.desc(), charges.c.id.desc()
        )
        return [_to_record(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def records_after(
        self, scope: Scope, month: str, after: After | None, limit: int
    ) -> list[tuple[After, UsageRecord]]:
        """The next of them by connector and time, for whoever reads them all."""
        place = (charges.c.connector_id, charges.c.started_at, charges.c.id)
        query = self._records(scope, month).order_by(*place).limit(limit)
        if after is not None:
            query = query.where(_beyond(after))
        rows = self._connection.execute(query)
        return [(After(row.connector_id, row.started_at, row.id), _to_record(row)) for row in rows]

    def _records(self, scope: Scope, month: str) -> Select[Any]:
        theirs = self._theirs(scope, month)
        return (
            select(charges, theirs.c.title)
            .join(theirs, theirs.c.id == charges.c.connector_id)
            .where(charges.c.month == month)
        )

    def _theirs(self, scope: Scope, month: str) -> Any:
        """The connectors meant; of a counted month those that were billed to them."""
        if not self._is_counted(month):
            query = select(connectors.c.id, connectors.c.title, connectors.c.tariff)
            return query.join(payers, payers.c.id == connectors.c.payer_id).where(*of_scope(scope)).subquery()
        then = (
            select(connectors.c.id, connectors.c.title, connectors.c.tariff)
            .join(billed, billed.c.connector_id == connectors.c.id)
            .join(payers, payers.c.id == billed.c.payer_id)
            .where(billed.c.month == month, *of_scope(scope, billed.c.payer_id))
        )
        return then.distinct().subquery()

    def _is_counted(self, month: str) -> bool:
        counted = billing_runs.c.state != RunState.COUNTING.value
        query = select(exists().where(billing_runs.c.month == month, counted))
        return bool(self._connection.execute(query).scalar_one())


def of_scope(scope: Scope, payer: Any = connectors.c.payer_id) -> list[ColumnElement[bool]]:
    """Conditions upon connectors that are joined with their payers."""
    meant = [payers.c.customer_id == scope.customer_id]
    if scope.connector_id is not None:
        meant.append(connectors.c.id == scope.connector_id)
    if scope.payer_id is not None:
        meant.append(payer == scope.payer_id)
    return meant


def _beyond(after: After) -> ColumnElement[bool]:
    same = charges.c.connector_id == after.connector_id
    later = or_(
        charges.c.started_at > after.started_at,
        and_(charges.c.started_at == after.started_at, charges.c.id > after.id),
    )
    return or_(charges.c.connector_id > after.connector_id, and_(same, later))


def _to_usage(row: Row[Any]) -> ConnectorUsage:
    return ConnectorUsage(
        connector_id=row.id,
        title=row.title,
        tariff=row.tariff,
        records=row.records,
        seconds=int(row.seconds),
        amount=Money(int(row.minor), row.currency),
    )


def _to_record(row: Row[Any]) -> UsageRecord:
    return UsageRecord(
        connector_id=row.connector_id,
        title=row.title,
        started_at=row.started_at,
        number=row.number,
        duration_s=row.duration_s,
        amount=Money(row.minor, row.currency),
        description=row.description,
    )
