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


WAITING = (InvoiceState.ISSUED, InvoiceState.PART_PAID)
"""Whose order is still the newest of its connectors."""

UNPAID = (*OPEN_INVOICES, InvoiceState.VOID)
"""All but the paid: money that revives an order pays the invoice that asked for it."""


class Delivery(StrEnum):
    """How a payer wants his regular invoices."""

    EMAIL = "email"
    CHAT = "chat"
    HAND = "hand"


class Unit(StrEnum):
    """What a line counts."""

    MONTH = "month"
    PERIOD = "period"
    """A period of several months at one price that months do not divide."""
    USAGE = "usage"
    """What a metered connector used in the month."""
    CREDIT = "credit"
    """What was paid before: it bears no title, and its sum is below zero."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of the paper; `amount` is `price` times `quantity`, VAT included.

    `months` belong to a Unit.PERIOD, `uses` and `seconds` to Unit.USAGE.
    """

    title: str
    quantity: int
    unit: Unit
    price: Money
    amount: Money
    months: int = 0
    uses: int = 0
    seconds: int = 0


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
