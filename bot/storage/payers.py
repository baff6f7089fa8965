"""Payers: who the money comes from, and the payment code that each may have."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, exists, func, insert, or_, select, update

from bot.domain.customers import Payer
from bot.domain.invoices import Delivery
from bot.domain.payer_details import PayerDetails
from bot.domain.periods import now
from bot.domain.records import RecordKind
from bot.storage.prepared import prepared
from bot.storage.search import Search
from bot.storage.tables import connectors, customers, payers

_PAYER = select(payers, customers.c.name).join(customers, customers.c.id == payers.c.customer_id)
_BY_ID = prepared(_PAYER.where(payers.c.id == bindparam("payer_id")))
_of_code = payers.alias("of_code")
_BY_CODE = prepared(
    _PAYER.join(_of_code, func.coalesce(_of_code.c.joined_into, _of_code.c.id) == payers.c.id).where(
        _of_code.c.code == bindparam("code")
    )
)
"""The code of a payer who was joined into another leads to that one."""
_IS_ITSELF = payers.c.joined_into.is_(None)


class Payers:
    """A code is given once and never changes; no two payers share one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, payer_id: int) -> Payer | None:
        return _one(self._connection.execute(_BY_ID, {"payer_id": payer_id}).one_or_none())

    def get_for_customer(self, payer_id: int, customer_id: int) -> Payer | None:
        payer = self.get(payer_id)
        return payer if payer is not None and payer.customer_id == customer_id else None

    def by_code(self, code: str) -> Payer | None:
        return _one(self._connection.execute(_BY_CODE, {"code": code}).one_or_none())

    def lock_by_code(self, code: str) -> Payer | None:
        """The payer with that code, held until the unit ends; SQLite's writer thread needs no lock."""
        if self._connection.dialect.name == "sqlite":
            return self.by_code(code)
        found = self.by_code(code)
        if found is None:
            return None
        self._connection.execute(select(payers.c.id).where(payers.c.id == found.id).with_for_update())
        return self.by_code(code)

    def of_customer(self, customer_id: int) -> list[Payer]:
        """Everybody he pays for, the oldest first."""
        query = _PAYER.where(payers.c.customer_id == customer_id, _IS_ITSELF).order_by(payers.c.id)
        return [_to_payer(row) for row in self._connection.execute(query)]

    def is_joined(self, payer_id: int) -> bool:
        """Whether another has all of it since."""
        query = select(payers.c.joined_into).where(payers.c.id == payer_id)
        return self._connection.execute(query).scalar_one_or_none() is not None

    def give_code(self, payer_id: int, code: str) -> bool:
        """Give a payer this code; False when he has one already, or somebody else has this one."""
        others = payers.alias()
        free = ~exists().where(others.c.code == code)
        query = update(payers).where(payers.c.id == payer_id, payers.c.code.is_(None), free)
        given = self._connection.execute(query.values(code=code).returning(payers.c.id))
        return given.first() is not None

    def add(self, customer_id: int, title: str) -> int:
        """Make an organisation that a customer pays for."""
        row = {"customer_id": customer_id, "kind": "organisation", "title": title, "created_at": now()}
        payer_id = int(self._connection.execute(insert(payers).returning(payers.c.id), row).scalar_one())
        self._keep_words(payer_id)
        return payer_id

    def set_details(self, payer_id: int, details: PayerDetails) -> None:
        """What his papers will say from now on; another address for them has to be proved anew."""
        query = update(payers).where(payers.c.id == payer_id)
        same = case((payers.c.email == details.email, payers.c.email_proved_at), else_=None)
        changed = query.values(
            kind=details.kind,
            country=details.country,
            title=details.name,
            tax_number=details.tax_number,
            kpp=details.kpp,
            address=details.address,
            email=details.email,
            email_proved_at=same,
        )
        self._connection.execute(changed)
        self._keep_words(payer_id)

    def prove_email(self, payer_id: int, email: str) -> None:
        """Its owner sent back the code: his papers go there from now on."""
        query = update(payers).where(payers.c.id == payer_id)
        self._connection.execute(query.values(email=email, email_proved_at=now()))
        self._keep_words(payer_id)

    def choose_delivery(self, payer_id: int, delivery: Delivery) -> None:
        self._connection.execute(update(payers).where(payers.c.id == payer_id).values(delivery=delivery))

    def with_tax_number(self, tax_number: str, limit: int) -> list[Payer]:
        """Those who have been invoiced under it; several customers may pay for one firm."""
        if not tax_number.strip("0"):
            return []
        query = _PAYER.where(payers.c.tax_number == tax_number, _IS_ITSELF).order_by(payers.c.id.desc())
        return [_to_payer(row) for row in self._connection.execute(query.limit(limit))]

    def search(self, words: str, *, email: str | None, phone: str | None, limit: int) -> list[Payer]:
        """By contacts of the customer or of a connector, by a connector's id, or by words of its title."""
        ways: list[Any] = [connectors.c.id == words, connectors.c.title.icontains(words, autoescape=True)]
        if email:
            ways += [
                func.lower(column) == email.lower() for column in (customers.c.email, connectors.c.email)
            ]
        if phone:
            ways += [column == phone for column in (customers.c.phone, connectors.c.phone)]
        query = _PAYER.outerjoin(connectors, connectors.c.payer_id == payers.c.id).where(
            or_(*ways), _IS_ITSELF
        )
        rows = self._connection.execute(query.distinct().order_by(payers.c.id).limit(limit))
        return [_to_payer(row) for row in rows]

    def _keep_words(self, payer_id: int) -> None:
        """So that operators find it by whatever it is called now."""
        Search(self._connection).note(RecordKind.PAYER, [payer_id])


def _one(row: Row[Any] | None) -> Payer | None:
    return _to_payer(row) if row is not None else None


def _to_payer(row: Row[Any]) -> Payer:
    return Payer(
        id=row.id,
        customer_id=row.customer_id,
        kind=row.kind,
        title=row.title,
        code=row.code or "",
        name=row.name,
        country=row.country,
        tax_number=row.tax_number,
        kpp=row.kpp,
        address=row.address,
        email=row.email,
        email_proved=row.email_proved_at is not None,
        delivery=Delivery(row.delivery),
    )
