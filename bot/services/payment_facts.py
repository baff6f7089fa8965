"""What every notice about a payment says."""

from __future__ import annotations

from typing import Any

from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.storage.tx import Tx


def facts_of(payment: Payment, amount: Money, event: Paid | None = None) -> dict[str, Any]:
    """What every notice about a payment carries, so that it can be written without asking the books again."""
    proof = event.proof if event else payment.proof
    return {
        "customer_id": payment.customer_id,
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "provider": event.provider if event else payment.provider,
        "method": payment.method,
        "amount": amount,
        "number": (event.provider_payment if event else "") or payment.provider_payment,
        "masked_card": proof.card,
        "message_id": payment.message_id,
    }


MOST_OFFERED = 3


def usable_orders(tx: Tx, payer_id: int, balance: Money) -> list[dict[str, Any]]:
    """Open orders that a balance covers, for buttons that use it: the oldest first."""
    return [
        {
            "order_id": order.id,
            "titles": order.titles,
            "price": order.price(balance.currency),
        }
        for order in tx.orders.covered(payer_id, balance)[:MOST_OFFERED]
    ]
