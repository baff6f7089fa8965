"""The invoice: an offer that paying accepts, or the bill of a month; all on it was frozen at issue."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot import i18n
from bot.documents.bank_qr import bank_qr
from bot.documents.frame import PDF, frame
from bot.documents.invoice_lines import columns, row
from bot.documents.parties import bank_block, party_line
from bot.documents.registry import Sources, Subject, document
from bot.domain.documents import File
from bot.domain.invoices import Invoice, InvoiceKind, InvoiceState
from bot.domain.invoicing import Invoicing
from bot.domain.vat import NO_VAT
from bot.i18n import _, day, month_name, said
from bot.i18n.figures import exact, exact_money
from bot.i18n.in_words import in_words

TEMPLATE = "invoice.typ"

_UNTOUCHED = (InvoiceState.ISSUED, InvoiceState.LAPSED)
"""Of these the whole sum is due, which is what the code asks for."""


@document("invoice")
async def invoice(sources: Sources, subject: Subject, language: str) -> File:
    """In the language it was issued in, whoever asks: one number is one paper."""
    found = await sources.house.invoices.document(subject["invoice_id"])
    with i18n.speaking(found.language or language):
        return await _set(sources, found)


async def _set(sources: Sources, invoice: Invoice) -> File:
    in_full = invoice.state in _UNTOUCHED
    code = await sources.typesetter.beside(partial(bank_qr, invoice)) if in_full else ""
    paper = invoice_paper(invoice, sources.catalogue.invoicing, code)
    content = await sources.typesetter.pdf(TEMPLATE, paper, invoice.issued_on)
    name = _("Invoice {number}", number=invoice.number)
    return File(f"{name}.pdf", PDF, content)


def invoice_paper(invoice: Invoice, invoicing: Invoicing | None, code: str) -> dict[str, Any]:
    """All that the template reads; `code` is the QR code as SVG, "" for none."""
    seller = invoice.seller
    about = frame(_title(invoice), author=seller.party.name, on=invoice.issued_on)
    return about | {
        "mark": _mark(invoice),
        "qr": code,
        "qr_title": _("Scan it in your bank's app"),
        "account": bank_block(seller),
        "facts": _facts(invoice),
        "columns": columns(invoice.total.currency),
        "rows": [row(place, line) for place, line in enumerate(invoice.lines, 1)],
        "totals": _totals(invoice),
        "in_words": _total_in_words(invoice),
        "purpose_title": _("Purpose of payment"),
        "purpose": invoice.purpose,
        "purpose_hint": _("Copy it in full: by the number in it we recognise your transfer."),
        "terms": _terms(invoice, invoicing) if invoicing else [],
        "terms_title": _("Terms"),
        "offer_url": invoicing.offer_url if invoicing and invoice.kind is InvoiceKind.OFFER else "",
        "signer": {"post": seller.signer.post, "name": seller.signer.name} if seller.signer else None,
    }


def _title(invoice: Invoice) -> str:
    blanks = {"number": invoice.number, "date": day(invoice.issued_on)}
    if invoice.kind is InvoiceKind.OFFER:
        return _("Invoice-offer No. {number} of {date}", **blanks)
    return _("Invoice No. {number} of {date}", **blanks)


def _mark(invoice: Invoice) -> str:
    """What keeps a paper from being paid twice, or at all."""
    match invoice.state:
        case InvoiceState.PAID:
            return _("Paid already")
        case InvoiceState.PART_PAID:
            return _("Paid in part")
        case InvoiceState.VOID:
            return _("Void, do not pay it")
        case _other:
            return ""


def _facts(invoice: Invoice) -> list[list[str]]:
    facts = [
        [_("Seller"), party_line(invoice.seller.party, invoice.seller.registration)],
        [_("Buyer"), party_line(invoice.buyer)],
    ]
    if invoice.month:
        facts.append([_("Period"), month_name(invoice.month)])
    if invoice.valid_until:
        facts.append([_("Valid until"), day(invoice.valid_until)])
    return facts


def _totals(invoice: Invoice) -> list[list[str]]:
    return [
        [_("Total"), exact(invoice.total)],
        [_vat_title(invoice), "–" if invoice.vat == NO_VAT else exact(invoice.vat_amount)],
        [_("To be paid"), exact_money(invoice.total)],
    ]


def _vat_title(invoice: Invoice) -> str:
    return _("Without VAT") if invoice.vat == NO_VAT else _("VAT {rate}% included", rate=invoice.vat)


def _total_in_words(invoice: Invoice) -> str:
    words = in_words(invoice.total)
    if invoice.vat == NO_VAT:
        return _("{sum}, without VAT", sum=words)
    return _(
        "{sum}, VAT {rate}% included: {vat}", sum=words, rate=invoice.vat, vat=exact_money(invoice.vat_amount)
    )


def _terms(invoice: Invoice, invoicing: Invoicing) -> list[str]:
    """Blanks are filled by hand: the seller's words may hold braces of their own."""
    offer = said(invoicing.offer) if invoice.kind is InvoiceKind.OFFER else ""
    until = day(invoice.valid_until) if invoice.valid_until else ""
    offer = offer.replace("{number}", invoice.number).replace("{until}", until)
    ground = said(invoicing.vat_ground) if invoice.vat == NO_VAT else ""
    return [each for each in (ground and f"{ground}.".replace("..", "."), offer) if each]
