"""Records: what operators see of a customer, a payer, a connector, a payment, an invoice or an order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias

from bot.domain.arrears import Arrears
from bot.domain.autopays import Autopay
from bot.domain.customers import Connector, Customer, Payer
from bot.domain.fiscal import FiscalReceipt
from bot.domain.invoices import Invoice
from bot.domain.money import Money
from bot.domain.order_forms import OrderForm, OrderStep, OrderWork
from bot.domain.orders import Order
from bot.domain.payments import Attempt, BookedEvent, Payment
from bot.domain.states import ExtensionCause
from bot.domain.suspensions import Suspension

_FITS_A_BUTTON = re.compile(r"[A-Za-z0-9_-]{1,20}|#[0-9a-f]{16}")


class RecordKind(StrEnum):
    """Its subject in the audit log is this word, a colon and the id."""

    CUSTOMER = "customer"
    PAYER = "payer"
    CONNECTOR = "connector"
    PAYMENT = "payment"
    INVOICE = "invoice"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Note:
    """What an operator wrote down about a customer, for other operators."""

    who: int
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """One move of a connector's paid-until."""

    from_date: date | None
    to_date: date | None
    cause: ExtensionCause
    order_id: int | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """`open_orders` are what he has yet to pay, `notes` the last few."""

    kind: ClassVar = RecordKind.CUSTOMER
    customer: Customer
    payers: tuple[Payer, ...]
    connectors: int
    balances: tuple[Money, ...]
    open_orders: tuple[Order, ...]
    payments: tuple[Payment, ...]
    autopays: tuple[Autopay, ...]
    saved_cards: int
    notes: tuple[Note, ...]

    @property
    def id(self) -> str:
        return str(self.customer.id)


@dataclass(frozen=True, slots=True)
class PayerRecord:
    kind: ClassVar = RecordKind.PAYER
    customer: Customer
    payer: Payer
    balances: tuple[Money, ...]
    connectors: tuple[Connector, ...]
    """A few of `connectors_count`."""
    connectors_count: int
    invoices: tuple[Invoice, ...]
    autopays: tuple[Autopay, ...]

    @property
    def id(self) -> str:
        return str(self.payer.id)


@dataclass(frozen=True, slots=True)
class ConnectorRecord:
    """`customer` and `payer` are None for one that belongs to nobody yet."""

    kind: ClassVar = RecordKind.CONNECTOR
    connector: Connector
    customer: Customer | None
    payer: Payer | None
    extensions: tuple[Extension, ...]
    arrears: Arrears | None
    suspension: Suspension | None
    autopay: Autopay | None
    orders: tuple[int, ...]
    """The newest, by their numbers."""

    @property
    def id(self) -> str:
        return self.connector.id


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """`arrived` is what its provider brought, `refunded` what went back of it."""

    kind: ClassVar = RecordKind.PAYMENT
    customer: Customer
    payer: Payer
    payment: Payment
    order: Order | None
    invoice: Invoice | None
    arrived: Money | None
    refunded: Money
    events: tuple[BookedEvent, ...]
    attempts: tuple[Attempt, ...]
    receipt: FiscalReceipt | None

    @property
    def id(self) -> str:
        return str(self.payment.id)


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    kind: ClassVar = RecordKind.INVOICE
    customer: Customer
    payer: Payer
    invoice: Invoice
    payments: tuple[Payment, ...]

    @property
    def id(self) -> str:
        return str(self.invoice.id)


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """`form` and `work` are None for what is not made to order."""

    kind: ClassVar = RecordKind.ORDER
    customer: Customer
    payer: Payer
    order: Order
    payments: tuple[Payment, ...]
    invoice: Invoice | None
    form: OrderForm | None
    work: OrderWork | None
    steps: tuple[OrderStep, ...]

    @property
    def id(self) -> str:
        return str(self.order.id)


Record: TypeAlias = (
    CustomerRecord | PayerRecord | ConnectorRecord | PaymentRecord | InvoiceRecord | OrderRecord
)
"""What one screen tells; `kind` says which of them it is, and with `id` it is found again."""


@dataclass(frozen=True, slots=True)
class Found:
    """One line of what was found: enough to tell it from the others."""

    kind: RecordKind
    id: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of what was found. `cut` says that there is more than is ever shown."""

    found: tuple[Found, ...]
    page: int
    pages: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a record's history; `what` and `facts` become a sentence."""

    at: datetime
    what: str
    who: int | None = None
    """The operator or the customer who did it; None where it came of itself."""
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


def button_id(text_id: str) -> str:
    """A name of a record that fits into a button, the same for ever: its id, or a digest of it after a #."""
    if _FITS_A_BUTTON.fullmatch(text_id):
        return text_id
    return "#" + hashlib.blake2s(text_id.encode(), digest_size=8).hexdigest()
