"""What messages about an invoice say of it."""

from __future__ import annotations

from typing import Any

from bot.domain.invoices import Invoice


def facts_of(invoice: Invoice) -> dict[str, Any]:
    """What every notice and letter about an invoice carries; `amount` is its whole sum."""
    return {
        "customer_id": invoice.customer_id,
        "invoice_id": invoice.id,
        "number": invoice.number,
        "month": invoice.month,
        "issued_on": invoice.issued_on,
        "valid_until": invoice.valid_until,
        "amount": invoice.total,
        "purpose": invoice.purpose,
        "payer": invoice.buyer.name,
        "titles": [line.title for line in invoice.lines if line.title],
    }
