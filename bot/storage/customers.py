"""Customers and their payers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.domain.customers import Customer
from bot.domain.periods import now
from bot.domain.records import RecordKind
from bot.storage.insert import insert_new
from bot.storage.prepared import prepared
from bot.storage.search import Search
from bot.storage.tables import customers, payers

_BY_ID = prepared(select(customers).where(customers.c.id == bindparam("customer_id")))
_PERSON = select(payers.c.id).where(
    payers.c.customer_id == bindparam("customer_id"),
    payers.c.kind == "person",
    payers.c.joined_into.is_(None),
)


class Customers:
    """People in a chat with the bot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, customer_id: int) -> Customer | None:
        row = self._connection.execute(_BY_ID, {"customer_id": customer_id}).one_or_none()
        return _to_customer(row) if row else None

    def add(self, customer_id: int, *, name: str, language: str) -> None:
        """Make the customer unless he is there already."""
        values = {"id": customer_id, "name": name, "language": language, "created_at": now()}
        if self._connection.execute(insert_new(self._connection, customers), values).first() is not None:
            self._keep_words(customer_id)

    def add_caller(self, customer_id: int, *, name: str, language: str) -> None:
        """Somebody whom no chat leads to; his number is below zero."""
        row = {"id": customer_id, "name": name, "language": language, "created_at": now()}
        self._connection.execute(customers.insert(), row | {"reachable": False})

    def rename(self, customer_id: int, name: str) -> None:
        self._change(customer_id, name=name)
        self._keep_words(customer_id)

    def set_username(self, customer_id: int, username: str) -> None:
        """What Telegram calls him after the @; "" where he has no such name any more."""
        self._change(customer_id, username=username)
        self._keep_words(customer_id)

    def choose_language(self, customer_id: int, language: str) -> None:
        self._change(customer_id, language=language)

    def choose_zone(self, customer_id: int, zone: str) -> None:
        """Where he lives, as the tz database names it; "" for where the seller is."""
        self._change(customer_id, zone=zone)

    def set_email(self, customer_id: int, email: str) -> None:
        self._change(customer_id, email=email)
        self._keep_words(customer_id)

    def set_phone(self, customer_id: int, phone: str) -> None:
        self._change(customer_id, phone=phone)
        self._keep_words(customer_id)

    def set_reachable(self, customer_id: int, reachable: bool) -> None:
        """Note that he blocked the bot, or that he is back."""
        self._change(customer_id, reachable=reachable)

    def block(self, customer_id: int, because: str) -> bool:
        """Take no orders and payments of his; False when somebody was first."""
        query = update(customers).where(customers.c.id == customer_id, customers.c.blocked_at.is_(None))
        blocked = query.values(blocked_at=now(), blocked_because=because)
        return self._connection.execute(blocked.returning(customers.c.id)).first() is not None

    def unblock(self, customer_id: int) -> bool:
        query = update(customers).where(customers.c.id == customer_id, customers.c.blocked_at.is_not(None))
        free = query.values(blocked_at=None, blocked_because="")
        return self._connection.execute(free.returning(customers.c.id)).first() is not None

    def consent(self, customer_id: int, at: datetime) -> None:
        self._change(customer_id, consented_at=at)

    def accept_terms(self, customer_id: int, version: str) -> None:
        self._change(customer_id, terms_version=version)

    def person(self, customer_id: int) -> int:
        """The payer that a private customer is; made silently the first time."""
        found = self._connection.execute(_PERSON, {"customer_id": customer_id}).scalar_one_or_none()
        if found is None:
            values = {"customer_id": customer_id, "kind": "person", "created_at": now()}
            self._connection.execute(insert_new(self._connection, payers), values)
            found = self._connection.execute(_PERSON, {"customer_id": customer_id}).scalar_one()
        return int(found)

    def owner(self, payer_id: int) -> int:
        """The customer who made the payer."""
        query = select(payers.c.customer_id).where(payers.c.id == payer_id)
        return int(self._connection.execute(query).scalar_one())

    def lock_payer(self, payer_id: int) -> None:
        """Everything that moves a payer's money waits here; the writer thread of SQLite needs no lock."""
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(select(payers.c.id).where(payers.c.id == payer_id).with_for_update())

    def _keep_words(self, customer_id: int) -> None:
        """So that operators find him by whatever he is called now."""
        Search(self._connection).note(RecordKind.CUSTOMER, [customer_id])

    def _change(self, customer_id: int, **values: Any) -> None:
        self._connection.execute(update(customers).where(customers.c.id == customer_id).values(**values))


def _to_customer(row: Row[Any]) -> Customer:
    return Customer(
        id=row.id,
        name=row.name,
        language=row.language,
        email=row.email,
        phone=row.phone,
        reachable=row.reachable,
        consented_at=row.consented_at,
        terms_version=row.terms_version,
        zone=row.zone,
        username=row.username,
        created_at=row.created_at,
        blocked_at=row.blocked_at,
        blocked_because=row.blocked_because,
        forgotten_at=row.forgotten_at,
    )
