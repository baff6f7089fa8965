"""Invoices: numbers without gaps, everything on the paper frozen, the state following their orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.domain.invoices import (
    OPEN_INVOICES,
    Delivery,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    Unit,
    invoice_number,
)
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.requisites import BankAccount, Party, PartyKind, SellerDetails, Signer
from bot.storage.insert import insert_new
from bot.storage.tables import invoice_numbers, invoices


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """What is frozen at issue; the number is drawn when it is written."""

    kind: InvoiceKind
    customer_id: int
    payer_id: int
    total: Money
    vat: str
    vat_amount: Money
    issued_on: date
    valid_until: date | None
    seller: SellerDetails
    buyer: Party
    lines: Sequence[InvoiceLine]
    language: str
    reference: str
    month: str = ""
    email: str = ""
    delivery: Delivery = Delivery.EMAIL


class Invoices:
    """A number is drawn in the unit that uses it, so that a unit that fails leaves no gap."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def draw_number(self, year: int) -> str:
        """The next number of that year; until this unit ends nobody else draws one."""
        row = {"year": year, "last": 0}
        self._connection.execute(insert_new(self._connection, invoice_numbers), row)
        counter = update(invoice_numbers).where(invoice_numbers.c.year == year)
        counted = counter.values(last=invoice_numbers.c.last + 1).returning(invoice_numbers.c.last)
        return invoice_number(year, int(self._connection.execute(counted).scalar_one()))

    def add(self, new: NewInvoice, *, number: str, order_id: int, purpose: str) -> int:
        row = {
            "number": number,
            "kind": new.kind.value,
            "state": InvoiceState.ISSUED.value,
            "customer_id": new.customer_id,
            "payer_id": new.payer_id,
            "order_id": order_id,
            "month": new.month,
            "currency": new.total.currency,
            "minor": new.total.minor,
            "vat": new.vat,
            "vat_minor": new.vat_amount.minor,
            "issued_on": new.issued_on,
            "valid_until": new.valid_until,
            "seller": asdict(new.seller),
            "buyer": asdict(new.buyer),
            "buyer_tax_number": new.buyer.tax_number,
            "lines": [asdict(line) for line in new.lines],
            "purpose": purpose,
            "language": new.language,
            "email": new.email,
            "delivery": new.delivery.value,
            "reference": new.reference,
            "created_at": now(),
        }
        return int(self._connection.execute(insert(invoices).returning(invoices.c.id), row).scalar_one())

    def get(self, invoice_id: int) -> Invoice | None:
        return self._one(invoices.c.id == invoice_id)

    def get_for_customer(self, invoice_id: int, customer_id: int) -> Invoice | None:
        return self._one(invoices.c.id == invoice_id, invoices.c.customer_id == customer_id)

    def of_order(self, order_id: int) -> Invoice | None:
        return self._one(invoices.c.order_id == order_id)

    def by_numbers(self, numbers: Collection[str]) -> dict[str, Invoice]:
        """Those of them that there are, whatever their state."""
        return {each.number: each for each in self._all(invoices.c.number.in_(sorted(numbers)))}

    def regular(self, payer_id: int, month: str, currency: str) -> Invoice | None:
        """The bill of that month, once it was formed."""
        return self._one(
            invoices.c.payer_id == payer_id,
            invoices.c.month == month,
            invoices.c.currency == currency,
            invoices.c.kind == InvoiceKind.REGULAR.value,
        )

    def regulars(self, payer_id: int, months: Collection[str]) -> list[Invoice]:
        """His bills of these months, in every currency."""
        return self._all(
            invoices.c.payer_id == payer_id,
            invoices.c.month.in_(sorted(months)),
            invoices.c.kind == InvoiceKind.REGULAR.value,
        )

    def regular_months(self, payer_id: int, *, most: int) -> list[str]:
        """Those he was billed for, the newest first."""
        query = select(invoices.c.month).where(
            invoices.c.payer_id == payer_id, invoices.c.kind == InvoiceKind.REGULAR.value
        )
        return list(self._connection.scalars(query.distinct().order_by(invoices.c.month.desc()).limit(most)))

    def page(self, customer_id: int, payer_id: int | None, *, limit: int, offset: int) -> list[Invoice]:
        """A customer's invoices, the newest first; of one payer, or of all that are his."""
        query = select(invoices).where(*_whose(customer_id, payer_id)).order_by(invoices.c.id.desc())
        return [_to_invoice(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def count(self, customer_id: int, payer_id: int | None = None) -> int:
        query = select(func.count()).select_from(invoices).where(*_whose(customer_id, payer_id))
        return int(self._connection.execute(query).scalar_one())

    def move(
        self, order_id: int, *, to: InvoiceState, only_from: Collection[InvoiceState] = OPEN_INVOICES
    ) -> bool:
        """Follow what became of its order; False where it has no invoice in one of these states."""
        states = [state.value for state in only_from]
        unmoved = update(invoices).where(invoices.c.order_id == order_id, invoices.c.state.in_(states))
        paid_at: datetime | None = now() if to is InvoiceState.PAID else None
        moved = unmoved.values(state=to.value, paid_at=paid_at).returning(invoices.c.id)
        return self._connection.execute(moved).first() is not None

    def open_offers(self, payer_id: int) -> list[int]:
        """The orders behind those that he could still accept by paying."""
        query = select(invoices.c.order_id).where(
            invoices.c.payer_id == payer_id,
            invoices.c.kind == InvoiceKind.OFFER.value,
            invoices.c.state.in_([state.value for state in OPEN_INVOICES]),
        )
        return list(self._connection.scalars(query.order_by(invoices.c.id)))

    def hand_over(self, invoice_id: int, *, to_order: int, state: InvoiceState) -> None:
        """Let it ask for another order: the one it was paid by was undone."""
        change = update(invoices).where(invoices.c.id == invoice_id)
        self._connection.execute(change.values(order_id=to_order, state=state.value, paid_at=None))

    def _one(self, *where: Any) -> Invoice | None:
        row = self._connection.execute(select(invoices).where(*where)).one_or_none()
        return _to_invoice(row) if row is not None else None

    def _all(self, *where: Any) -> list[Invoice]:
        rows = self._connection.execute(select(invoices).where(*where).order_by(invoices.c.id))
        return [_to_invoice(row) for row in rows]


def _whose(customer_id: int, payer_id: int | None) -> list[Any]:
    own = [invoices.c.customer_id == customer_id]
    return own if payer_id is None else [*own, invoices.c.payer_id == payer_id]


def _to_invoice(row: Row[Any]) -> Invoice:
    return Invoice(
        id=row.id,
        number=row.number,
        kind=InvoiceKind(row.kind),
        state=InvoiceState(row.state),
        customer_id=row.customer_id,
        payer_id=row.payer_id,
        order_id=row.order_id,
        total=Money(row.minor, row.currency),
        vat=row.vat,
        vat_amount=Money(row.vat_minor, row.currency),
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        seller=_to_seller(row.seller),
        buyer=_to_party(row.buyer),
        lines=tuple(_to_line(line) for line in row.lines),
        purpose=row.purpose,
        language=row.language,
        reference=row.reference,
        created_at=row.created_at,
        month=row.month,
        email=row.email,
        delivery=Delivery(row.delivery),
        paid_at=row.paid_at,
    )


def _to_party(document: dict[str, Any]) -> Party:
    return Party(**{**document, "kind": PartyKind(document["kind"])})


def _to_seller(document: dict[str, Any]) -> SellerDetails:
    signer = document["signer"]
    return SellerDetails(
        party=_to_party(document["party"]),
        account=BankAccount(**document["account"]),
        signer=Signer(**signer) if signer else None,
        registration=document["registration"],
    )


def _to_line(document: dict[str, Any]) -> InvoiceLine:
    price, amount = Money(**document["price"]), Money(**document["amount"])
    return InvoiceLine(**{**document, "unit": Unit(document["unit"]), "price": price, "amount": amount})
