"""What acts with money are checked against: who is there, what is missing, and what was done before."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.errors import CustomerError
from bot.domain.money import STARS, Money, zero
from bot.domain.orders import Order
from bot.domain.periods import now
from bot.services.acts.callers import known
from bot.services.acts.reasons import refuse_second
from bot.services.receipts.by_hand import BY_HAND
from bot.services.reports import missing_for
from bot.storage.ledger import source
from bot.storage.tx import Tx

TOGETHER = timedelta(days=1)
"""Sums moved from or to one payer within this time are one sum: small ones evade no limit."""


def weight_of_paper(tx: Tx, order: Order, amount: Money) -> Money:
    """The sum with everything that was marked as paid of this order before."""
    return amount + tx.ledger.came_for(order.id, source(BY_HAND), amount.currency)


def weight_of_move(tx: Tx, giver: int, taker: int, amount: Money) -> Money:
    """The sum with what operators moved of either payer's money just before, whichever is more."""
    since = now() - TOGETHER
    moved = (tx.ledger.moved_since(each, amount.currency, since) for each in (giver, taker))
    return amount + max(moved)


def refuse_sum(tx: Tx, order: Order, amount: Money) -> None:
    """What nobody owes would be a balance made of nothing."""
    missing = missing_for(tx, order, amount.currency) if amount.currency != STARS else None
    if missing is None or amount <= zero(amount.currency):
        raise CustomerError("method_gone")
    debt = max(-tx.ledger.balance(order.payer_id, amount.currency), zero(amount.currency))
    if amount > missing + debt:
        raise CustomerError("act_too_much", most=missing + debt)


def known_payer(tx: Tx, payer_id: int) -> int:
    """Somebody's who is there: not joined with another, not forgotten."""
    payer = tx.payers.get(payer_id)
    if payer is None or tx.payers.is_joined(payer_id):
        raise CustomerError("record_gone")
    known(tx, payer.customer_id)
    return payer_id


def locked_order(tx: Tx, order_id: int) -> Order:
    found = tx.orders.get(order_id)
    if found is None:
        raise CustomerError("record_gone")
    tx.customers.lock_payer(found.payer_id)
    order = tx.orders.lock(order_id)
    assert order is not None
    return order


def open_order(tx: Tx, order_id: int) -> Order:
    order = locked_order(tx, order_id)
    if not order.takes_new_payments:
        refuse_second(tx, f"order:{order_id}", "marked_paid", "paid_from_balance")
    return order
