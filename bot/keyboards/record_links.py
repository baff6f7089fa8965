"""What a record leads to, each with a title short enough for a button."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.customers import Connector, Payer
from bot.domain.invoices import Invoice
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.records import (
    ConnectorRecord,
    CustomerRecord,
    Found,
    InvoiceRecord,
    OrderRecord,
    PayerRecord,
    PaymentRecord,
    Record,
    RecordKind,
)
from bot.i18n import _, money, money_of_all, short_day, shown

Lead = tuple[RecordKind, str, str]
"""The kind, the id and the title of what a button leads to."""

MARKS = {
    RecordKind.CUSTOMER: "👤",
    RecordKind.PAYER: "🏷",
    RecordKind.CONNECTOR: "🔌",
    RecordKind.PAYMENT: "💳",
    RecordKind.INVOICE: "📄",
    RecordKind.ORDER: "🧾",
}
TITLE_LENGTH = 40


def leads_of(record: Record) -> list[Lead]:
    """Whose it is first, then what hangs on it."""
    return list(_leads(record))


def found_title(found: Found) -> str:
    """«👤 Анна Петрова @anna», «💳 № 17, 990 ₽, 14.11.26»."""
    return f"{MARKS[found.kind]} {_told(found)}"


def _leads(record: Record) -> Iterator[Lead]:
    match record:
        case CustomerRecord():
            yield from (_payer(payer) for payer in record.payers)
            yield from (_order(order) for order in record.open_orders)
            yield from (_payment(payment) for payment in record.payments)
        case PayerRecord():
            yield _customer(record.customer.id)
            yield from (_connector(connector) for connector in record.connectors)
            yield from (_invoice(invoice) for invoice in record.invoices)
        case ConnectorRecord():
            if record.customer is not None and record.payer is not None:
                yield _customer(record.customer.id)
                yield _payer(record.payer)
            yield from (_order_by(number) for number in record.orders)
        case PaymentRecord():
            yield from _whose(record)
            yield from [_order(record.order)] if record.order else []
            yield from [_invoice(record.invoice)] if record.invoice else []
        case InvoiceRecord():
            yield from _whose(record)
            yield _order_by(record.invoice.order_id)
            yield from (_payment(payment) for payment in record.payments)
        case OrderRecord():
            yield from _whose(record)
            yield from (
                (RecordKind.CONNECTOR, line.connector_id, shown(line.title, TITLE_LENGTH))
                for line in record.order.lines
            )
            yield from [_invoice(record.invoice)] if record.invoice else []
            yield from (_payment(payment) for payment in record.payments)


def _whose(record: PaymentRecord | InvoiceRecord | OrderRecord) -> Iterator[Lead]:
    yield _customer(record.customer.id)
    yield _payer(record.payer)


def _customer(customer_id: int) -> Lead:
    return RecordKind.CUSTOMER, str(customer_id), _("Customer")


def _payer(payer: Payer) -> Lead:
    return RecordKind.PAYER, str(payer.id), shown(payer.title, TITLE_LENGTH) or _("Payer")


def _connector(connector: Connector) -> Lead:
    return RecordKind.CONNECTOR, connector.id, shown(connector.title, TITLE_LENGTH)


def _payment(payment: Payment) -> Lead:
    title = f"№ {payment.id}, {money(payment.amount)}, {short_day(payment.created_at)}"
    return RecordKind.PAYMENT, str(payment.id), title


def _invoice(invoice: Invoice) -> Lead:
    return RecordKind.INVOICE, str(invoice.id), f"{invoice.number}, {money(invoice.total)}"


def _order(order: Order) -> Lead:
    return RecordKind.ORDER, str(order.id), f"№ {order.id}, {money_of_all(order.prices)}"


def _order_by(number: int) -> Lead:
    return RecordKind.ORDER, str(number), _("Order {number}", number=number)


def _told(found: Found) -> str:
    facts = found.facts
    match found.kind:
        case RecordKind.PAYMENT:
            return f"№ {found.id}, {money(facts['amount'])}, {short_day(facts['at'])}"
        case RecordKind.INVOICE:
            return f"{facts['number']}, {money(facts['amount'])}, {shown(facts['name'], 24)}"
        case RecordKind.CONNECTOR:
            return shown(f"{facts['title']} · {found.id}", TITLE_LENGTH)
        case RecordKind.PAYER:
            return shown(facts["name"], TITLE_LENGTH) or _("Payer")
    username = f"@{facts['username']}" if facts["username"] else f"id {found.id}"
    return shown(f"{facts['name']} {username}", TITLE_LENGTH)
