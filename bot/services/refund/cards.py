"""What is written to operators and customers of refund requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.desk import Card
from bot.domain.payments import Attempt, Payment
from bot.domain.refunds import RefundPreview, RefundRequest
from bot.services.payment_facts import facts_of
from bot.storage.tx import Tx

BY_HAND, FAILED, UNKNOWN = "refund_by_hand", "refund_failed", "refund_unknown"
"""Cards about an attempt: each is answered by other words, and by other people."""


def subject_of(request_id: int) -> str:
    return f"refund:{request_id}"


def close(tx: Tx, request_id: int, *, by: int, answer: str) -> list[Card]:
    """Every card about a request needs nobody any more."""
    return tx.cards.close_all(subject_of(request_id), by=by, answer=answer)


NAME_LENGTH = 64


def has_to_be_decided(card: Card) -> bool:
    """Whether a refund hangs on it: it can't be closed without a word about the money."""
    return bool(card.payload.get("request_id") or card.payload.get("attempt_id"))


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
    tx: Tx,
    request: RefundRequest,
    preview: RefundPreview,
    people: Sequence[int],
    *,
    proposer: str,
    alone: bool,
) -> None:
    """Hang a card for whoever may agree; owners who are the only ones, or alone, are asked in private too."""
    told = facts(request, preview.payment) | {
        "lines": [
            {"title": line.title, "before": line.before, "after": line.after} for line in preview.lines
        ],
        "promo": preview.promo_code,
        "proposer": proposer[:NAME_LENGTH],
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
    decided = tx.refund_requests.get(request.id)
    order = tx.orders.get(request.order_id) if request.order_id else None
    told = facts(request, payment) | {
        "attempt_id": decided.attempt_id if decided else None,
        "purpose": purpose(payment, ", ".join(order.titles) if order else ""),
    }
    card = tx.cards.add(BY_HAND, subject_of(request.id), told)
    tx.outbox.to_operators(BY_HAND, card=card, **told)


def purpose(payment: Payment, titles: str) -> str:
    """What a payment order says of it; banks take 210 characters, in the language of the country."""
    of = f" от {payment.settled_at:%d.%m.%Y}" if payment.settled_at else ""
    what = f" за {titles}" if titles else ""
    return f"Возврат оплаты по платежу {payment.id}{of}{what}"[:210]


def ask_operators(tx: Tx, request: RefundRequest, payment: Payment, titles: Sequence[str]) -> None:
    """A customer's wish: somebody takes it up or declines it."""
    told = facts(request, payment) | {"titles": list(titles)}
    card = tx.cards.add("refund_asked", subject_of(request.id), told)
    tx.outbox.to_operators("refund_asked", card=card, **told)


def failed(tx: Tx, payment: Payment, attempt: Attempt, code: str) -> None:
    """The money is the payer's again: somebody says what then."""
    told = _of_attempt(payment, attempt) | {"code": code}
    card = tx.cards.add(FAILED, f"attempt:{attempt.id}", told)
    tx.outbox.to_operators(FAILED, card=card, **told)


def unknown(tx: Tx, payment: Payment, attempt: Attempt) -> None:
    """Nobody can be asked whether it went: somebody looks, and another agrees."""
    told = _of_attempt(payment, attempt)
    card = tx.cards.add(UNKNOWN, f"attempt:{attempt.id}", told)
    tx.outbox.to_operators(UNKNOWN, card=card, **told)


def _of_attempt(payment: Payment, attempt: Attempt) -> dict[str, Any]:
    return {
        "customer_id": payment.customer_id,
        "payment_id": payment.id,
        "attempt_id": attempt.id,
        "provider": payment.provider,
        "amount": attempt.amount,
        "number": payment.provider_payment,
    }
