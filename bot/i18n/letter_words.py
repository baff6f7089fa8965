"""What a letter is called where something is said of it."""

from __future__ import annotations

from bot.i18n.catalogues import N_, _
from bot.i18n.strangers import shown

_TITLES = {
    "invoice": N_("Invoice"),
    "order_confirmed": N_("Order confirmation"),
    "form_question": N_("A question about your order"),
    "form_rejected": N_("An order that was not accepted"),
    "order_stage": N_("News of your order"),
    "receipt": N_("Receipt of payment"),
    "receipts": N_("Receipts for a period"),
    "regular_invoice": N_("Invoice for the month"),
    "invoice_copy": N_("Copy of an invoice"),
    "usage": N_("Usage detail"),
    "charges": N_("Current charges"),
    "email_code": N_("Code to confirm the address"),
}


def letter_title(kind: str) -> str:
    """«Счёт», «Детализация»."""
    return _(_TITLES[kind]) if kind in _TITLES else shown(kind)
