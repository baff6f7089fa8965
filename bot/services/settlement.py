"""What happens to money that moved: every payment is a credit to the payer's balance, which then settles."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from bot.domain.errors import BadCallback
from bot.domain.events import Event, Paid, Refunded, Refused
from bot.domain.payments import Payment
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.domain.states import (
    PAYABLE_ORDERS,
    EventFate,
    PaymentState,
    TransferReason,
)
from bot.services import addressing, returns, seller, suspense
from bot.services.accounts import open_accounts
from bot.services.arrivals import Arrival, Arrivals
from bot.services.payment_facts import facts_of
from bot.storage.database import Database, transaction
from bot.storage.ledger import SUSPENSE, Because, source
from bot.storage.tx import Tx


class Outcome(StrEnum):
    """What became of an event; also the label it is counted under."""

    BOOKED = "booked"
    REPEATED = "repeated"
    REFUSED = "refused"
    REVIEW = "review"
    SUSPENSE = "suspense"
    FOREIGN = "foreign"
    TEST = "test"


_OUTCOMES = {
    EventFate.BOOKED: Outcome.BOOKED,
    EventFate.REVIEW: Outcome.REVIEW,
    EventFate.SUSPENSE: Outcome.SUSPENSE,
    EventFate.FOREIGN: Outcome.FOREIGN,
    EventFate.TEST: Outcome.TEST,
}


_OURS = (EventFate.BOOKED, EventFate.REVIEW, EventFate.SUSPENSE)
"""What bears our mark; the money of the rest is not in the books."""


class SettlementService:
    """The only place where money is booked; what it decides, it decides inside one transaction."""

    def __init__(self, database: Database, arrivals: Arrivals) -> None:
        self.database = database
        self._arrivals = arrivals

    @transaction
    def take(self, tx: Tx, event: Event, raw: bytes | None = None) -> Outcome:
        """Book an event exactly once, however often and by whatever door we hear of it."""
        return self.book(tx, event, raw)

    def book(self, tx: Tx, event: Event, raw: bytes | None = None) -> Outcome:
        """The same inside the unit of a door that has more to decide."""
        if not isinstance(event, Refused) and event.amount.minor <= 0:
            raise BadCallback(f"{event.movement} moved {event.amount}: that is no money")
        if isinstance(event, Paid):
            return self._paid(tx, event, raw)
        if isinstance(event, Refunded):
            return self._refunded(tx, event, raw)
        return self._refused(tx, event)

    def assign(self, tx: Tx, event_id: int, payment: Payment) -> None:
        """Give money in suspense to the payment that an operator named, inside his transaction."""
        event = tx.events.get(event_id)
        assert event is not None
        open_accounts(tx, payment.payer_id, event.provider, event.amount.currency)
        because = Because(event_id=event_id, payment_id=payment.id, order_id=payment.order_id)
        given, balance = suspense.give(tx, event, payment.payer_id, because)
        known_as = event.provider_payment if event.provider == payment.provider else ""
        tx.payments.succeed(payment, provider=payment.provider, provider_payment=known_as, proof=event.proof)
        seller.tell_paid(tx, payment, given, event.provider_payment, event.proof.card)
        self._arrivals.use(tx, Arrival(event_id, payment, given, balance))

    def assign_to_balance(self, tx: Tx, event_id: int, payer_id: int, customer_id: int) -> None:
        """Give money in suspense to a payer whom an operator named, for no order in particular."""
        event = tx.events.get(event_id)
        assert event is not None
        open_accounts(tx, payer_id, event.provider, event.amount.currency)
        given, balance = suspense.give(tx, event, payer_id, Because(event_id=event_id))
        seller.tell_balance(tx, payer_id, given, balance, why="assigned")
        tx.outbox.to_customer(
            customer_id,
            "topped_up",
            amount=given,
            balance=balance,
            number=event.provider_payment,
            masked_card=event.proof.card,
        )

    def _paid(self, tx: Tx, event: Paid, raw: bytes | None) -> Outcome:
        if event.account:
            payer = tx.payers.lock_by_code(event.account)
            if tx.events.known(event.identity) is not None:
                return Outcome.REPEATED
            payment = addressing.payment_for(tx, event, payer) if payer else None
        else:
            payment = tx.payments.lock(event.reference) if event.reference else None
        fate = _fate(event, payment)
        event_id = tx.events.first_sight(
            event, fate=fate, payment_id=payment.id if payment else None, raw=raw
        )
        if event_id is None:
            return self._claimed(tx, event, fate, payment)
        self._put(tx, event, event_id, fate, payment)
        if fate in _OURS and (payment is None or payment.state is PaymentState.REFUSED):
            _give_back_what_went(tx, event, event_id, fate, payment)
        return _OUTCOMES[fate]

    def _claimed(self, tx: Tx, event: Paid, fate: EventFate, payment: Payment | None) -> Outcome:
        """Take what passed for another sale of the shop until this door told whose it is; it may be a repeat.

        What of it went back meanwhile goes back now.
        """
        event_id = tx.events.claim(event, fate, payment) if fate in _OURS else None
        if event_id is None:
            self._arrivals.card_told_late(tx, payment, event)
            return Outcome.REPEATED
        self._put(tx, event, event_id, fate, payment)
        _give_back_what_went(tx, event, event_id, fate, payment)
        return _OUTCOMES[fate]

    def _put(self, tx: Tx, event: Paid, event_id: int, fate: EventFate, payment: Payment | None) -> None:
        if fate is EventFate.BOOKED and payment is not None:
            self._credit(tx, event, event_id, payment)
        else:
            self._hand_to_people(tx, event, event_id, fate, payment)

    def _credit(self, tx: Tx, event: Paid, event_id: int, payment: Payment) -> None:
        if event.amount.currency != payment.amount.currency:
            open_accounts(tx, payment.payer_id, event.provider, event.amount.currency)
        tx.payments.succeed(
            payment,
            provider=event.provider,
            provider_payment=event.provider_payment,
            proof=event.proof,
        )
        balance = tx.ledger.credit(
            payment.payer_id,
            event.amount,
            giver=source(event.provider),
            reason=TransferReason.PAID,
            because=Because(event_id=event_id, payment_id=payment.id, order_id=payment.order_id),
        )
        seller.tell_paid(tx, payment, event.amount, event.provider_payment, event.proof.card)
        self._arrivals.use(tx, Arrival(event_id, payment, event.amount, balance), event)

    def _hand_to_people(
        self, tx: Tx, event: Paid, event_id: int, fate: EventFate, payment: Payment | None
    ) -> None:
        """Money that fits nothing of ours: kept where it can be found, and shown to operators."""
        facts: dict[str, Any] = {
            "event_id": event_id,
            "provider": event.provider,
            "amount": event.amount,
            "number": event.provider_payment or event.movement,
            "masked_card": event.proof.card,
        }
        if fate in (EventFate.SUSPENSE, EventFate.REVIEW):
            tx.ledger.open(source(event.provider), event.amount.currency)
            tx.ledger.open(SUSPENSE, event.amount.currency)
            tx.ledger.move(
                source(event.provider),
                SUSPENSE,
                event.amount,
                reason=TransferReason.UNASSIGNED,
                because=Because(event_id=event_id),
            )
            if _went_back_already(tx, event_id):
                return
            facts |= {
                "payment_id": payment.id if payment else None,
                "customer_id": payment.customer_id if payment else None,
            }
            card_id = tx.cards.add(f"money_{fate.value}", f"event:{event_id}", facts)
            tx.outbox.to_operators(f"money_{fate.value}", card=card_id, **facts)
        else:
            tx.outbox.to_operators(f"money_{fate.value}", informs=True, **facts)

    def _refused(self, tx: Tx, event: Refused) -> Outcome:
        payment = tx.payments.lock(event.reference) if event.reference else None
        if payment is None:
            return Outcome.FOREIGN
        if payment.autopay_id is not None and event.code == NEVER_CREATED:
            self._arrivals.charge_never_came(tx, payment)
            return Outcome.REFUSED
        was_open = tx.payments.refuse(payment.id, event.reason, event.provider_payment)
        if not was_open:
            tx.payments.ask_at(payment.id, None)
        if payment.autopay_id is not None:
            is_news = self._arrivals.charge_refused(tx, payment, event)
            return Outcome.REFUSED if is_news else Outcome.REPEATED
        if not was_open:
            return Outcome.REPEATED
        if event.reason is not Refusal.LINK_EXPIRED:
            seller.tell_refused(tx, payment, event.reason.value, event.code)
        if event.reason is not Refusal.LINK_EXPIRED and _is_wanted(tx, payment):
            facts = {**facts_of(payment, payment.amount), "refusal": event.reason.value}
            tx.outbox.to_customer(payment.customer_id, "refused", **facts)
            tx.outbox.to_operators("refused", informs=True, code=event.code, **facts)
        return Outcome.REFUSED

    def _refunded(self, tx: Tx, event: Refunded, raw: bytes | None) -> Outcome:
        paid = tx.events.lock_paid(event) if event.reference else None
        if event.of_hold and paid is None:
            tx.events.first_sight(event, fate=EventFate.FOREIGN, raw=raw)  # its payment may be told of later
            return self._refused(tx, _let_go(event))
        payment = returns.lock(tx, event, paid)
        fate = _fate_of_refund(event, payment)
        event_id = tx.events.first_sight(
            event, fate=fate, payment_id=payment.id if payment else None, raw=raw
        )
        if event_id is None:
            return Outcome.REPEATED
        if fate is not EventFate.BOOKED:
            return _OUTCOMES[fate]
        returns.book(tx, event, event_id, payment, paid)
        return Outcome.BOOKED


def _give_back_what_went(
    tx: Tx, event: Paid, event_id: int, fate: EventFate, payment: Payment | None
) -> None:
    """Book what went back of this money before anybody told us of the money itself."""
    owner = payment if fate is EventFate.BOOKED else None
    paid = tx.events.get(event_id)
    for back in tx.events.claim_refunds(event, owner):
        gone = Refunded(
            back.provider, back.movement, back.provider_payment, back.amount, reference=event.reference
        )
        returns.book(tx, gone, back.id, owner, paid)


def _let_go(event: Refunded) -> Refused:
    """A hold that ended, of which no money was ever booked: so none went back."""
    return Refused(
        event.provider, event.reference, Refusal.CANCELLED, event.provider_payment, "hold", event.test
    )


def _is_wanted(tx: Tx, payment: Payment) -> bool:
    """Whether a refusal is news: what was paid in another way, or given up, must not be paid again."""
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    return order is None or order.state in PAYABLE_ORDERS


def _fate(event: Paid, payment: Payment | None) -> EventFate:
    if event.test:
        return EventFate.TEST
    if payment is None:
        return EventFate.SUSPENSE if event.reference or event.account else EventFate.FOREIGN
    if payment.provider != event.provider and not event.account:
        return EventFate.SUSPENSE
    return EventFate.REVIEW if payment.state is PaymentState.SUCCEEDED else EventFate.BOOKED


def _fate_of_refund(event: Refunded, payment: Payment | None) -> EventFate:
    if event.test:
        return EventFate.TEST
    return EventFate.BOOKED if payment or event.reference else EventFate.FOREIGN


def _went_back_already(tx: Tx, event_id: int) -> bool:
    """Whether the refund of this money was told of first."""
    paid = tx.events.get(event_id)
    return paid is not None and suspense.close_if_nothing_is_left(tx, paid)
