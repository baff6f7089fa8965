"""Money without an owner: it lies in suspense until an operator names one, or until it goes back."""

from __future__ import annotations

from bot.domain.desk import THE_HOUSE
from bot.domain.events import Refunded
from bot.domain.money import Money, zero
from bot.domain.payments import BookedEvent
from bot.domain.states import EventFate, TransferReason
from bot.storage.ledger import SUSPENSE, Because, source
from bot.storage.tx import Tx

FREE = (EventFate.SUSPENSE, EventFate.REVIEW)
"""Money with these fates lies in suspense and waits for an owner."""


def give(tx: Tx, paid: BookedEvent, payer_id: int, because: Because) -> tuple[Money, Money]:
    """Give it to a payer, less what of it went back before anybody claimed it; that, and his balance."""
    credit = TransferReason.ASSIGNED
    balance = tx.ledger.credit(payer_id, paid.amount, giver=SUSPENSE, reason=credit, because=because)
    given = paid.amount
    for back in tx.events.returned(paid):
        why = Because(back.id, because.payment_id, because.order_id)
        gone = TransferReason.RETURNED
        balance = tx.ledger.debit(payer_id, back.amount, taker=SUSPENSE, reason=gone, because=why)
        given -= back.amount
    return given, balance


def take_back(tx: Tx, event: Refunded, event_id: int, paid: BookedEvent | None) -> None:
    """Book a refund of money that nobody was given; it may be told of before the payment itself."""
    for name in (SUSPENSE, source(event.provider)):
        tx.ledger.open(name, event.amount.currency)
    tx.ledger.move(
        SUSPENSE,
        source(event.provider),
        event.amount,
        reason=TransferReason.TAKEN_BACK,
        because=Because(event_id=event_id),
    )
    tx.outbox.to_operators(
        "refunded",
        informs=True,
        provider=event.provider,
        amount=event.amount,
        number=event.provider_payment,
    )
    if paid is not None:
        close_if_nothing_is_left(tx, paid)


def close_if_nothing_is_left(tx: Tx, paid: BookedEvent) -> bool:
    """Money that went back whole waits for nobody."""
    gone = sum((back.amount for back in tx.events.returned(paid)), zero(paid.amount.currency))
    if gone < paid.amount:
        return False
    tx.events.move(paid.id, to=EventFate.RETURNED, only_from=paid.fate, payment_id=paid.payment_id)
    tx.cards.close_all(f"event:{paid.id}", by=THE_HOUSE, answer="returned")
    return True
