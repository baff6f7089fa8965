"""Whom operators have blocked: nothing new is ordered or paid, and what was paid for works on."""

from __future__ import annotations

from bot.domain.errors import CustomerError
from bot.storage.tx import Tx


def refuse_blocked(tx: Tx, customer_id: int) -> None:
    """A CustomerError that leads him to the operators; before an order, a payment or a consent."""
    if is_blocked(tx, customer_id):
        raise CustomerError("blocked")


def is_blocked(tx: Tx, customer_id: int) -> bool:
    customer = tx.customers.get(customer_id)
    return customer is not None and customer.blocked_at is not None
