"""Charging an autopay: one unit asks all that speaks against it and marks the charge sent, then it is made.

A charge is never sent again before it is known what became of the one before.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain import periods
from bot.domain.autopay_times import is_day, next_day_moment
from bot.domain.autopays import CHARGING, Autopay, AutopayReason, AutopayStep
from bot.domain.money import Money, zero
from bot.domain.notice_topics import NoticeTopic
from bot.domain.orders import Order
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.domain.states import AttemptKind, AttemptState, PaymentState
from bot.services import notice_places
from bot.services.autopay.calls import AutopayCalls, Sending
from bot.services.autopay.checks import Chargeable, look
from bot.services.autopay.ending import pause
from bot.services.autopay.orders import PAYING_TAKES, order_for
from bot.services.autopay.outcomes import AutopayOutcomes
from bot.services.autopay.payments import AutopayPayments
from bot.services.autopay.plan import AutopayPlan
from bot.services.autopay.postponing import forbid, is_stale, plan_anew, stands_announced
from bot.services.autopay.standstill import SWITCHED_OFF, tell_standstill
from bot.services.desk import is_closed
from bot.services.fulfilment import Fulfilment
from bot.services.inquiries import next_ask
from bot.services.methods import Methods
from bot.services.receipts.contacts import missing_contact
from bot.services.receipts.offsets import can_offset
from bot.services.reports import missing_for
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

WHILE_PAYING = timedelta(minutes=30)
WHILE_CLOSED = timedelta(hours=1)
WHILE_OFF = timedelta(hours=1)


class AutopayCharge:
    """Two workers may see the same autopay due: the unit that takes it decides, and only one takes it."""

    def __init__(
        self,
        database: Database,
        *,
        methods: Methods,
        fulfilment: Fulfilment,
        payments: AutopayPayments,
        plan: AutopayPlan,
        outcomes: AutopayOutcomes,
        calls: AutopayCalls,
    ) -> None:
        self.database = database
        self._methods = methods
        self._fulfilment = fulfilment
        self._payments = payments
        self._plan = plan
        self._outcomes = outcomes
        self._calls = calls

    def rate(self, provider: str) -> float:
        """How many charges it takes in a second; 0 for one that is off, and for the balance."""
        gateway = self._methods.charging(provider)
        return gateway.charges_per_second if gateway else 0

    async def make(self, autopay_id: int, step: AutopayStep) -> None:
        """Charge it, if in this moment nothing speaks against it."""
        async with self._calls.at_the_books:
            sending = await self._take(autopay_id, step)
        if sending is not None:
            await self._calls.send(sending)

    @transaction
    def _take(self, tx: Tx, autopay_id: int, step: AutopayStep) -> Sending | None:
        """Decide in one unit whether to charge, with everything that speaks against it, and mark it sent."""
        found = tx.autopays.get(autopay_id)
        assert found is not None
        tx.customers.lock_payer(found.payer_id)
        autopay = tx.autopays.lock(autopay_id)
        if autopay is None or not _is_due(autopay, step) or self._waits(tx, autopay):
            return None
        allowed = look(tx, self._plan, autopay, self._plan.today(tx, autopay.customer_id))
        if not isinstance(allowed, Chargeable):
            forbid(tx, self._plan, autopay, allowed)
            return None
        if not notice_places.reaches(tx, autopay.customer_id, NoticeTopic.AUTOPAY):
            pause(tx, autopay, AutopayReason.UNDELIVERABLE)  # he would not hear of the charge either
            return None
        if not self._is_of_this_cycle(tx, autopay, allowed):
            return None
        return self._begin(tx, autopay, allowed)

    def _waits(self, tx: Tx, autopay: Autopay) -> bool:
        """Whether it is put off: by night, while nobody takes money, before its notice is old enough."""
        zone, moment = self._plan.zone(tx, autopay.customer_id), periods.now()
        if not is_day(moment, zone):
            tx.autopays.change(autopay.id, due_at=next_day_moment(moment, zone, autopay.reference))
            return True
        if is_closed(tx):
            tx.autopays.change(autopay.id, due_at=moment + WHILE_CLOSED)
            return True
        if (provider := self._switched_off(tx, autopay)) is not None:
            tell_standstill(tx, provider, SWITCHED_OFF, autopay.amount)
            tx.autopays.change(autopay.id, due_at=moment + WHILE_OFF)
            return True
        if autopay.step is AutopayStep.CHARGE:
            return not stands_announced(tx, self._plan, autopay)
        if is_stale(tx, self._plan, autopay):
            plan_anew(tx, autopay)
            return True
        return False

    def _switched_off(self, tx: Tx, autopay: Autopay) -> str | None:
        """The provider of its card, where the settings do not let it charge."""
        card = tx.saved_cards.get(autopay.card_id) if autopay.card_id is not None else None
        return card.provider if card is not None and self._methods.charging(card.provider) is None else None

    def _is_of_this_cycle(self, tx: Tx, autopay: Autopay, allowed: Chargeable) -> bool:
        """Whether what it was planned for is still to be paid, at the sum that was announced, and not yet."""
        if self._plan.cycle(autopay, allowed.connector) != autopay.cycle or (
            autopay.announced_amount is not None and allowed.price > autopay.announced_amount
        ):
            plan_anew(tx, autopay)
            return False
        calls = tx.attempts.charges_in(autopay.id, autopay.cycle)
        if any(call.state is not AttemptState.KNOWN for call in calls):
            tx.autopays.change(autopay.id, due_at=None)  # its end is still to be heard of
            return False
        if tx.attempts.is_being_charged(autopay):
            tx.autopays.change(autopay.id, due_at=periods.now() + WHILE_PAYING)
            return False
        payments = (tx.payments.get(call.payment_id) for call in calls)
        if any(payment is not None and payment.state is PaymentState.SUCCEEDED for payment in payments):
            pause(tx, autopay, AutopayReason.CHARGED_BEFORE)
            return False
        return True

    def _begin(self, tx: Tx, autopay: Autopay, allowed: Chargeable) -> Sending | None:
        if allowed.connector is None:
            since = periods.now() - PAYING_TAKES
            if tx.payments.tops_up_at_a_page(autopay.payer_id, allowed.price.currency, since=since):
                tx.autopays.change(autopay.id, due_at=periods.now() + WHILE_PAYING)
                return None
            return self._mark_sent(tx, autopay, allowed, None, allowed.price)
        order = order_for(tx, autopay, allowed.connector, allowed.price)
        if order is None:
            tx.autopays.change(autopay.id, due_at=periods.now() + WHILE_PAYING)
            return None
        currency = allowed.price.currency
        balance = tx.ledger.balance(order.payer_id, currency)
        if order.use_balance and not can_offset(tx, self._methods, order, currency):
            tx.orders.use_balance(order.id, use=False)  # nobody could make the receipt for it
            order = tx.orders.lock(order.id)
            assert order is not None
        missing = missing_for(tx, order, currency) or zero(currency)
        if not missing:
            self._fulfilment.settle_from_balance(tx, order, allowed.price, balance)
            tx.autopays.plan_at(autopay.id, periods.now())
            return None
        return self._mark_sent(tx, autopay, allowed, order, missing)

    def _mark_sent(
        self, tx: Tx, autopay: Autopay, allowed: Chargeable, order: Order | None, amount: Money
    ) -> Sending | None:
        customer = tx.customers.get(autopay.customer_id)
        assert customer is not None
        if allowed.card is None:
            self._outcomes.try_again(tx, autopay, order.id if order else None, Refusal.NO_FUNDS)
            return None
        method = self._methods.of_card(allowed.card)
        if method is not None and missing_contact(customer, method):
            pause(tx, autopay, AutopayReason.NO_CONTACT, order_id=order.id if order else 0)
            return None
        payment = self._payments.find_or_write(tx, autopay, allowed.card, order, amount)
        number = len(tx.attempts.charges_in(autopay.id, autopay.cycle)) + 1
        attempt_id = tx.attempts.add(
            reference=new_reference(),
            kind=AttemptKind.CHARGE,
            payment_id=payment.id,
            order_id=order.id if order else None,
            amount=amount,
            reason="autopay",
            autopay_id=autopay.id,
            cycle=autopay.cycle,
            number=number,
        )
        tx.attempts.sent(attempt_id, ask_at=None)
        tx.payments.ask_at(payment.id, next_ask(0))
        tx.autopays.change(autopay.id, due_at=None)
        return Sending(payment, order, allowed.card, customer)


def _is_due(autopay: Autopay, step: AutopayStep) -> bool:
    """Whether its time has come, as it stands in the unit that asks."""
    is_due = autopay.due_at is not None and autopay.due_at <= periods.now()
    return autopay.state in CHARGING and autopay.step is step and is_due
