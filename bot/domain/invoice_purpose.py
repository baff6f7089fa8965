"""The purpose of payment that a payer copies: by the number in it a transfer finds its invoice."""

from __future__ import annotations

from datetime import date

from bot.domain.invoices import InvoiceKind
from bot.domain.money import Money
from bot.domain.vat import NO_VAT

MOST_CHARACTERS = 210
"""What a payment order holds (Bank of Russia); banks and people cut the tail, so the number stands first."""


def purpose_text(
    kind: InvoiceKind, number: str, issued_on: date, subject: str, *, vat: str, vat_amount: Money
) -> str:
    """In Russian whatever the payer speaks: it is for the banks of Russia, Belarus and Kyrgyzstan."""
    paper = "счёту-оферте" if kind is InvoiceKind.OFFER else "счёту"
    head = f"Оплата по {paper} № {number} от {issued_on:%d.%m.%Y} г. за "
    tail = ", без НДС" if vat == NO_VAT else f", в том числе НДС {vat}% - {vat_amount.decimal()}"
    return head + subject[: MOST_CHARACTERS - len(head) - len(tail)].rstrip() + tail
