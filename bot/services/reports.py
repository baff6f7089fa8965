"""How a payment stands: what can honestly be said of it now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.fiscal import FiscalReceipt
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.refunds import RefundRequest
from bot.domain.refusals import Refusal
from bot.domain.states import PAYABLE_ORDERS, OrderState, PaymentState
from bot.storage.tx import Tx


class Standing(StrEnum):
    """What can honestly be said of a payment now."""

    WAITING = "waiting"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    EXPIRED = "expired"
    SHORT = "short"
    ON_BALANCE = "on_balance"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """A payment with what it was for and what became of its money."""

    payment: Payment
    order: Order | None
    standing: Standing
    balance: Money
    missing: Money | None = None
    url: str = ""
    arrived: Money | None = None
    """What came, once it has: not always what was asked for."""
    fiscal: FiscalReceipt | None = None
    """What the provider says of the fiscal receipt, where it makes one."""
    refund: RefundRequest | None = None
    """Under way, or waiting for a decision."""

    @property
    def amount(self) -> Money:
        return self.arrived or self.payment.amount


def report_on(tx: Tx, payment: Payment, url: str = "") -> PaymentReport:
    """How a payment stands, read in the caller's unit."""
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    balance = tx.ledger.balance(payment.payer_id, payment.amount.currency)
    is_open = order is not None and order.state in PAYABLE_ORDERS
    missing = missing_for(tx, order, payment.amount.currency) if order and is_open else None
    is_paid = payment.state is PaymentState.SUCCEEDED
    arrived = tx.ledger.arrived(payment.id) if is_paid else None
    fiscal = tx.fiscal_receipts.get(payment.id) if is_paid else None
    refund = tx.refund_requests.open_of(payment.id) if is_paid else None
    standing = _standing(payment, order)
    return PaymentReport(payment, order, standing, balance, missing, url, arrived, fiscal, refund)


def missing_for(tx: Tx, order: Order, currency: str) -> Money | None:
    """What an order still lacks in that currency, where what was brought for it may have met a debt.

    Other money on the balance helps only if the customer ticked it.
    """
    price = order.price(currency)
    if price is None:
        return None
    usable = tx.ledger.balance(order.payer_id, currency)
    if not order.use_balance:
        usable = min(usable, tx.ledger.brought_for(order.id, currency))
    usable = max(usable, zero(currency))
    return max(price - usable, zero(currency))


def _standing(payment: Payment, order: Order | None) -> Standing:
    if payment.state is PaymentState.REFUSED:
        expired = payment.refusal == Refusal.LINK_EXPIRED.value
        return Standing.EXPIRED if expired else Standing.REFUSED
    if payment.state is PaymentState.SUCCEEDED:
        return _standing_of_money(order)
    if payment.state is PaymentState.PENDING:
        return Standing.WAITING
    return Standing.UNKNOWN


def _standing_of_money(order: Order | None) -> Standing:
    """The money is there; what did it do?"""
    if order is None or order.state in (OrderState.PAID, OrderState.FULFILLED, OrderState.REFUNDED):
        return Standing.DONE
    return Standing.SHORT if order.state in PAYABLE_ORDERS else Standing.ON_BALANCE
