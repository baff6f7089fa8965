"""The receipt that a customer gets by e-mail without asking, written in the unit that books his money."""

from __future__ import annotations

from bot.domain.money import Money
from bot.storage.tx import Tx


def mail_receipt(tx: Tx, payment_id: int, amount: Money, merchant: str) -> None:
    """A letter for a customer whose address is known; where mail is off this costs nothing."""
    if not tx.outbox.mail_is_on:
        return
    payment = tx.payments.get(payment_id)
    customer = tx.customers.get(payment.customer_id) if payment else None
    if payment is None or customer is None or not customer.email:
        return
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    tx.outbox.to_email(
        customer.id,
        customer.email,
        "receipt",
        key=f"payment:{payment.id}",
        payment_id=payment.id,
        amount=amount,
        paid_at=payment.settled_at,
        method=payment.method,
        masked_card=payment.receipt.card,
        number=payment.provider_payment,
        rrn=payment.receipt.rrn,
        approval_code=payment.receipt.approval,
        titles=order.titles if order else [],
        merchant=merchant,
    )
