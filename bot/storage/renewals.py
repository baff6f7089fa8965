"""Connectors that run out and that no autopay will pay for, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.customers import Connector
from bot.domain.suspensions import LASTING, SuspensionState
from bot.storage.autopays import STANDS
from bot.storage.connectors import to_connector
from bot.storage.index_words import among
from bot.storage.prepared import prepared
from bot.storage.tables import autopays, connectors, payers, suspensions

_PAGE = prepared(
    select(connectors.c.id, payers.c.customer_id)
    .join(payers, payers.c.id == connectors.c.payer_id)
    .where(
        connectors.c.payer_id.is_not(None),
        connectors.c.paid_until == bindparam("day"),
        connectors.c.id > bindparam("after"),
    )
    .order_by(connectors.c.id)
    .limit(bindparam("most"))
)
_will_be_charged = exists().where(
    autopays.c.connector_id == connectors.c.id,
    autopays.c.connector_id.is_not(None),
    STANDS,
    or_(
        autopays.c.state != AutopayState.PAUSED.value, autopays.c.reason == AutopayReason.PRICE_CHANGED.value
    ),
)
_rests = and_(among(suspensions.c.state, *LASTING), suspensions.c.state == SuspensionState.RUNNING.value)
_is_suspended = or_(
    exists().where(_rests, suspensions.c.connector_id == connectors.c.id),
    exists().where(
        _rests, suspensions.c.payer_id == connectors.c.payer_id, suspensions.c.connector_id.is_(None)
    ),
)
# No index on the date: without statistics SQLite would read all that ends then to find one customer's.
_until = func.coalesce(connectors.c.paid_until, connectors.c.paid_until)
_days = [bindparam(name, type_=connectors.c.paid_until.type) for name in ("first", "second", "third")]
_OF_CUSTOMER = prepared(
    select(connectors)
    .join(payers, payers.c.id == connectors.c.payer_id)
    .where(
        payers.c.customer_id == bindparam("customer"),
        _until.in_(_days),
        ~_will_be_charged,
        ~_is_suspended,
    )
    .order_by(connectors.c.paid_until, connectors.c.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class RunningOut:
    connector_id: str
    customer_id: int


class Renewals:
    """Reads, and changes nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, day: date, *, after: str, limit: int) -> list[RunningOut]:
        """The next owned connectors that run out on this day, by id, whatever pays for them."""
        rows = self._connection.execute(_PAGE, {"day": day, "after": after, "most": limit})
        return [RunningOut(row.id, row.customer_id) for row in rows]

    def of_customer(self, customer_id: int, days: Collection[date], *, limit: int) -> list[Connector]:
        """Those of his that run out on these three days, without what an autopay will pay or is suspended."""
        first, second, third = days
        values = {"first": first, "second": second, "third": third, "most": limit}
        rows = self._connection.execute(_OF_CUSTOMER, values | {"customer": customer_id})
        return [to_connector(row) for row in rows]

    def ids_of_customer(self, customer_id: int) -> list[str]:
        """The ids of all that he has, for the short names on buttons."""
        query = select(connectors.c.id).join(payers, payers.c.id == connectors.c.payer_id)
        return list(self._connection.scalars(query.where(payers.c.customer_id == customer_id)))
