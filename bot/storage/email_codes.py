"""Codes sent by e-mail: how many, which one counts, and that it counts once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from bot.domain.email_codes import GOOD_FOR, MOST_TRIES, CodePurpose, EmailCode
from bot.domain.periods import now
from bot.storage.tables import email_codes


class EmailCodes:
    """Of a customer's codes for one purpose only the newest counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sent_since(self, moment: datetime, *, customer_id: int, email: str) -> tuple[int, int]:
        """How many went to this customer's order, and how many to this address, whoever ordered them."""
        his, its = email_codes.c.customer_id == customer_id, email_codes.c.email == email
        query = select(
            func.count().filter(his).label("his"),
            func.count().filter(its).label("its"),
        ).where(email_codes.c.created_at > moment, or_(his, its))
        row = self._connection.execute(query).one()
        return row.his, row.its

    def add(
        self, customer_id: int, purpose: CodePurpose, email: str, code_hash: str, payer_id: int | None
    ) -> None:
        """Write down a new code; the ones before it for this purpose are worth nothing from now on."""
        moment = now()
        row = {
            "customer_id": customer_id,
            "purpose": purpose,
            "payer_id": payer_id,
            "email": email,
            "code_hash": code_hash,
            "created_at": moment,
            "expires_at": moment + GOOD_FOR,
        }
        self._connection.execute(insert(email_codes), row)

    def count_try(self, customer_id: int, purpose: CodePurpose) -> EmailCode | None:
        """The code that counts now, with this try counted; None when there is none or its tries are spent."""
        mine = email_codes.c.customer_id == customer_id, email_codes.c.purpose == purpose
        newest = select(func.max(email_codes.c.id)).where(*mine).scalar_subquery()
        counted = update(email_codes).where(
            email_codes.c.id == newest,
            email_codes.c.used_at.is_(None),
            email_codes.c.expires_at > now(),
            email_codes.c.tries < MOST_TRIES,
        )
        values = counted.values(tries=email_codes.c.tries + 1).returning(email_codes)
        row = self._connection.execute(values).one_or_none()
        if row is None:
            return None
        return EmailCode(row.id, row.email, row.payer_id, row.code_hash, row.tries, row.created_at)

    def use(self, code_id: int) -> bool:
        """True for whoever is first."""
        unused = update(email_codes).where(email_codes.c.id == code_id, email_codes.c.used_at.is_(None))
        return self._connection.execute(unused.values(used_at=now())).rowcount > 0

    def forget(self, before: datetime, *, most: int) -> int:
        """Addresses are personal: they go as soon as no limit counts them any more."""
        old = select(email_codes.c.id).where(email_codes.c.created_at < before).limit(most)
        return self._connection.execute(delete(email_codes).where(email_codes.c.id.in_(old))).rowcount
