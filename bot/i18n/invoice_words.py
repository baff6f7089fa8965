"""What the chat says of invoices: before one is issued, and as it stands afterwards."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.catalogue import Catalogue
from bot.domain.money import Money
from bot.domain.payer_details import PayerDetails
from bot.domain.vat import NO_VAT, vat_inside
from bot.i18n.catalogues import _
from bot.i18n.figures import day, money, today
from bot.i18n.payer_words import payer_lines
from bot.i18n.sentences import method_terms
from bot.i18n.summary_words import bought, reckoning
from bot.services.orders import Summary


def invoice_summary(catalogue: Catalogue, view: Summary, details: PayerDetails) -> str:
    """All that will stand on the paper, and what issuing it means."""
    assert catalogue.invoicing is not None, "no method asks for an invoice where there are none"
    until = today() + timedelta(days=catalogue.invoicing.valid_days)
    lines = [
        _("Invoice for an organisation"),
        "",
        *bought(view),
        "",
        *reckoning(view),
        _("Total of the invoice: {amount}", amount=money(view.to_pay)),
        vat_words(catalogue.invoicing.vat, vat_inside(view.to_pay, catalogue.invoicing.vat)),
        _("Valid until {date}", date=day(until)),
        "",
        *[line for line in payer_lines(details) if line],
        "",
        method_terms(catalogue, view.offer.name),
        _("Paying the invoice accepts its offer and the terms: /terms"),
    ]
    return "\n".join(lines)


def vat_words(rate: str, amount: Money) -> str:
    if rate == NO_VAT:
        return _("Without VAT")
    return _("VAT {rate} % inside: {amount}", rate=rate, amount=money(amount))
