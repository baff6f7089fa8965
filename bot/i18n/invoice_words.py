"""What the chat says of invoices: before one is issued, and as it stands afterwards."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.catalogue import Catalogue
from bot.domain.invoices import OPEN_INVOICES, Invoice, InvoiceState
from bot.domain.money import Money
from bot.domain.payer_details import PayerDetails
from bot.domain.vat import NO_VAT, vat_inside
from bot.i18n.catalogues import _
from bot.i18n.figures import day, money, today
from bot.i18n.payer_words import payer_lines
from bot.i18n.section_words import state_mark
from bot.i18n.sentences import method_terms, method_title, said
from bot.i18n.strangers import shown
from bot.i18n.summary_words import bought, reckoning
from bot.services.invoices import InvoiceView
from bot.services.orders import Summary


def invoice_summary(catalogue: Catalogue, view: Summary, details: PayerDetails) -> str:
    """All that will stand on the paper, and what issuing it means."""
    assert catalogue.invoicing is not None, "no method asks for an invoice where there are none"
    until = today() + timedelta(days=catalogue.invoicing.valid_days)
    title = method_title(catalogue, view.offer.name)
    terms = method_terms(catalogue, view.offer.name)
    lines = [
        *bought(view),
        "",
        *reckoning(view),
        _("Total of the invoice: {amount}", amount=money(view.to_pay)),
        vat_words(catalogue.invoicing.vat, vat_inside(view.to_pay, catalogue.invoicing.vat)),
        _("Valid until {date}", date=day(until)),
        "",
        *[line for line in payer_lines(details) if line],
        "",
        _("Method: {method}", method=f"{title}; {terms}" if terms else title),
        _("Paying the invoice accepts its offer and the terms: /terms"),
    ]
    return "\n".join(lines)


def vat_words(rate: str, amount: Money) -> str:
    if rate == NO_VAT:
        return _("Without VAT")
    return _("VAT {rate}% included: {amount}", rate=rate, amount=money(amount))


def invoice_words(catalogue: Catalogue, view: InvoiceView) -> str:
    """One invoice's screen: what it is, how it stands, and how to pay it while it can be paid."""
    invoice = view.invoice
    lines = [
        invoice_title(invoice),
        f"{state_mark(invoice.state)} {invoice_stands(view)}",
        "",
        _("Payer: {payer}", payer=shown(invoice.buyer.name, 160)),
        *[f"• {shown(line.title)}" for line in invoice.lines if line.title],
    ]
    if invoice.state in OPEN_INVOICES:
        lines += ["", *purpose_words(invoice.purpose), "", statements_words(catalogue)]
    return "\n".join(lines).strip()


def invoice_title(invoice: Invoice) -> str:
    """«Счёт INV-2026-000123 от 22 ноября 2026 на 990 ₽»."""
    return _(
        "Invoice {number} of {date} for {amount}",
        number=invoice.number,
        date=day(invoice.issued_on),
        amount=money(invoice.total),
    )


def invoice_stands(view: InvoiceView) -> str:
    """How it stands, in one sentence; of a part that came, what is missing."""
    match view.invoice.state:
        case InvoiceState.PAID:
            return _("It is paid.")
        case InvoiceState.PART_PAID:
            return _("Paid: {paid}. Missing: {missing}.", paid=money(view.paid), missing=money(view.missing))
        case InvoiceState.LAPSED:
            return _("Its time is over. A transfer that comes late still counts at this price.")
        case InvoiceState.VOID:
            return _("It is cancelled. Do not pay it.")
    if view.invoice.valid_until is None:
        return _("It waits for the transfer.")
    return _("It waits for the transfer and is valid until {date}.", date=day(view.invoice.valid_until))


def purpose_words(purpose: str) -> list[str]:
    """What has to stand in the payment order, and what happens without it."""
    return [
        _("Purpose of payment, word by word:"),
        shown(purpose, 300),
        _("⚠️ The number of the invoice must be in it: without it we cannot switch anything on."),
    ]


def statements_words(catalogue: Catalogue) -> str:
    """When the seller looks into his account, in his words."""
    return said(catalogue.invoicing.statements) if catalogue.invoicing else ""
