"""The seller's links to connectors: found by a token's fingerprint, as the token itself is not kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.customers import ConnectorLink
from bot.domain.periods import now
from bot.domain.states import LinkUse
from bot.storage.tables import connector_links


class ConnectorLinks:
    """Whether a link may still be used, services decide; that it is used once, is decided here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, fingerprint: str) -> ConnectorLink | None:
        """The link whose token has this fingerprint, used and expired ones too."""
        query = select(connector_links).where(connector_links.c.fingerprint == fingerprint)
        return _one(self._connection.execute(query).one_or_none())

    def to_pay(self, connector_id: str, *, good_until: datetime) -> ConnectorLink | None:
        """The newest pay link of a connector that is good at least until then."""
        query = select(connector_links).where(
            connector_links.c.connector_id == connector_id,
            connector_links.c.use == LinkUse.PAY.value,
            connector_links.c.expires_at >= good_until,
        )
        return _one(self._connection.execute(query.order_by(connector_links.c.id.desc()).limit(1)).first())

    def add(
        self, connector_id: str, use: LinkUse, *, reference: str, fingerprint: str, expires_at: datetime
    ) -> None:
        row = {
            "connector_id": connector_id,
            "use": use.value,
            "reference": reference,
            "fingerprint": fingerprint,
            "created_at": now(),
            "expires_at": expires_at,
        }
        self._connection.execute(insert(connector_links), row)

    def use_up(self, link_id: int, customer_id: int) -> bool:
        """Note that he used it; False when somebody was first."""
        unused = update(connector_links).where(
            connector_links.c.id == link_id, connector_links.c.used_at.is_(None)
        )
        used = unused.values(used_at=now(), used_by=customer_id).returning(connector_links.c.id)
        return self._connection.execute(used).first() is not None


def _one(row: Row[Any] | None) -> ConnectorLink | None:
    if row is None:
        return None
    return ConnectorLink(
        id=row.id,
        connector_id=row.connector_id,
        use=LinkUse(row.use),
        reference=row.reference,
        fingerprint=row.fingerprint,
        expires_at=row.expires_at,
        used_at=row.used_at,
        used_by=row.used_by,
    )
