"""Receipts for the use of money that came before (54-FZ): a top-up was an advance, its use offsets it."""

from __future__ import annotations

from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.states import AttemptKind
from bot.services.methods import Methods
from bot.storage.tx import Tx

CURRENCY = "RUB"
"""The law speaks of money paid in Russia."""


def owe(tx: Tx, order: Order, amount: Money) -> None:
    """Write down that a receipt is due, through the payment that last brought this payer money."""
    if amount.currency != CURRENCY:
        return
    payment = tx.payments.last_that_brought(order.payer_id, amount.currency)
    if payment is not None:
        attempt_id = tx.attempts.add(
            reference=new_reference(),
            kind=AttemptKind.RECEIPT,
            payment_id=payment.id,
            order_id=order.id,
            amount=amount,
            reason="",
        )
        tx.attempts.ask_at(attempt_id, now())


def can_offset(tx: Tx, methods: Methods, order: Order, currency: str) -> bool:
    """Whether somebody can make the receipt for using this balance: whoever brought its money."""
    if currency != CURRENCY:
        return True
    payment = tx.payments.last_that_brought(order.payer_id, currency)
    return payment is not None and methods.offsets(payment.method)
