"""A line for each thing that was found: enough to be chosen by, and nothing that is nobody's business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.customers import Connector, Customer, Payer
from bot.domain.invoices import Invoice
from bot.domain.payments import Payment
from bot.domain.records import Found, RecordKind
from bot.storage.tx import Tx

Facts = dict[str, Any]


def found_line(tx: Tx, kind: RecordKind, text_id: str) -> Found | None:
    """None where it has gone since."""
    look, told = _LINES[kind]
    thing = look(tx, text_id)
    return None if thing is None else Found(kind, text_id, told(thing))


def _of_customer(customer: Customer) -> Facts:
    return {"name": customer.name, "username": customer.username}


def _of_payer(payer: Payer) -> Facts:
    return {"name": payer.shown_name, "party": payer.kind}


def _of_connector(connector: Connector) -> Facts:
    return {"title": connector.title, "until": connector.paid_until}


def _of_payment(payment: Payment) -> Facts:
    return {"amount": payment.amount, "state": payment.state, "at": payment.created_at}


def _of_invoice(invoice: Invoice) -> Facts:
    return {"number": invoice.number, "amount": invoice.total, "name": invoice.buyer.name}


_LINES: dict[RecordKind, tuple[Callable[[Tx, str], Any], Callable[[Any], Facts]]] = {
    RecordKind.CUSTOMER: (lambda tx, text_id: tx.customers.get(int(text_id)), _of_customer),
    RecordKind.PAYER: (lambda tx, text_id: tx.payers.get(int(text_id)), _of_payer),
    RecordKind.CONNECTOR: (lambda tx, text_id: tx.connectors.get(text_id), _of_connector),
    RecordKind.PAYMENT: (lambda tx, text_id: tx.payments.get(int(text_id)), _of_payment),
    RecordKind.INVOICE: (lambda tx, text_id: tx.invoices.get(int(text_id)), _of_invoice),
}
"""Nothing but other records leads to an order."""
