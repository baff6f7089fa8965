"""Invoices: the paper that asks for a bank transfer, with an order behind it that its money settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Payer
from bot.domain.errors import CustomerError, NotYours
from bot.domain.invoice_purpose import purpose_text
from bot.domain.invoices import WAITING, Invoice, InvoiceKind, InvoiceLine, InvoiceState
from bot.domain.invoicing import BY_TRANSFER, Invoicing
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.periods import now, today
from bot.domain.references import new_reference
from bot.domain.states import OrderState
from bot.domain.vat import vat_inside
from bot.services import promos
from bot.services.beginning import Beginning, Wanted
from bot.services.blocked import refuse_blocked
from bot.services.document_links import DocumentLinks
from bot.services.invoice import moves as invoice_moves
from bot.services.invoice.facts import facts_of
from bot.services.invoice.lines import buyer_of, lines_of
from bot.services.methods import Methods
from bot.services.orders import own_order
from bot.services.paging import Page, page_of
from bot.services.payers import own_payer
from bot.services.reports import missing_for
from bot.services.seller import tell_invoice
from bot.storage.database import Database, reading, transaction
from bot.storage.invoices import NewInvoice
from bot.storage.tx import Tx

BILL_LIFE = timedelta(days=3650)
"""A month's bill waits until it is paid; nothing of it lapses."""

