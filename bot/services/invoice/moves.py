"""An invoice follows what becomes of its order, and the seller's own systems hear of it."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.desk import THE_HOUSE
from bot.domain.invoices import OPEN_INVOICES, InvoiceState
from bot.services import seller
from bot.storage.tx import Tx


def move(
    tx: Tx, order_id: int, *, to: InvoiceState, only_from: Collection[InvoiceState] = OPEN_INVOICES
) -> bool:
    """False where the order has no invoice in one of these states: then nobody hears of anything."""
    if not tx.invoices.move(order_id, to=to, only_from=only_from):
        return False
    seller.tell_invoice(tx, order_id, "reopened" if to is InvoiceState.ISSUED else to.value)
    if to in _OUTCOMES:
        _close_card(tx, order_id, _OUTCOMES[to])
    return True


_OUTCOMES = {InvoiceState.PAID: "invoice_paid", InvoiceState.VOID: "invoice_void"}


def _close_card(tx: Tx, order_id: int, answer: str) -> None:
    """Nobody has to look after its money any more, whatever the customer said of it."""
    invoice = tx.invoices.of_order(order_id)
    if invoice is not None:
        tx.cards.close_all(f"invoice:{invoice.id}", by=THE_HOUSE, answer=answer)


def hand_over(tx: Tx, invoice_id: int, *, to_order: int, state: InvoiceState) -> None:
    """Let it ask for another order: the one it was paid by was undone."""
    tx.invoices.hand_over(invoice_id, to_order=to_order, state=state)
    seller.tell_invoice(tx, to_order, "reopened")
