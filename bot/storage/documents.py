"""Links to files: who they were given to, what they are of, and until when they work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bot.domain.documents import Enclosure
from bot.domain.periods import now
from bot.storage.payloads import from_json, to_json
from bot.storage.tables import documents

FORGET_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """What a link leads to, in whose language it is written."""

    id: int
    enclosure: Enclosure
    customer_id: int
    language: str
    reference: str
    fingerprint: str
    expires_at: datetime


class Documents:
    """A token is stored hashed; what it was made from stands with it, so that the link can be shown again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        customer_id: int,
        enclosure: Enclosure,
        *,
        language: str,
        reference: str,
        fingerprint: str,
        expires_at: datetime,
    ) -> None:
        row = {
            "fingerprint": fingerprint,
            "reference": reference,
            "kind": enclosure.kind,
            "subject": to_json(dict(enclosure.subject)),
            "customer_id": customer_id,
            "language": language,
            "state": "ready",
            "created_at": now(),
            "expires_at": expires_at,
        }
        self._connection.execute(insert(documents), row)

    def by_fingerprint(self, fingerprint: str) -> DocumentLink | None:
        """The link, unless its time is over."""
        live = documents.c.expires_at > now()
        query = select(documents).where(documents.c.fingerprint == fingerprint, live)
        return _to_link(self._connection.execute(query).one_or_none())

    def purge(self) -> int:
        """Forget some of the links whose time is over; how many."""
        over = select(documents.c.id).where(documents.c.expires_at <= now()).limit(FORGET_AT_ONCE)
        return self._connection.execute(delete(documents).where(documents.c.id.in_(over))).rowcount


def _to_link(row: Any) -> DocumentLink | None:
    if row is None:
        return None
    return DocumentLink(
        id=row.id,
        enclosure=Enclosure(row.kind, from_json(row.subject)),
        customer_id=row.customer_id,
        language=row.language,
        reference=row.reference,
        fingerprint=row.fingerprint,
        expires_at=row.expires_at,
    )
