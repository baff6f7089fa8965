"""Money that went back: a refund of ours, one made elsewhere, a chargeback. It is always booked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.domain.autopays import CHARGING, AutopayReason
from bot.domain.events import Refunded
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.payments import Attempt, BookedEvent, Payment
from bot.domain.states import EventFate, OrderState, TransferReason
from bot.services import seller, suspense
from bot.services.accounts import open_accounts
from bot.services.autopay.ending import pause
from bot.services.made_to_order import work_cards
from bot.services.payment_facts import facts_of
from bot.services.refund import ends as refund_ends
from bot.storage.ledger import REVENUE, Because, refunding, source
from bot.storage.tx import Tx

OTHER_SUM = "other_sum"
"""Why a refund of ours counts as failed, though money went back: it was another sum."""


def lock(tx: Tx, event: Refunded, paid: BookedEvent | None) -> Payment | None:
    """The payment that was given the money which went back now: not always the one it was meant for."""
    if paid is not None:
        is_given = paid.payment_id is not None and paid.fate is EventFate.BOOKED
        found = tx.payments.get(paid.payment_id) if paid.payment_id and is_given else None
    elif event.reference:
        return tx.payments.lock(event.reference)
    else:
        found = tx.payments.by_provider(event.provider, event.provider_payment)
    return tx.payments.lock(found.reference) if found else None


def book(tx: Tx, event: Refunded, event_id: int, payment: Payment | None, paid: BookedEvent | None) -> None:
    """Take it from whoever has the money: the payment's payer, a balance it was put on, or nobody."""
    if payment is not None:
        _from_payment(tx, event, event_id, payment)
    elif paid is not None and paid.fate is EventFate.BOOKED:
        _from_balance(tx, event, event_id, paid)
    else:
        suspense.take_back(tx, event, event_id, paid)


def unsettle(tx: Tx, payment: Payment, amount: Money, *, attempt_id: int | None = None) -> bool:
    """Bring back to the balance what a refund needs; False when order and balance together have too little.

    What the order's payments left over goes first, then what the order took; money that was brought for
    something else only when that is not enough.
    """
    nothing = zero(amount.currency)
    balance = max(tx.ledger.balance(payment.payer_id, amount.currency), nothing)
    order = tx.orders.lock(payment.order_id) if payment.order_id else None
    if order is None:
        return balance >= amount
    taken = tx.ledger.settled_for(order.id, amount.currency)
    over = min(balance, max(tx.ledger.brought_for(order.id, amount.currency) - taken, nothing))
    needed = min(max(amount - over, nothing), taken)
    if balance + needed < amount:
        return False
    if not needed:
        return True
    take_out(tx, order, needed, whole=needed == taken, attempt_id=attempt_id)
    return True


def take_out(tx: Tx, order: Order, amount: Money, *, whole: bool, attempt_id: int | None = None) -> None:
    """Give what an order took back to its payer; `whole` where nothing of it is left there."""
    tx.ledger.credit(
        order.payer_id,
        amount,
        giver=REVENUE,
        reason=TransferReason.UNSETTLED,
        because=Because(order_id=order.id, attempt_id=attempt_id),
    )
    seller.tell_order_refunded(tx, order, amount, whole=whole)
    if whole:
        tx.orders.move(order.id, to=OrderState.REFUNDED, only_from=order.state)
    work_cards.money_went_back(tx, order.id, amount, by_us=True)


def _from_payment(tx: Tx, event: Refunded, event_id: int, payment: Payment) -> None:
    attempt = _ours(tx, event, payment)
    is_lost = bool(event.attempt) and attempt is None
    because = Because(event_id, payment.id, payment.order_id, attempt.id if attempt else None)
    if attempt is not None and _has_arrived(tx, event, payment, attempt, because):
        _tell_refunded(tx, payment, event.amount, refund_ends.arrived(tx, attempt))
    elif is_lost and unsettle(tx, payment, event.amount):
        # It bears our mark and has no row, as after a restore: it was a refund of ours all the same.
        _take_back(tx, event, payment.payer_id, because)
        _tell_refunded(tx, payment, event.amount)
    else:
        balance = _take_back(tx, event, payment.payer_id, because)
        facts = facts_of(payment, event.amount) | {"balance": balance}
        seller.tell_taken_back(tx, payment, event.amount, event.provider_payment)
        _tell_taken_back(tx, f"payment:{payment.id}", facts)
        if payment.order_id is not None:
            work_cards.money_went_back(tx, payment.order_id, event.amount, by_us=False)
        _charge_no_more(tx, payment, event.amount)


