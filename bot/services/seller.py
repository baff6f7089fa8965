"""What the seller's own systems are told, and in which shape; docs/webhooks.md shows each kind.

Every function here is called inside the unit that makes it true, and costs nothing where nobody listens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.domain.arrears import Arrears, ArrearsStage, Course
from bot.domain.customers import Connector
from bot.domain.invoices import Invoice
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.states import ExtensionCause
from bot.domain.webhooks import EXTENDED, News
from bot.storage.tx import Tx

Change = Literal["added", "attached", "detached", "changed"]
Rest = Literal["top_up", "short", "order_closed", "assigned"]
"""Why money lies on a balance: meant for it, too little or too late for its order, given by an operator."""


@dataclass(frozen=True, slots=True)
class Extended:
    """A connector as it was, and where its date was moved to."""

    connector: Connector
    until: date | None
    sequence: int
    months: int | None = None


def tell_connector(tx: Tx, change: Change, connector_id: str) -> None:
    """The connector as it stands now; the title it bears here is the seller's own or its customer's."""
    if not tx.webhooks.seller_listens:
        return
    connector = tx.connectors.get(connector_id)
    if connector is not None:
        told = _connector(connector)
        tx.webhooks.tell(News(f"connector.{change}", told, connector.id, connector.sequence))


def tell_extended(
    tx: Tx, extended: Iterable[Extended], *, cause: ExtensionCause, order: Order | None = None
) -> None:
    """ "Activate this line until …", for each connector."""
    if tx.webhooks.seller_listens:
        tx.webhooks.tell(*(_extension(each, cause, order) for each in extended))


def tell_arrears(tx: Tx, connector_id: str, stage: ArrearsStage, days: Course) -> None:
    """What its autopay could not pay for goes on in part, or no more; or goes on in spite of it."""
    ends_on = days.ends_on(stage)
    told = {
        "since": days.since.isoformat(),
        "until": ends_on.isoformat() if ends_on else None,
        "kept_until": days.kept_until.isoformat(),
    }
    _tell_change(tx, connector_id, f"connector.{stage}", told)


def tell_restored(tx: Tx, connector_id: str, owed: Arrears, how: str) -> None:
    """It is paid for again: whatever was limited works as ever."""
    told = {"since": owed.since.isoformat(), "stage": owed.stage.value, "reason": how}
    _tell_change(tx, connector_id, "connector.restored", told)


def tell_suspended(tx: Tx, connector_id: str, starts_on: date, ends_on: date) -> None:
    """Its customer does without it: switch it off until that day; its date has moved as far already."""
    told = {"from": starts_on.isoformat(), "until": ends_on.isoformat()}
    _tell_change(tx, connector_id, "connector.suspended", told)


def tell_resumed(tx: Tx, connector_id: str, starts_on: date, on: date) -> None:
    """It works again, in its time or before."""
    told = {"from": starts_on.isoformat(), "until": on.isoformat()}
    _tell_change(tx, connector_id, "connector.resumed", told)


def tell_paid(tx: Tx, payment: Payment, amount: Money, number: str, card: str) -> None:
    """Money arrived by a payment; what became of it is told by itself."""
    if tx.webhooks.seller_listens:
        told = {"amount": _sum(amount), "number": number, "card": card}
        tx.webhooks.tell(News("payment.succeeded", _payment(tx, payment) | told))


def tell_refused(tx: Tx, payment: Payment, reason: str, code: str) -> None:
    if tx.webhooks.seller_listens:
        told = {"amount": _sum(payment.amount), "reason": reason, "code": code}
        tx.webhooks.tell(News("payment.refused", _payment(tx, payment) | told))


def tell_refunded(tx: Tx, payment: Payment, amount: Money) -> None:
    """Money went back as an operator wished."""
    if tx.webhooks.seller_listens:
        told = {"amount": _sum(amount), "number": payment.provider_payment}
        tx.webhooks.tell(News("payment.refunded", _payment(tx, payment) | told))


def tell_taken_back(tx: Tx, payment: Payment | None, amount: Money, number: str) -> None:
    """Money went back without us: by the payer's bank, or in the provider's cabinet."""
    if tx.webhooks.seller_listens:
        told = {"amount": _sum(amount), "number": number}
        tx.webhooks.tell(News("payment.taken_back", (_payment(tx, payment) if payment else {}) | told))


def tell_invoice(tx: Tx, order_id: int, change: str) -> None:
    """The invoice of that order as it stands; `change` is "issued", "reopened" or the state it came to."""
    if not tx.webhooks.seller_listens:
        return
    invoice, order = tx.invoices.of_order(order_id), tx.orders.get(order_id)
    if invoice is not None and order is not None:
        tx.webhooks.tell(News(f"invoice.{change}", _invoice(invoice) | {"order": order.reference}))


def tell_settled(tx: Tx, order: Order, price: Money, extended: Iterable[Extended]) -> None:
    """The order was paid, and its connectors with it."""
    if tx.webhooks.seller_listens:
        paid = News("order.paid", _order(order) | {"price": _sum(price)})
        tx.webhooks.tell(paid, *(_extension(each, ExtensionCause.ORDER, order) for each in extended))


def tell_order(tx: Tx, order: Order, change: str, **facts: Any) -> None:
    """What became of something made to order; `change` is "approved", "stage" or "done"."""
    if tx.webhooks.seller_listens:
        tx.webhooks.tell(News(f"order.{change}", _order(order) | facts))


def tell_order_refunded(tx: Tx, order: Order, amount: Money, *, whole: bool) -> None:
    """The order's money went back to the balance; the dates of its connectors stay."""
    if tx.webhooks.seller_listens:
        tx.webhooks.tell(News("order.refunded", _order(order) | {"amount": _sum(amount), "whole": whole}))


