"""Subscribers: metered connectors, whose charges are billed by the month."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from bot.domain.customers import Connector
from bot.storage.connectors import matches, of_customer, to_connector
from bot.storage.tables import connectors, payers


class Subscribers:
    """`tariffs` are the metered ones: which they are, the catalogue knows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, customer_id: int, tariffs: Collection[str], *, search: str = "") -> int:
        owned = _metered(customer_id, tariffs).where(matches(search)).subquery()
        return int(self._connection.execute(select(func.count()).select_from(owned)).scalar_one())

    def page(
        self, customer_id: int, tariffs: Collection[str], *, search: str, limit: int, offset: int
    ) -> list[Connector]:
        """By title, as they are looked for."""
        query = _metered(customer_id, tariffs).where(matches(search))
        query = query.order_by(connectors.c.title, connectors.c.id).limit(limit).offset(offset)
        return [to_connector(row) for row in self._connection.execute(query)]

    def payers(self, customer_id: int, tariffs: Collection[str]) -> list[int]:
        """Which of a customer's payers have any, the oldest first."""
        query = select(payers.c.id).join(connectors, connectors.c.payer_id == payers.c.id)
        query = query.where(payers.c.customer_id == customer_id, connectors.c.tariff.in_(sorted(tariffs)))
        return list(self._connection.scalars(query.distinct().order_by(payers.c.id)))


def _metered(customer_id: int, tariffs: Collection[str]) -> Any:
    return of_customer(customer_id).where(connectors.c.tariff.in_(sorted(tariffs)))
