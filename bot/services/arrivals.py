"""Money that has just come onto a balance: what it was meant for is settled, or it is told why it rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.events import Paid, Refused
from bot.domain.invoices import InvoiceState
from bot.domain.money import STARS, Money, zero
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.states import PAYABLE_ORDERS, OrderState, PaymentState, Purpose
from bot.services import seller, send_back
from bot.services.autopay import facts as autopay_facts
from bot.services.autopay.agreements import card_came, card_follows, payment_came
from bot.services.autopay.offers import AutopayOffers
from bot.services.autopay.outcomes import AutopayOutcomes, is_charge_open
from bot.services.card_keeping import keep_card
from bot.services.fulfilment import Fulfilment
from bot.services.invoice import moves as invoice_moves
from bot.services.payment_facts import facts_of, usable_orders
from bot.services.receipts.by_hand import owe_by_hand
from bot.services.receipts.letters import mail_receipt
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Arrival:
    """Money that was just credited for a payment, and the balance it made."""

    event_id: int
    payment: Payment
    amount: Money
    balance: Money


class Arrivals:
    """The second half of booking a payment, in the same unit."""

    def __init__(
        self,
        fulfilment: Fulfilment,
        autopays: AutopayOutcomes,
        merchant: str = "",
        offers: AutopayOffers | None = None,
    ) -> None:
        """`merchant` is the seller's name in bank statements, for receipts; `offers` where cards may pay."""
        self._fulfilment = fulfilment
        self._autopays = autopays
        self._offers = offers
        self._merchant = merchant

    def use(self, tx: Tx, arrival: Arrival, event: Paid | None = None) -> None:
        """Settle what the money was meant for, or say why it rests on the balance."""
        payment = arrival.payment
        facts = facts_of(payment, arrival.amount, event) | self._of_autopay(tx, arrival, event)
        mail_receipt(tx, payment.id, arrival.amount, self._merchant)
        owe_by_hand(tx, payment, arrival.amount)
        if payment.purpose is Purpose.TOP_UP or payment.order_id is None:
            self._topped_up(tx, arrival, facts)
            return
        order = tx.orders.lock(payment.order_id)
        assert order is not None
        price = order.price(arrival.amount.currency)
        if order.state not in PAYABLE_ORDERS or price is None:
            self._rests(tx, order, arrival, facts)
            return
        missing = self._missing(tx, order, price, arrival)
        if missing:
            if order.invoice:
                invoice_moves.move(tx, order.id, to=InvoiceState.PART_PAID)
            seller.tell_balance(tx, order.payer_id, arrival.amount, arrival.balance, why="short", order=order)
            tx.outbox.to_customer(payment.customer_id, "short", missing=missing, titles=order.titles, **facts)
            tx.outbox.to_operators("short", informs=True, missing=missing, titles=order.titles, **facts)
            return
        lines = self._fulfilment.settle(tx, order, price, new=arrival.amount)
        facts |= self._next_charge(tx, order, payment)
        rest = max(arrival.balance - price, zero(price.currency))
        switching = tx.webhooks.seller_listens
        tx.outbox.to_customer(
            payment.customer_id, "paid", lines=lines, rest=rest, switching=switching, **facts
        )
        late = order.state is OrderState.EXPIRED
        kind = "late_revived" if late else "paid_new"
        tx.outbox.to_operators(kind, informs=True, titles=order.titles, lines=lines, **facts)

    def charge_refused(self, tx: Tx, payment: Payment, event: Refused) -> bool:
        """An autopay's charge ended without money: the autopay tells of it. False where that was known.

        The payment may have made way for one by hand meanwhile; its autopay waits for the end all the same.
        """
        if not is_charge_open(tx, payment):
            return False
        seller.tell_refused(tx, payment, event.reason.value, event.code)
        self._autopays.refused(tx, payment, event.reason, event.code)
        return True

    def charge_never_came(self, tx: Tx, payment: Payment) -> None:
        """The call never arrived, and that is known: it may be made again."""
        if is_charge_open(tx, payment):
            self._autopays.never_sent(tx, payment)

    def _of_autopay(self, tx: Tx, arrival: Arrival, event: Paid | None) -> dict[str, Any]:
        """What its card and its autopay come to by this money, and what the notice of it says of them."""
        payment = arrival.payment
        if payment.autopay_id is not None:
            charged = self._autopays.paid(tx, payment)
            stands = bool(charged and charged.stands)
            return {"autopay_id": payment.autopay_id, "by_autopay": True, "autopay_stands": stands}
        card_id = keep_card(tx, payment, event)
        if card_id is None and payment.saves_card and event is not None and event.card_follows:
            card_follows(tx, payment)
            return {"card_saved": False}
        begun = payment_came(tx, payment, card_id) if payment.saves_card or payment.card_id else None
        if begun is not None:
            told = {"autopay_id": begun.id, "autopay_new": True, "autopay": autopay_facts.facts_of(tx, begun)}
            return {"card_saved": card_id is not None, **told}
        offered = self._may_be_offered(tx, payment, card_id or payment.card_id)
        return {"card_saved": card_id is not None and payment.remembers, "autopay_offered": offered}

    def _next_charge(self, tx: Tx, order: Order, payment: Payment) -> dict[str, Any]:
        """Its autopay goes by the date that this payment has moved."""
        line = order.only_line
        found = self._autopays.paid_for(tx, line.connector_id, payment.customer_id) if line else None
        return {"autopay_id": found[0].id, "next_on": found[1]} if found else {}

    def _may_be_offered(self, tx: Tx, payment: Payment, card_id: int | None) -> bool:
        """Whether the same can be paid again by itself, from the card that is saved now or was before."""
        if card_id is None or self._offers is None:
            return False
        offer = self._offers.after(tx, payment)
        if offer is None or offer.refusal or offer.standing is not None:
            return False
        return any(card.id == card_id for card in offer.cards)

    def card_told_late(self, tx: Tx, payment: Payment | None, event: Paid) -> None:
        """Keep the card of money that was booked before, by a door that knew of no card."""
        if payment is None or event.card_on_file is None or payment.state is not PaymentState.SUCCEEDED:
            return
        if tx.saved_cards.was_saved_with(payment):
            return
        card_id = keep_card(tx, payment, event)
        if card_id is not None:
            card_came(tx, payment, card_id)

    def _missing(self, tx: Tx, order: Order, price: Money, arrival: Arrival) -> Money:
        """What the order still lacks: its own payments count, other money only if the customer ticked it."""
        usable = arrival.balance
        if not order.use_balance and arrival.amount < price:
            usable = min(usable, tx.ledger.brought_for(order.id, price.currency))
        elif not order.use_balance:
            usable = min(usable, arrival.amount)
        nothing = zero(price.currency)
        return max(price - max(usable, nothing), nothing)

    def _topped_up(self, tx: Tx, arrival: Arrival, facts: dict[str, Any]) -> None:
        usable = usable_orders(tx, arrival.payment.payer_id, arrival.balance)
        customer_id, payer_id = arrival.payment.customer_id, arrival.payment.payer_id
        moved = self._autopays.topped_up(tx, payer_id, arrival.amount.currency)
        if moved is not None and moved.charge_on is not None:
            facts = {**facts, "autopay_id": moved.id, "next_on": moved.charge_on}
        seller.tell_balance(tx, payer_id, arrival.amount, arrival.balance, why="top_up")
        tx.outbox.to_customer(customer_id, "topped_up", balance=arrival.balance, usable=usable, **facts)
        tx.outbox.to_operators("topped_up", informs=True, balance=arrival.balance, **facts)

    def _rests(self, tx: Tx, order: Order, arrival: Arrival, facts: dict[str, Any]) -> None:
        """Paid twice, paid after it was cancelled, or in a currency that has no price; Stars go back."""
        more: dict[str, Any] = {
            "balance": arrival.balance,
            "order_state": order.state.value,
            "titles": order.titles,
        }
        spare = min(arrival.amount, arrival.balance)
        if spare.currency == STARS and spare > zero(STARS):
            attempt_id = send_back.begin(tx, arrival.payment, spare, "the order was closed")
            tx.attempts.ask_at(attempt_id, now())
            facts |= more | {"amount": spare}
            tx.outbox.to_customer(arrival.payment.customer_id, "sent_back", **facts)
            tx.outbox.to_operators("sent_back", informs=True, **facts)
            return
        paid, balance = arrival.amount, arrival.balance
        seller.tell_balance(tx, order.payer_id, paid, balance, why="order_closed", order=order)
        resting = "autopay_unneeded" if arrival.payment.autopay_id else "on_balance"
        more["usable"] = usable_orders(tx, arrival.payment.payer_id, arrival.balance)
        tx.outbox.to_customer(arrival.payment.customer_id, resting, **more, **facts)
        tx.outbox.to_operators("on_balance", informs=True, **more, **facts)
