"""One payer's bill of a month: made an invoice, and sent the way he wishes."""

from __future__ import annotations

from bot.domain.billing import Bill, BillLine
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Payer
from bot.domain.invoices import Delivery, InvoiceLine, Unit
from bot.domain.states import Lane
from bot.services.delivery import delivery_of, hand_over
from bot.services.invoice.facts import facts_of
from bot.services.invoices import InvoiceService
from bot.storage.tx import Tx


class BillPost:
    """All of it in the caller's unit: what was issued is also on its way."""

    def __init__(self, invoices: InvoiceService, catalogue: Catalogue) -> None:
        self._invoices = invoices
        self._catalogue = catalogue

    def send(self, tx: Tx, month: str, bill: Bill) -> None:
        """Issue it and hand it to the outbox: by e-mail, into the chat, or to operators as a task."""
        payer = tx.payers.get(bill.payer_id)
        assert payer is not None, "who was billed pays for something"
        lines = [self._line(tx, payer, line) for line in bill.lines]
        invoice = self._invoices.bill(tx, payer, month, bill.currency, lines)
        if invoice is None:
            return
        way, to = delivery_of(tx, payer), invoice.customer_id
        facts = facts_of(invoice)
        if way.delivery is Delivery.HAND:
            hand_over(tx, invoice)
        elif way.delivery is Delivery.EMAIL:
            url = self._invoices.link_to(tx, invoice)
            tx.outbox.to_email(to, way.address, "regular_invoice", key=invoice.number, url=url, **facts)
        else:
            tx.outbox.to_customer(to, "regular_invoice", lane=Lane.REMINDERS, key=invoice.number, **facts)

    def _line(self, tx: Tx, payer: Payer, line: BillLine) -> InvoiceLine:
        return InvoiceLine(
            title=line.title or self._many(tx, payer, line),
            quantity=1,
            unit=Unit.USAGE,
            price=line.amount,
            amount=line.amount,
            uses=line.records,
            seconds=line.seconds,
        )

    def _many(self, tx: Tx, payer: Payer, line: BillLine) -> str:
        """All connectors of a tariff, in the words of the catalogue."""
        customer, tariff = tx.customers.get(payer.customer_id), self._catalogue.tariff(line.tariff)
        title = tariff.title.in_language(customer.language) if tariff and customer else line.tariff
        return f"{title} × {line.connectors}"
