"""What happened to a record: what people did, what money did and what providers told, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from bot.domain.records import (
    ConnectorRecord,
    CustomerRecord,
    Happening,
    InvoiceRecord,
    OrderRecord,
    PayerRecord,
    PaymentRecord,
    Record,
)
from bot.storage.tx import Tx


def history_of(tx: Tx, record: Record) -> list[Happening]:
    found = chain(tx.record_history.deeds(_subjects(record)), *_told(tx, record))
    return sorted(found, key=lambda happening: happening.at, reverse=True)


def _told(tx: Tx, record: Record) -> Iterable[list[Happening]]:
    books = tx.record_history
    match record:
        case CustomerRecord():
            yield books.moved_of_payers(books.payer_ids(record.customer.id))
            yield books.cards_of(record.customer.id)
        case PayerRecord():
            yield books.moved_of_payers([record.payer.id])
        case ConnectorRecord():
            yield books.extended(record.connector.id)
        case PaymentRecord():
            yield books.moved_for_payment(record.payment.id)
            yield books.told_of_payment(record.payment.id)
            yield books.tried_with_payment(record.payment.id)
        case InvoiceRecord():
            yield books.moved_for_order(record.invoice.order_id)
        case OrderRecord():
            yield books.moved_for_order(record.order.id)
            yield books.worked_on(record.order.id)


def _subjects(record: Record) -> list[str]:
    """What the audit log calls it, and what belongs to it alone."""
    subjects = [f"{record.kind}:{record.id}"]
    if isinstance(record, CustomerRecord):
        subjects += [f"autopay:{autopay.id}" for autopay in record.autopays]
    if isinstance(record, ConnectorRecord):
        if record.autopay is not None:
            subjects.append(f"autopay:{record.autopay.id}")
        if record.suspension is not None:
            subjects.append(f"suspension:{record.suspension.id}")
    if isinstance(record, OrderRecord) and record.form is not None:
        subjects.append(f"form:{record.form.id}")
    return subjects
