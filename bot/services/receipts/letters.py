"""The receipt that a customer gets by e-mail without asking, in the unit that books or uses his money."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payment_receipts import BALANCE
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.storage.tx import Tx


def mail_receipt(tx: Tx, payment_id: int, amount: Money, merchant: str) -> None:
    """A letter for a customer whose address is known; where mail is off this costs nothing."""
    if not tx.outbox.mail_is_on:
        return
    payment = tx.payments.get(payment_id)
    customer = tx.customers.get(payment.customer_id) if payment else None
    if payment is None or customer is None or not customer.email:
        return
    facts = receipt_facts(tx, payment, amount, merchant)
    tx.outbox.to_email(customer.id, customer.email, "receipt", key=f"payment:{payment.id}", **facts)


def mail_receipt_of_order(tx: Tx, order: Order, amount: Money) -> None:
    """The same of an order that the balance paid; nothing went through a bank."""
    if not tx.outbox.mail_is_on or not amount:
        return
    customer = tx.customers.get(order.customer_id)
    if customer is not None and customer.email:
        facts = receipt_facts_of_order(order, amount, now())
        tx.outbox.to_email(customer.id, customer.email, "receipt", key=f"order:{order.id}", **facts)


def receipt_facts(tx: Tx, payment: Payment, amount: Money, merchant: str) -> dict[str, Any]:
    """What the letter says of a payment."""
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    return {
        "payment_id": payment.id,
        "amount": amount,
        "paid_at": payment.settled_at,
        "method": payment.method,
        "masked_card": payment.proof.card,
        "number": payment.provider_payment,
        "rrn": payment.proof.rrn,
        "approval_code": payment.proof.approval,
        "titles": order.titles if order else [],
        "merchant": merchant,
    }


def receipt_facts_of_order(order: Order, amount: Money, paid_at: datetime) -> dict[str, Any]:
    """What it says of an order that the balance paid."""
    return {
        "order_id": order.id,
        "amount": amount,
        "paid_at": paid_at,
        "method": BALANCE,
        "titles": order.titles,
    }
