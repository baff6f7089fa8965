"""An order's own pay link: found by its token's fingerprint, as the token itself is not kept."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from bot.storage.tables import orders


class OrderLinkRows:
    """An order has one link, made when it is first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fingerprint(self, order_id: int) -> str | None:
        query = select(orders.c.link_fingerprint).where(orders.c.id == order_id)
        return self._connection.execute(query).scalar_one_or_none()

    def keep(self, order_id: int, fingerprint: str) -> None:
        query = update(orders).where(orders.c.id == order_id)
        self._connection.execute(query.values(link_fingerprint=fingerprint))

    def order_behind(self, fingerprint: str) -> int | None:
        query = select(orders.c.id).where(orders.c.link_fingerprint == fingerprint)
        return self._connection.execute(query).scalar_one_or_none()
