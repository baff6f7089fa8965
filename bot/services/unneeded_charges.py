"""Money that an autopay brought for what had been paid meanwhile: its owner may have it back."""

from __future__ import annotations

from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.storage.tx import Tx


def to_give_back(tx: Tx, customer_id: int, payment_id: int) -> Money:
    """What is still there of it; a CustomerError where it settled something, or was used since."""
    payment = tx.payments.get_for_customer(payment_id, customer_id)
    if payment is None or payment.autopay_id is None:
        raise NotYours
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    currency = payment.amount.currency
    if order is not None and tx.ledger.settled_for(order.id, currency):
        raise CustomerError("not_refundable")
    spare = min(tx.ledger.brought_by(payment.id, currency), tx.ledger.balance(payment.payer_id, currency))
    if spare.minor <= 0:
        raise CustomerError("not_refundable")
    return spare
