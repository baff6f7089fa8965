"""What customers agreed to, word by word, and when they refused: the evidence outlives the autopay."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select, update

from bot.domain.autopays import Agreement
from bot.domain.periods import now
from bot.storage.tables import attempts, autopay_consents


class AutopayConsents:
    """Of an autopay's consents only one stands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def give(self, autopay_id: int, customer_id: int, agreed: Agreement, *, card: str) -> None:
        """Write down a consent; the one before it is replaced by it."""
        self.end(autopay_id, "replaced")
        row = {
            "autopay_id": autopay_id,
            "customer_id": customer_id,
            "text": agreed.text,
            "version": agreed.version,
            "language": agreed.language,
            "currency": agreed.amount.currency,
            "minor": agreed.amount.minor,
            "months": agreed.interval.months,
            "days": agreed.interval.days,
            "first_on": agreed.first_on,
            "card": card,
            "given_at": now(),
            "update_id": agreed.update_id,
        }
        self._connection.execute(insert(autopay_consents), row)

    def stands(self, autopay_id: int) -> bool:
        """Whether there is one that was not refused, nor replaced."""
        query = select(autopay_consents.c.id).where(
            autopay_consents.c.autopay_id == autopay_id, autopay_consents.c.ended_at.is_(None)
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def end(self, autopay_id: int, how: str, update_id: int | None = None) -> None:
        """It counts no more; the row stays.

        Not before the last charge that it allowed, even where the clock was set back since.
        """
        sent = select(func.max(attempts.c.sent_at)).where(attempts.c.autopay_id == autopay_id)
        last = self._connection.execute(sent).scalar_one()
        moment = max(now(), last) if last is not None else now()
        stands = update(autopay_consents).where(
            autopay_consents.c.autopay_id == autopay_id, autopay_consents.c.ended_at.is_(None)
        )
        self._connection.execute(stands.values(ended_at=moment, ended_how=how, end_update_id=update_id))
