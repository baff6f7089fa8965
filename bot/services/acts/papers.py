"""Sending a paper once more: the letter of an invoice, of a payment, or of an order, to a chosen address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.contacts import demand_email
from bot.domain.errors import CustomerError
from bot.domain.records import RecordKind
from bot.domain.states import OrderState, PaymentState, Role
from bot.services.desk import DeskService
from bot.services.document_links import DocumentLinks
from bot.services.invoice.facts import facts_of
from bot.services.order_links import OrderLinks
from bot.services.receipts.letters import receipt_facts
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter as it would be sent: whose it is, where his papers go, its kind and what it says."""

    customer_id: int
    email: str
    kind: str
    facts: dict[str, Any]


class PaperActs:
    """Nothing is issued anew: the paper says what it said, and its number stays."""

    def __init__(
        self,
        database: Database,
        desk: DeskService,
        *,
        documents: DocumentLinks,
        links: OrderLinks,
        merchant: str,
    ) -> None:
        self.database = database
        self._desk = desk
        self._documents = documents
        self._links = links
        self._merchant = merchant

    @reading
    def address(self, tx: Tx, who: int, kind: RecordKind, number: int) -> str:
        """Where the paper would go by itself; "" where no address is known."""
        self._desk.demand(who, Role.OPERATOR)
        customer_id, email = _whose(tx, kind, number)
        customer = tx.customers.get(customer_id)
        return email or (customer.email if customer else "")

    @transaction
    def send(self, tx: Tx, who: int, kind: RecordKind, number: int, email: str) -> str:
        """Send it to this address; the address as it was written on the letter."""
        self._desk.demand(who, Role.OPERATOR)
        address = demand_email(email)
        sent = None
        if kind is RecordKind.INVOICE:
            sent = self._send_invoice(tx, number, address)
        elif kind is RecordKind.PAYMENT:
            sent = self._send_receipt(tx, number, address)
        elif kind is RecordKind.ORDER:
            sent = self._send_order(tx, number, address)
        if sent is None:
            raise CustomerError("letters_are_off")
        tx.audit.note(who, "paper_sent", f"{kind.value}:{number}", email=address)
        return address

    def _send_invoice(self, tx: Tx, number: int, address: str) -> int | None:
        invoice = tx.invoices.get(number)
        if invoice is None:
            raise CustomerError("record_gone")
        facts = {**facts_of(invoice), "url": self._documents.give_invoice(tx, invoice)}
        return tx.outbox.to_email(invoice.customer_id, address, "invoice", **facts)

    def _send_receipt(self, tx: Tx, number: int, address: str) -> int | None:
        payment = tx.payments.get(number)
        if payment is None or payment.state is not PaymentState.SUCCEEDED:
            raise CustomerError("not_paid_yet")
        amount = tx.ledger.arrived(payment.id) or payment.amount
        facts = receipt_facts(tx, payment, amount, self._merchant)
        return tx.outbox.to_email(payment.customer_id, address, "receipt", **facts)

    def _send_order(self, tx: Tx, number: int, address: str) -> int | None:
        """What is to be paid, with its link; what was paid has the receipt of its payment."""
        order = tx.orders.get(number)
        if order is None or order.state not in (OrderState.AWAITING, OrderState.EXPIRED):
            raise CustomerError("order_not_open")
        url, prices = self._links.give(tx, order), list(order.prices)
        return tx.outbox.to_email(
            order.customer_id, address, "order_link", prices=prices, titles=order.titles, url=url
        )


def _whose(tx: Tx, kind: RecordKind, number: int) -> tuple[int, str]:
    """The customer, and the address that the paper itself names."""
    if kind is RecordKind.INVOICE and (invoice := tx.invoices.get(number)) is not None:
        return invoice.customer_id, invoice.email
    if kind is RecordKind.PAYMENT and (payment := tx.payments.get(number)) is not None:
        return payment.customer_id, ""
    if kind is RecordKind.ORDER and (order := tx.orders.get(number)) is not None:
        return order.customer_id, ""
    raise CustomerError("record_gone")
