"""What ends a refund request: its money has arrived, was put on the balance, or could not be sent."""

from __future__ import annotations

from typing import Any

from bot.domain.desk import THE_HOUSE
from bot.domain.payments import Attempt, Payment
from bot.domain.refunds import ON_ITS_WAY, RefundRequest, RefundState
from bot.domain.states import OrderState
from bot.services.payment_facts import facts_of
from bot.services.refund import lines as refund_lines
from bot.storage.tx import Tx

ON_BALANCE = "balance"
"""The outcome of a request whose money stays with us, as its payer's."""


def arrived(tx: Tx, attempt: Attempt) -> dict[str, Any]:
    """The money of this attempt is where it belongs: now its connectors change. What to tell of it."""
    tx.cards.close_all(f"attempt:{attempt.id}", by=THE_HOUSE, answer="refund_arrived")
    request = tx.refund_requests.by_attempt(attempt.id)
    if request is None:
        return {}
    if not tx.refund_requests.move(request.id, to=RefundState.DONE, only_from=ON_ITS_WAY, outcome="done"):
        return {}
    return finish(tx, request)


def failed(tx: Tx, attempt: Attempt, code: str) -> RefundRequest | None:
    """Its money is the payer's again, and nothing else changes; the request, where there was one."""
    request = tx.refund_requests.by_attempt(attempt.id)
    if request is None:
        return None
    is_first = tx.refund_requests.move(
        request.id, to=RefundState.FAILED, only_from=ON_ITS_WAY, outcome=code[:200]
    )
    return request if is_first else None


def tell_on_balance(tx: Tx, request: RefundRequest, payment: Payment) -> None:
    """Its money is the payer's, and stays with us: that ends it as well."""
    balance = tx.ledger.balance(payment.payer_id, request.amount.currency)
    told = {**facts_of(payment, request.amount), "balance": balance, **finish(tx, request)}
    tx.outbox.to_customer(payment.customer_id, "refunded_to_balance", **told)
    tx.outbox.to_operators("refunded_to_balance", informs=True, **told)


def finish(tx: Tx, request: RefundRequest) -> dict[str, Any]:
    """Do to connectors and promo code what was decided with it; what to tell of it."""
    order = tx.orders.get(request.order_id) if request.order_id else None
    is_whole = order is not None and order.state is OrderState.REFUNDED
    promo = tx.promos.give_back(order.id) if order is not None and is_whole else ""
    return {
        "lines": refund_lines.apply(tx, request),
        "promo": promo,
        "destination": request.destination.value,
        "account": request.account,
    }
