"""Links by which a caller makes his own, in Telegram, what an operator made for him: each works once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.periods import now
from bot.storage.tables import customer_links


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """Whose it is, what its token is made from, and whether it can still be used."""

    id: int
    customer_id: int
    reference: str
    fingerprint: str
    expires_at: datetime
    used_at: datetime | None
    used_by: int | None


class CustomerLinks:
    """The token itself is not kept, only its fingerprint."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, customer_id: int, *, reference: str, fingerprint: str, made_by: int, expires_at: datetime
    ) -> None:
        row = {
            "customer_id": customer_id,
            "reference": reference,
            "fingerprint": fingerprint,
            "made_by": made_by,
            "created_at": now(),
            "expires_at": expires_at,
        }
        self._connection.execute(insert(customer_links), row)

    def find(self, fingerprint: str) -> CustomerLink | None:
        query = select(customer_links).where(customer_links.c.fingerprint == fingerprint)
        return _one(self._connection.execute(query).one_or_none())

    def standing(self, customer_id: int, *, good_until: datetime) -> CustomerLink | None:
        """The newest that nobody has used and that is good at least until then."""
        query = select(customer_links).where(
            customer_links.c.customer_id == customer_id,
            customer_links.c.used_at.is_(None),
            customer_links.c.expires_at >= good_until,
        )
        return _one(self._connection.execute(query.order_by(customer_links.c.id.desc()).limit(1)).first())

    def use_up(self, link_id: int, customer_id: int) -> bool:
        """Note that he used it; False when somebody was first."""
        unused = update(customer_links).where(
            customer_links.c.id == link_id, customer_links.c.used_at.is_(None)
        )
        used = unused.values(used_at=now(), used_by=customer_id).returning(customer_links.c.id)
        return self._connection.execute(used).first() is not None


def _one(row: Row[Any] | None) -> CustomerLink | None:
    if row is None:
        return None
    return CustomerLink(
        id=row.id,
        customer_id=row.customer_id,
        reference=row.reference,
        fingerprint=row.fingerprint,
        expires_at=row.expires_at,
        used_at=row.used_at,
        used_by=row.used_by,
    )