_LANGUAGE_OF_BANKS = "ru"


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with what came for it and what it still lacks."""

    invoice: Invoice
    order: Order
    paid: Money
    missing: Money


class InvoiceService:
    """Payer, prices and requisites are frozen, and the number drawn, in the unit that issues it."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        methods: Methods,
        beginning: Beginning,
        documents: DocumentLinks,
        zone: ZoneInfo,
    ) -> None:
        self.database = database
        self._catalogue = catalogue
        self._methods = methods
        self._beginning = beginning
        self._documents = documents
        self._zone = zone

    @property
    def offered(self) -> bool:
        """Whether the seller takes transfers at all."""
        return self._catalogue.invoicing is not None

    @transaction
    def issue(self, tx: Tx, customer_id: int, order_id: int, currency: str) -> Invoice:
        """Invoice what the order still lacks to its payer; a second tap finds the first invoice."""
        refuse_blocked(tx, customer_id)
        payer = own_payer(tx, customer_id, own_order(tx, customer_id, order_id).payer_id)
        tx.customers.lock_payer(payer.id)
        order = own_order(tx, customer_id, order_id)
        known = tx.invoices.of_order(order_id)
        if known is not None and known.total.currency == currency:
            return known
        if known is not None or order.state is not OrderState.AWAITING:
            raise CustomerError("order_not_open")
        if not payer.can_be_invoiced:
            raise CustomerError("payer_incomplete")
        total = missing_for(tx, order, currency)
        if total is None:
            raise CustomerError("method_gone")
        if not total:
            raise CustomerError("nothing_to_pay")
        return self._write(tx, payer, order, self._offer(tx, payer, order, total))

    def bill(
        self, tx: Tx, payer: Payer, month: str, currency: str, lines: Sequence[InvoiceLine]
    ) -> Invoice | None:
        """The regular invoice of a month, in the caller's unit; None where it was formed before.

        It tells nobody: who is told, and how, is the billing's to say.
        """
        if tx.invoices.regular(payer.id, month, currency) is not None:
            return None
        total = sum((line.amount for line in lines), zero(currency))
        new = self._new(tx, payer, InvoiceKind.REGULAR, lines, total, month=month)
        number = tx.invoices.draw_number(new.issued_on.year)
        order_id = tx.orders.add(
            reference=new_reference(),
            customer_id=payer.customer_id,
            payer_id=payer.id,
            lines=(),
            prices=(total,),
            full_prices=(total,),
            promo_code="",
            terms_version="",
            expires_at=now() + BILL_LIFE,
            invoice=number,
        )
        return self._add(tx, new, number, order_id)

    @reading
    def get(self, tx: Tx, customer_id: int, invoice_id: int) -> InvoiceView:
        return _view(tx, own_invoice(tx, customer_id, invoice_id))

    @reading
    def of_order(self, tx: Tx, customer_id: int, order_id: int) -> Invoice | None:
        """The invoice that asks for this order, if there is one."""
        invoice = tx.invoices.of_order(order_id)
        return invoice if invoice is not None and invoice.customer_id == customer_id else None

    @reading
    def waiting_for(self, tx: Tx, customer_id: int, connector_ids: Sequence[str]) -> Invoice | None:
        """The customer's invoice that waits for its money and asks for one of these connectors."""
        found = (tx.invoices.of_order(order_id) for order_id in tx.orders.open_with(connector_ids))
        own = (invoice for invoice in found if invoice is not None and invoice.customer_id == customer_id)
        return next((invoice for invoice in own if invoice.state in WAITING), None)

    @reading
    def document(self, tx: Tx, invoice_id: int) -> Invoice:
        """For the press; whoever asks has proven that he may see it."""
        invoice = tx.invoices.get(invoice_id)
        if invoice is None:
            raise NotYours
        return invoice

    @reading
    def page(self, tx: Tx, customer_id: int, payer_id: int | None = None, page: int = 0) -> Page[InvoiceView]:
        """One page of a customer's invoices, the newest first; of one payer, or of all that are his."""

        def look(limit: int, offset: int) -> list[InvoiceView]:
            found = tx.invoices.page(customer_id, payer_id, limit=limit, offset=offset)
            return [_view(tx, invoice) for invoice in found]

        return page_of(look, tx.invoices.count(customer_id, payer_id), page)

    @transaction
    def send(self, tx: Tx, customer_id: int, invoice_id: int) -> None:
        """Bring the paper into the chat once more."""
        invoice = own_invoice(tx, customer_id, invoice_id)
        tx.outbox.to_customer(customer_id, "invoice_issued", **self._facts(tx, invoice))

    @transaction
    def link(self, tx: Tx, customer_id: int, invoice_id: int) -> str:
        """A new link to the paper."""
        return self.link_to(tx, own_invoice(tx, customer_id, invoice_id))

    def link_to(self, tx: Tx, invoice: Invoice) -> str:
        """The same in the caller's unit, for whom the invoice was made."""
        return self._documents.give_invoice(tx, invoice)

    @transaction
    def void(self, tx: Tx, customer_id: int, invoice_id: int) -> Invoice:
        """Give up an unpaid invoice and its order; its number is never used again. A month's bill stays."""
        invoice = own_invoice(tx, customer_id, invoice_id)
        tx.customers.lock_payer(invoice.payer_id)
        if invoice.kind is InvoiceKind.REGULAR:
            raise CustomerError("invoice_not_open")
        if not invoice_moves.move(tx, invoice.order_id, to=InvoiceState.VOID, only_from=_VOIDABLE):
            raise CustomerError("invoice_not_open")
        order = tx.orders.lock(invoice.order_id)
        if order is not None and tx.orders.move(order.id, to=OrderState.CANCELLED, only_from=order.state):
            promos.release(tx, order.id)
        return own_invoice(tx, customer_id, invoice_id)

    def _offer(self, tx: Tx, payer: Payer, order: Order, total: Money) -> NewInvoice:
        return self._new(tx, payer, InvoiceKind.OFFER, lines_of(order, total), total)

    def _new(
        self,
        tx: Tx,
        payer: Payer,
        kind: InvoiceKind,
        lines: Sequence[InvoiceLine],
        total: Money,
        *,
        month: str = "",
    ) -> NewInvoice:
        invoicing, day = self._invoicing, today(self._zone)
        seller = invoicing.seller(total.currency)
        if seller is None:
            raise CustomerError("method_gone")
        customer = tx.customers.get(payer.customer_id)
        offers = kind is InvoiceKind.OFFER
        return NewInvoice(
            kind=kind,
            customer_id=payer.customer_id,
            payer_id=payer.id,
            total=total,
            vat=invoicing.vat,
            vat_amount=vat_inside(total, invoicing.vat),
            issued_on=day,
            valid_until=day + timedelta(days=invoicing.valid_days) if offers else None,
            seller=seller,
            buyer=buyer_of(payer, seller),
            lines=tuple(lines),
            language=customer.language if customer else "",
            reference=new_reference(),
            month=month,
            email=payer.email if offers else payer.proved_email,
            delivery=payer.delivery,
        )

    def _write(self, tx: Tx, payer: Payer, order: Order, new: NewInvoice) -> Invoice:
        number = tx.invoices.draw_number(new.issued_on.year)
        assert new.valid_until is not None
        if not tx.orders.invoiced(order.id, number, until=self._end_of(new.valid_until)):
            raise CustomerError("order_not_open")
        invoice = self._add(tx, new, number, order.id)
        self._begin_payment(tx, payer, order, invoice)
        facts = self._facts(tx, invoice)
        tx.outbox.to_customer(invoice.customer_id, "invoice_issued", **facts)
        tx.outbox.to_operators("invoice_issued", informs=True, **facts)
        tx.outbox.to_email(invoice.customer_id, invoice.email, "invoice", **facts)
        return invoice

    def _add(self, tx: Tx, new: NewInvoice, number: str, order_id: int) -> Invoice:
        words = self._invoicing.subject_of(new.kind).in_language(_LANGUAGE_OF_BANKS)
        purpose = purpose_text(new.kind, number, new.issued_on, words, vat=new.vat, vat_amount=new.vat_amount)
        invoice = tx.invoices.get(tx.invoices.add(new, number=number, order_id=order_id, purpose=purpose))
        assert invoice is not None
        tell_invoice(tx, order_id, "issued")
        return invoice

    def _begin_payment(self, tx: Tx, payer: Payer, order: Order, invoice: Invoice) -> None:
        """The transfer is a payment like any other: begun here, ended by the bank's statement."""
        customer = tx.customers.get(payer.customer_id)
        assert customer is not None
        wanted = Wanted(customer, payer.id, self._methods.get(BY_TRANSFER), invoice.total, order)
        payment = self._beginning.find_or_write(tx, wanted, None)
        tx.payments.linked(
            payment.id,
            url=self._documents.give_invoice(tx, invoice),
            form={},
            provider_payment=invoice.number,
            expires_at=None,
        )

    def _facts(self, tx: Tx, invoice: Invoice) -> dict[str, Any]:
        """What every message that brings the paper says."""
        return {**facts_of(invoice), "url": self._documents.give_invoice(tx, invoice)}

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time.min, self._zone)

    @property
    def _invoicing(self) -> Invoicing:
        if self._catalogue.invoicing is None:
            raise CustomerError("method_gone")
        return self._catalogue.invoicing


_VOIDABLE = (InvoiceState.ISSUED, InvoiceState.LAPSED)


def own_invoice(tx: Tx, customer_id: int, invoice_id: int) -> Invoice:
    """The customer's invoice; NotYours for anybody else's and for none."""
    invoice = tx.invoices.get_for_customer(invoice_id, customer_id)
    if invoice is None:
        raise NotYours
    return invoice


def _view(tx: Tx, invoice: Invoice) -> InvoiceView:
    order = tx.orders.get(invoice.order_id)
    assert order is not None
    paid = tx.ledger.brought_for(order.id, invoice.total.currency)
    missing = zero(invoice.total.currency)
    if invoice.state is not InvoiceState.PAID:
        missing = missing_for(tx, order, invoice.total.currency) or missing
    return InvoiceView(invoice, order, paid, missing)
