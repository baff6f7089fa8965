"""The one card of lines that wait for a person: a line a page, each with what is proposed for it."""

from __future__ import annotations

from typing import Any

from bot.domain.desk import THE_HOUSE, Card
from bot.domain.invoices import OPEN_INVOICES, Invoice, InvoiceState
from bot.domain.statements import KeptLine
from bot.storage.tx import Tx

KIND = "statement_lines"
SUBJECT = "statements"
DONE = "statement_lines"
"""The answer of a card whose last line was decided."""


def hang(tx: Tx, *, news: bool) -> None:
    """There is one card while anything waits, and none when nothing does; with news it hangs anew below."""
    if tx.statement_lines.waiting_beside(0) is None:
        tx.cards.close_all(SUBJECT, by=THE_HOUSE, answer=DONE)
        return
    card = tx.cards.open_about(SUBJECT)
    if card is not None and not news:
        return
    card_id = card.id if card is not None else tx.cards.add(KIND, SUBJECT, {})
    tx.outbox.to_operators(KIND, card=card_id, **facts(tx))


def facts(tx: Tx, line_id: int | None = None) -> dict[str, Any]:
    """What the card says now: that line where it still waits, else the one nearest to it."""
    line = _waiting(tx, line_id)
    if line is None:
        return {"total": 0}
    before = tx.statement_lines.waiting_beside(line.id, back=True)
    after = tx.statement_lines.waiting_beside(line.id)
    return {
        "total": tx.statement_lines.count_waiting(),
        "place": tx.statement_lines.count_waiting(upto=line.id),
        "before": before.id if before else None,
        "after": after.id if after else None,
        **line_facts(tx, line),
    }


def line_facts(tx: Tx, line: KeptLine) -> dict[str, Any]:
    """A line in what people know it by, and the invoice it pays or may pay."""
    told = line.line
    invoice = tx.invoices.get(line.invoice_id) if line.invoice_id else None
    return {
        "line": line.id,
        "state": line.state.value,
        "booked_on": told.booked_on,
        "amount": told.amount,
        "number": told.number,
        "payer_name": told.payer_name,
        "payer_tax_number": told.payer_tax_number,
        "purpose": told.purpose,
        "why": line.why,
        "provider": line.provider,
        "invoice": invoice_facts(invoice) if invoice else None,
    }


def invoice_facts(invoice: Invoice) -> dict[str, Any]:
    return {
        "id": invoice.id,
        "number": invoice.number,
        "total": invoice.total,
        "buyer": invoice.buyer.name,
        "payer_id": invoice.payer_id,
        "open": invoice.state in OPEN_INVOICES,
        "paid": invoice.state is InvoiceState.PAID,
    }


def as_it_is_now(tx: Tx, card: Card, line_id: int | None = None) -> dict[str, Any]:
    """The payload of the open card; of a closed one nothing is left to say."""
    if card.closed_by is not None:
        return {"card": card.id, "total": 0}
    return {"card": card.id, **facts(tx, line_id)}


def _waiting(tx: Tx, line_id: int | None) -> KeptLine | None:
    """From that line on, that one included; behind the last comes the one before it."""
    start = line_id - 1 if line_id is not None else 0
    found = tx.statement_lines.waiting_beside(start)
    if found is None and line_id is not None:
        found = tx.statement_lines.waiting_beside(line_id, back=True)
    return found