def _charge_no_more(tx: Tx, payment: Payment, amount: Money) -> None:
    """A charge that its bank took back counts as a refusal: the next one needs a tap."""
    autopay = tx.autopays.lock(payment.autopay_id) if payment.autopay_id is not None else None
    if autopay is not None and amount >= payment.amount:
        pause(tx, autopay, AutopayReason.TAKEN_BACK)


def _ours(tx: Tx, event: Refunded, payment: Payment) -> Attempt | None:
    """The attempt it ends; where refunds bear no mark, that is the one of this sum on its way."""
    if event.attempt:
        return tx.attempts.by_reference(event.attempt)
    return None if event.marked else tx.attempts.on_its_way(payment.id, event.amount)


def _has_arrived(tx: Tx, event: Refunded, payment: Payment, attempt: Attempt, because: Because) -> bool:
    """Let the money that was on its way arrive; False when it was not, or when it is another sum."""
    if not tx.attempts.known(attempt.id, outcome="done", movement=event.movement):
        return False
    way = refunding(payment.provider)
    if event.amount != attempt.amount:
        failed = TransferReason.REFUND_FAILED
        whose = Because(None, payment.id, payment.order_id, attempt.id)
        tx.ledger.credit(payment.payer_id, attempt.amount, giver=way, reason=failed, because=whose)
        refund_ends.failed(tx, attempt, OTHER_SUM)
        return False
    done = TransferReason.REFUNDED
    tx.ledger.move(way, source(event.provider), event.amount, reason=done, because=because)
    return True


def _from_balance(tx: Tx, event: Refunded, event_id: int, paid: BookedEvent) -> None:
    payer_id = tx.ledger.given_to(paid.id)
    tx.customers.lock_payer(payer_id)
    balance = _take_back(tx, event, payer_id, Because(event_id=event_id))
    facts = {
        "customer_id": tx.customers.owner(payer_id),
        "provider": event.provider,
        "amount": event.amount,
        "number": event.provider_payment,
        "balance": balance,
    }
    seller.tell_taken_back(tx, None, event.amount, event.provider_payment)
    _tell_taken_back(tx, f"customer:{facts['customer_id']}", facts)


def _take_back(tx: Tx, event: Refunded, payer_id: int, because: Because) -> Money:
    """Below zero if it must be: that is a debt."""
    open_accounts(tx, payer_id, event.provider, event.amount.currency)
    reason = TransferReason.TAKEN_BACK
    return tx.ledger.debit(
        payer_id, event.amount, taker=source(event.provider), reason=reason, because=because
    )


def _tell_refunded(
    tx: Tx, payment: Payment, amount: Money, changed: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """`changed` is what became of connectors and promo code with it."""
    autopay = tx.autopays.get(payment.autopay_id) if payment.autopay_id is not None else None
    goes_on = autopay is not None and autopay.state in CHARGING
    facts = facts_of(payment, amount) | {"autopay_goes_on": goes_on} | dict(changed)
    seller.tell_refunded(tx, payment, amount)
    tx.outbox.to_customer(payment.customer_id, "refunded", **facts)
    tx.outbox.to_operators("refunded", informs=True, **facts)


def _tell_taken_back(tx: Tx, subject: str, facts: dict[str, Any]) -> None:
    tx.outbox.to_customer(facts["customer_id"], "taken_back", **facts)
    card_id = tx.cards.add("taken_back", subject, facts)
    tx.outbox.to_operators("taken_back", card=card_id, **facts)
