"""Putting records together: everything about one thing, read in one snapshot."""

from __future__ import annotations

from bot.domain.customers import Connector, Customer, Payer
from bot.domain.records import (
    ConnectorRecord,
    CustomerRecord,
    InvoiceRecord,
    OrderRecord,
    PayerRecord,
    PaymentRecord,
    Record,
    RecordKind,
)
from bot.storage.tx import Tx

MOST_ROWS = 5
"""So many of each kind stand on a record; its history has them all."""
MOST_NOTES = 3
MOST_PAYERS = 6
LONGEST_NUMBER = 15
"""Of more digits no number of ours is, and a database would refuse it."""


def record_of(tx: Tx, kind: RecordKind, text_id: str) -> Record | None:
    """The record with that id; None where there is no such thing."""
    if kind is RecordKind.CONNECTOR:
        return connector_record(tx, text_id)
    number = _number(text_id)
    return _NUMBERED[kind](tx, number) if number is not None else None


def customer_record(tx: Tx, customer_id: int) -> CustomerRecord | None:
    customer = tx.customers.get(customer_id)
    if customer is None:
        return None
    payers = tx.payers.of_customer(customer_id)
    orders = (tx.orders.get(order_id) for order_id in tx.records.open_orders(customer_id, MOST_ROWS))
    return CustomerRecord(
        customer=customer,
        payers=tuple(payers[:MOST_PAYERS]),
        connectors=tx.records.count_connectors_of_customer(customer_id),
        balances=tuple(tx.records.balances([payer.id for payer in payers[:MOST_PAYERS]])),
        open_orders=tuple(order for order in orders if order is not None),
        payments=tuple(tx.payment_history.newest_of(customer_id, limit=MOST_ROWS)),
        autopays=tuple(tx.autopays.of_customer(customer_id)),
        saved_cards=len(tx.saved_cards.linked(customer_id)),
        notes=tuple(tx.customer_notes.newest(customer_id, MOST_NOTES)),
    )


def payer_record(tx: Tx, payer_id: int) -> PayerRecord | None:
    payer = tx.payers.get(payer_id)
    if payer is None:
        return None
    return PayerRecord(
        customer=_customer(tx, payer.customer_id),
        payer=payer,
        balances=tuple(tx.records.balances([payer_id])),
        connectors=tuple(tx.records.connectors(payer_id, MOST_ROWS)),
        connectors_count=tx.records.count_connectors(payer_id),
        invoices=tuple(tx.invoices.page(payer.customer_id, payer_id, limit=MOST_ROWS, offset=0)),
        autopays=tuple(tx.autopays.of_payer(payer_id)),
    )


def connector_record(tx: Tx, text_id: str) -> ConnectorRecord | None:
    connector = _connector(tx, text_id)
    if connector is None:
        return None
    payer = tx.payers.get(connector.payer_id) if connector.payer_id is not None else None
    return ConnectorRecord(
        connector=connector,
        customer=tx.customers.get(payer.customer_id) if payer else None,
        payer=payer,
        extensions=tuple(tx.records.extensions(connector.id, MOST_ROWS)),
        arrears=tx.arrears.of_connector(connector.id),
        suspension=tx.suspensions.of_connector(connector.id),
        autopay=tx.autopays.of_connector(connector.id),
        orders=tuple(tx.records.orders_of(connector.id, MOST_ROWS)),
    )


def payment_record(tx: Tx, payment_id: int) -> PaymentRecord | None:
    payment = tx.payments.get(payment_id)
    if payment is None:
        return None
    order = tx.orders.get(payment.order_id) if payment.order_id is not None else None
    return PaymentRecord(
        customer=_customer(tx, payment.customer_id),
        payer=_payer(tx, payment.payer_id),
        payment=payment,
        order=order,
        invoice=tx.invoices.of_order(order.id) if order and order.invoice else None,
        arrived=tx.ledger.arrived(payment_id),
        refunded=tx.payment_receipts.refunded(payment_id, payment.amount.currency),
        events=tuple(tx.records.events_of(payment_id, MOST_ROWS)),
        attempts=tuple(tx.records.attempts_of(payment_id, MOST_ROWS)),
        receipt=tx.fiscal_receipts.get(payment_id),
    )


def invoice_record(tx: Tx, invoice_id: int) -> InvoiceRecord | None:
    invoice = tx.invoices.get(invoice_id)
    if invoice is None:
        return None
    return InvoiceRecord(
        customer=_customer(tx, invoice.customer_id),
        payer=_payer(tx, invoice.payer_id),
        invoice=invoice,
        payments=tuple(tx.records.payments_of(invoice.order_id, MOST_ROWS)),
    )


def order_record(tx: Tx, order_id: int) -> OrderRecord | None:
    order = tx.orders.get(order_id)
    if order is None:
        return None
    return OrderRecord(
        customer=_customer(tx, order.customer_id),
        payer=_payer(tx, order.payer_id),
        order=order,
        payments=tuple(tx.records.payments_of(order_id, MOST_ROWS)),
        invoice=tx.invoices.of_order(order_id) if order.invoice else None,
        form=tx.order_forms.of_order(order_id),
        work=tx.order_work.get(order_id),
        steps=tuple(tx.order_work.steps(order_id)),
    )


_NUMBERED = {
    RecordKind.CUSTOMER: customer_record,
    RecordKind.PAYER: payer_record,
    RecordKind.PAYMENT: payment_record,
    RecordKind.INVOICE: invoice_record,
    RecordKind.ORDER: order_record,
}


def _number(text: str) -> int | None:
    """Callers have numbers below zero."""
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER
    return int(text) if is_number else None


def _connector(tx: Tx, text_id: str) -> Connector | None:
    """By its id, or by what a button bears of a long one."""
    found = tx.connectors.get(text_id)
    if found is None and text_id.startswith("#"):
        full = tx.search.connector_behind(text_id)
        found = tx.connectors.get(full) if full is not None else None
    return found


def _customer(tx: Tx, customer_id: int) -> Customer:
    customer = tx.customers.get(customer_id)
    assert customer is not None, "every payer has a customer"
    return customer


def _payer(tx: Tx, payer_id: int) -> Payer:
    payer = tx.payers.get(payer_id)
    assert payer is not None, "payments and orders are of payers that exist"
    return payer
