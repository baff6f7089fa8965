"""Invoices: numbered papers for a bank transfer, each with an order behind it that its money settles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.money import Money
from bot.domain.requisites import Party, SellerDetails


class InvoiceKind(StrEnum):
    OFFER = "offer"
    """On request (счёт-оферта): for connectors and a period, paying it accepts the offer."""
    REGULAR = "regular"
    """The bill of a month for what a payer's metered connectors used."""


class InvoiceState(StrEnum):
    ISSUED = "issued"
    PART_PAID = "part_paid"
    PAID = "paid"
    LAPSED = "lapsed"
    VOID = "void"


OPEN_INVOICES = (InvoiceState.ISSUED, InvoiceState.PART_PAID, InvoiceState.LAPSED)
"""What a transfer still pays: a lapsed one is paid late at its frozen price."""


class Delivery(StrEnum):
    """How a payer wants his regular invoices."""

    EMAIL = "email"
    CHAT = "chat"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of the paper; `amount` is `price` times `quantity`, VAT included."""

    title: str
    quantity: int
    unit: str
    price: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Invoice:
    """Everything on the paper, frozen at issue. `vat` is the rate ("22"), or "none"; `month` is "2026-11"."""

    id: int
    number: str
    kind: InvoiceKind
    state: InvoiceState
    customer_id: int
    payer_id: int
    order_id: int
    total: Money
    vat: str
    vat_amount: Money
    issued_on: date
    valid_until: date | None
    seller: SellerDetails
    buyer: Party
    lines: tuple[InvoiceLine, ...]
    purpose: str
    language: str
    reference: str
    created_at: datetime
    month: str = ""
    email: str = ""
    delivery: Delivery = Delivery.EMAIL
    paid_at: datetime | None = None


def invoice_number(year: int, place: int) -> str:
    """INV-2026-000123: no letters that look alike in two alphabets, the year inside, never used again."""
    return f"INV-{year}-{place:06}"
