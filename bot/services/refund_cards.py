"""What is written to operators and customers of refund requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.desk import Card
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.refunds import RefundPreview, RefundRequest
from bot.services.payment_facts import facts_of
from bot.storage.tx import Tx


def subject_of(request_id: int) -> str:
    return f"refund:{request_id}"


def close(tx: Tx, request_id: int, *, by: int, answer: str) -> list[Card]:
    """Every card about a request needs nobody any more."""
    return tx.cards.close_all(subject_of(request_id), by=by, answer=answer)


def facts(request: RefundRequest, payment: Payment) -> dict[str, Any]:
    """What every card about a request says."""
    told = {
        "request_id": request.id,
        "reason": request.reason,
        "service": request.service.value,
        "destination": request.destination.value,
        "account": request.account,
        "proposed_by": request.proposed_by,
        "asked_by": request.asked_by,
    }
    return facts_of(payment, request.amount) | told


def ask_second(
    tx: Tx, request: RefundRequest, preview: RefundPreview, people: Sequence[int], *, alone: bool
) -> None:
    """Hang a card for whoever may agree; owners who are the only ones, or alone, are asked in private too."""
    told = facts(request, preview.payment) | {
        "lines": [
            {"title": line.title, "before": line.before, "after": line.after} for line in preview.lines
        ],
        "promo": preview.promo_code,
        "alone": alone,
    }
    card = tx.cards.add("refund_proposed", subject_of(request.id), told)
    tx.outbox.to_operators("refund_proposed", card=card, **told)
    private = [request.proposed_by] if alone else people if len(people) == 1 else []
    for person in private:
        if person is not None and tx.customers.get(person) is not None:
            tx.outbox.to_customer(person, "refund_to_confirm", card=card, **told)


def hand_over(tx: Tx, request: RefundRequest, payment: Payment) -> None:
    """A task: somebody sends it outside of the bot and tells the number of his payment order."""
    told = facts(request, payment)
    card = tx.cards.add("refund_by_hand", subject_of(request.id), told)
    tx.outbox.to_operators("refund_by_hand", card=card, **told)


def tell_on_balance(
    tx: Tx, request: RefundRequest, payment: Payment, balance: Money, changed: Mapping[str, Any]
) -> None:
    told = facts_of(payment, request.amount) | {"balance": balance} | dict(changed)
    tx.outbox.to_customer(payment.customer_id, "refunded_to_balance", **told)
    tx.outbox.to_operators("refunded_to_balance", informs=True, **told)
