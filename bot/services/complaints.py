"""«Оплатил(а), но ничего не изменилось»: what customers hand to operators; questions are talk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.errors import BadAmount, CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.payments import BookedEvent, Payment
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

LOOK_BACK = timedelta(days=30)


class ComplaintService:
    """Every complaint becomes a card; the likeliest money without an owner hangs on it."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database = database
        self._currency = next(iter(catalogue.currencies))

    @transaction
    def complain(
        self,
        tx: Tx,
        customer_id: int,
        *,
        payment_id: int | None,
        day: date,
        amount: str,
        last4: str = "",
        photo: str = "",
    ) -> None:
        """Hand a payment that did not arrive to operators; CustomerError "bad_amount" for no sum."""
        _known(tx, customer_id)
        payment = _payment(tx, customer_id, payment_id)
        sum_ = _parsed(amount, payment.amount.currency if payment else self._currency)
        since = periods.now() - LOOK_BACK
        candidates = tx.events.without_owner(since, sum_) or tx.events.without_owner(since, None)
        facts: dict[str, Any] = {
            "customer_id": customer_id,
            "payment_id": payment.id if payment else None,
            "day": day,
            "amount": sum_,
            "last4": last4,
            "photo": photo,
            "candidates": [_clue(event) for event in candidates],
        }
        subject = f"payment:{payment.id}" if payment else f"customer:{customer_id}"
        card_id = tx.cards.add("complaint", subject, facts)
        tx.outbox.to_operators("complaint", card=card_id, **facts)


def _clue(event: BookedEvent) -> dict[str, Any]:
    """What an operator tells one candidate from another by."""
    card = event.proof.card
    return {"event_id": event.id, "amount": event.amount, "seen_at": event.seen_at, "masked_card": card}


def _parsed(text: str, currency: str) -> Money:
    try:
        return Money.typed(text, currency)
    except BadAmount:
        raise CustomerError("bad_amount") from None


def _payment(tx: Tx, customer_id: int, payment_id: int | None) -> Payment | None:
    if payment_id is None:
        return None
    payment = tx.payments.get_for_customer(payment_id, customer_id)
    if payment is None:
        raise NotYours
    return payment


def _known(tx: Tx, customer_id: int) -> None:
    if tx.customers.get(customer_id) is None:
        raise CustomerError("start_first")