def tell_balance(
    tx: Tx, payer_id: int, amount: Money, balance: Money, *, why: Rest, order: Order | None = None
) -> None:
    """Money that lies on a balance now."""
    if tx.webhooks.seller_listens:
        told = {
            "amount": _sum(amount),
            "balance": _sum(balance),
            "reason": why,
            "order": order.reference if order else None,
            "connectors": tx.connectors.ids_of_payer(payer_id),
        }
        tx.webhooks.tell(News("balance.credited", told))


def _tell_change(tx: Tx, connector_id: str, kind: str, told: dict[str, Any]) -> None:
    """News of a connector that is none of its columns' still has a sequence of its own."""
    if not tx.webhooks.seller_listens:
        return
    sequence = tx.connectors.count_change(connector_id)
    connector = tx.connectors.get(connector_id)
    if connector is not None:
        until = connector.paid_until.isoformat() if connector.paid_until else None
        facts = {"id": connector_id, "sequence": sequence, "paid_until": until, **told}
        tx.webhooks.tell(News(kind, facts, connector_id, sequence))


def _extension(extended: Extended, cause: ExtensionCause, order: Order | None) -> News:
    before = extended.connector.paid_until
    told = {
        "id": extended.connector.id,
        "sequence": extended.sequence,
        "paid_until": extended.until.isoformat() if extended.until else None,
        "from": before.isoformat() if before else None,
        "cause": cause.value,
        "months": extended.months,
        "order": order.reference if order else None,
    }
    return News(EXTENDED, told, extended.connector.id, extended.sequence)


def _connector(connector: Connector) -> dict[str, Any]:
    return {
        "id": connector.id,
        "sequence": connector.sequence,
        "kind": connector.kind,
        "title": connector.title,
        "tariff": connector.tariff,
        "paid_until": connector.paid_until.isoformat() if connector.paid_until else None,
        "owned": connector.payer_id is not None,
    }


def _payment(tx: Tx, payment: Payment) -> dict[str, Any]:
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    return {
        "payment": payment.reference,
        "purpose": payment.purpose.value,
        "method": payment.method,
        "provider": payment.provider,
        "autopay": payment.autopay_id is not None,
        "order": order.reference if order else None,
        "connectors": [line.connector_id for line in order.lines] if order else [],
    }


def _order(order: Order) -> dict[str, Any]:
    lines = [{"connector": line.connector_id, "months": line.months} for line in order.lines]
    return {"order": order.reference, "lines": lines, "invoice": order.invoice or None}


def _invoice(invoice: Invoice) -> dict[str, Any]:
    buyer = invoice.buyer
    return {
        "invoice": invoice.number,
        "kind": invoice.kind.value,
        "state": invoice.state.value,
        "month": invoice.month or None,
        "amount": _sum(invoice.total),
        "issued_on": invoice.issued_on.isoformat(),
        "valid_until": invoice.valid_until.isoformat() if invoice.valid_until else None,
        "buyer": {"name": buyer.name, "tax_number": buyer.tax_number or None, "kpp": buyer.kpp or None},
    }


def _sum(amount: Money) -> dict[str, str]:
    return {"value": amount.decimal(), "currency": amount.currency}
