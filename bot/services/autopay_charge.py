"""One charge: one unit takes a charge and marks it sent, the provider is called, then the answer is booked.

Whatever happens between these is asked after (services/inquiries.py): a charge is never sent again before it
is known what became of the one before.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.domain import periods
from bot.domain.autopay_times import is_day, next_day_moment
from bot.domain.autopays import Autopay, AutopayReason, AutopayStep
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer
from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Unfinished
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import SavedCard
from bot.domain.states import OPEN_PAYMENTS, AttemptKind, AttemptState, PaymentState, Purpose
from bot.gateways.base import ChargeRequest, Charging
from bot.services.accounts import open_accounts
from bot.services.autopay_checks import Chargeable, look
from bot.services.autopay_ending import pause
from bot.services.autopay_orders import order_for
from bot.services.autopay_outcomes import AutopayOutcomes
from bot.services.autopay_pace import AutopayPace
from bot.services.autopay_plan import AutopayPlan
from bot.services.autopay_steps import forbid, is_chargeable, stands_announced
from bot.services.desk import is_closed
from bot.services.fiscal_items import TITLE_LENGTH, advance_items, receipt_items
from bot.services.fulfilment import Fulfilment
from bot.services.inquiries import next_ask
from bot.services.methods import Methods
from bot.services.offsets import can_offset
from bot.services.pay_links import PayLinks
from bot.services.reports import missing_for
from bot.services.settlement import SettlementService
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

AT_THE_BOOKS = 4
"""Units of charges that stand in the queue of the books at once: what a tap or a callback finds before it."""
WHILE_PAYING = timedelta(minutes=30)
WHILE_CLOSED = timedelta(hours=1)
WHILE_OFF = timedelta(hours=1)
WHEN_REFUSED = timedelta(hours=1)
"""A provider that refuses us, not the payer: its rights or our settings need a person."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Sending:
    """A charge that is marked sent, with all that the call needs."""

    payment: Payment
    order: Order | None
    card: SavedCard
    customer: Customer


class AutopayCharge:
    """Two workers may see the same autopay due: the unit that takes it decides, and only one takes it."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        methods: Methods,
        settlement: SettlementService,
        fulfilment: Fulfilment,
        links: PayLinks,
        plan: AutopayPlan,
        outcomes: AutopayOutcomes,
        pace: AutopayPace,
    ) -> None:
        self.database = database
        self._catalogue = catalogue
        self._methods = methods
        self._settlement = settlement
        self._fulfilment = fulfilment
        self._links = links
        self._plan = plan
        self._outcomes = outcomes
        self._pace = pace
        self._at_the_books = asyncio.Semaphore(AT_THE_BOOKS)

    def rate(self, provider: str) -> float:
        """How many charges it takes in a second; 0 for one that is off, and for the balance."""
        gateway = self._charging(provider)
        return gateway.charges_per_second if gateway else 0

    async def make(self, autopay_id: int, step: AutopayStep) -> None:
        """Charge it, if in this moment nothing speaks against it."""
        async with self._at_the_books:
            sending = await self._take(autopay_id, step)
        if sending is not None:
            await self._send(sending)

    @transaction
    def _take(self, tx: Tx, autopay_id: int, step: AutopayStep) -> _Sending | None:
        """Decide in one unit whether to charge, with everything that speaks against it, and mark it sent."""
        found = tx.autopays.get(autopay_id)
        assert found is not None
        tx.customers.lock_payer(found.payer_id)
        autopay = tx.autopays.lock(autopay_id)
        if autopay is None or not is_chargeable(autopay, step) or self._waits(tx, autopay):
            return None
        zone = self._plan.zone(tx, autopay.customer_id)
        allowed = look(tx, self._plan, autopay, periods.now().astimezone(zone).date())
        if not isinstance(allowed, Chargeable):
            forbid(tx, self._plan, autopay, allowed)
            return None
        if not self._is_of_this_cycle(tx, autopay, allowed):
            return None
        return self._begin(tx, autopay, allowed)

    def _waits(self, tx: Tx, autopay: Autopay) -> bool:
        """Whether it is put off: by night, while payments are closed, before its notice is old enough."""
        zone, moment = self._plan.zone(tx, autopay.customer_id), periods.now()
        if not is_day(moment, zone):
            tx.autopays.change(autopay.id, due_at=next_day_moment(moment, zone, autopay.reference))
            return True
        if is_closed(tx):
            tx.autopays.change(autopay.id, due_at=moment + WHILE_CLOSED)
            return True
        return autopay.step is AutopayStep.CHARGE and not stands_announced(tx, self._plan, autopay)

    def _is_of_this_cycle(self, tx: Tx, autopay: Autopay, allowed: Chargeable) -> bool:
        """Whether what it was planned for is still to be paid, at the sum that was announced, and not yet."""
        if self._plan.cycle(autopay, allowed.connector) != autopay.cycle or (
            autopay.announced_amount is not None and allowed.price > autopay.announced_amount
        ):
            self._plan_anew(tx, autopay)
            return False
        calls = tx.attempts.charges_in(autopay.id, autopay.cycle)
        if any(call.state is not AttemptState.KNOWN for call in calls):
            tx.autopays.change(autopay.id, due_at=None)  # its end is still to be heard of
            return False
        payments = (tx.payments.get(call.payment_id) for call in calls)
        if any(payment is not None and payment.state is PaymentState.SUCCEEDED for payment in payments):
            pause(tx, autopay, AutopayReason.CHARGED_BEFORE)
            return False
        return True

    def _plan_anew(self, tx: Tx, autopay: Autopay) -> None:
        """Forget that it was announced: another sum or another period needs an announcement of its own."""
        tx.autopays.change(
            autopay.id,
            announced=None,
            announced_minor=None,
            step=AutopayStep.PLAN.value,
            due_at=periods.now(),
        )

    def _begin(self, tx: Tx, autopay: Autopay, allowed: Chargeable) -> _Sending | None:
        if allowed.connector is None:
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
            tx.autopays.change(autopay.id, step=AutopayStep.PLAN.value, due_at=periods.now())
            return None
        return self._mark_sent(tx, autopay, allowed, order, missing)

    def _mark_sent(
        self, tx: Tx, autopay: Autopay, allowed: Chargeable, order: Order | None, amount: Money
    ) -> _Sending | None:
        customer = tx.customers.get(autopay.customer_id)
        assert customer is not None
        if allowed.card is None:
            self._outcomes.try_again(tx, autopay, order.id if order else None, Refusal.NO_FUNDS)
            return None
        gateway = self._charging(allowed.card.provider)
        if gateway is None:
            tx.autopays.change(autopay.id, due_at=periods.now() + WHILE_OFF)
            return None
        payment = self._payment(tx, autopay, allowed.card, order, amount)
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
        tx.attempts.sent(attempt_id, ask_at=next_ask(0))
        tx.attempts.ask_at(attempt_id, None)  # its payment is asked after instead
        tx.payments.ask_at(payment.id, next_ask(0))
        tx.autopays.change(autopay.id, due_at=None, calls=number)
        return _Sending(payment, order, allowed.card, customer)

    def _payment(
        self, tx: Tx, autopay: Autopay, card: SavedCard, order: Order | None, amount: Money
    ) -> Payment:
        """The same while the provider proves that equal references are one charge, else a new one."""
        window = self._methods.gateways[card.provider].replay_window
        for call in reversed(tx.attempts.charges_in(autopay.id, autopay.cycle)):
            before = tx.payments.get(call.payment_id)
            if before is None or before.state not in OPEN_PAYMENTS:
                continue
            is_same = (before.amount, before.card_id, before.order_id) == (
                amount,
                card.id,
                order.id if order else None,
            )
            if is_same and periods.now() - before.created_at < window:
                return before
            tx.payments.refuse(before.id, Refusal.LINK_EXPIRED)
        if order is not None and (other := tx.payments.open_for(order.id, card.method)) is not None:
            tx.payments.give_way(other.id)
        open_accounts(tx, autopay.payer_id, card.provider, amount.currency)
        reference = new_reference()
        payment_id = tx.payments.add(
            reference=reference,
            customer_id=autopay.customer_id,
            payer_id=autopay.payer_id,
            order_id=order.id if order else None,
            purpose=Purpose.ORDER if order else Purpose.TOP_UP,
            method=card.method,
            provider=card.provider,
            amount=amount,
            link_reference=reference,
            link_fingerprint=self._links.fingerprint(reference),
            next_ask_at=next_ask(0),
            card_id=card.id,
            autopay_id=autopay.id,
        )
        payment = tx.payments.get(payment_id)
        assert payment is not None
        return payment

    async def _send(self, sending: _Sending) -> None:
        """Make the call; its answer is an event like any other."""
        payment, gateway = sending.payment, self._charging(sending.payment.provider)
        assert gateway is not None
        try:
            told = await gateway.charge(self._request(sending))
        except OutcomeUnknown as trouble:
            log.warning("autopay.unknown", payment_id=payment.id, why=str(trouble))
            return  # asked after in a minute
        except ProviderUnavailable as trouble:
            log.warning("autopay.not_sent", payment_id=payment.id, why=str(trouble))
            wait = trouble.retry_after
            if wait is not None:
                await self._pace.hold(payment.provider, timedelta(seconds=wait))
            await self._not_sent(payment, timedelta(seconds=wait) if wait is not None else None)
            return
        except ProviderRefused as refusal:
            log.error("autopay.refused_us", payment_id=payment.id, why=str(refusal))
            await self._refused_us(payment, str(refusal))
            return
        if not isinstance(told, Unfinished):
            async with self._at_the_books:
                await self._settlement.take(told)
        elif told.provider_payment:
            await self._found(payment.id, told.provider_payment)

    def _request(self, sending: _Sending) -> ChargeRequest:
        payment, order, customer = sending.payment, sending.order, sending.customer
        title = self._catalogue.top_up_title.in_language(customer.language)
        items = advance_items(self._catalogue, title, payment.amount)
        if order is not None:
            title = ", ".join(order.titles)
            items = receipt_items(self._catalogue, order, payment.amount)
        return ChargeRequest(
            reference=payment.reference,
            method=payment.method,
            token=sending.card.token,
            amount=payment.amount,
            title=title[:TITLE_LENGTH],
            language=customer.language,
            items=items,
            email=customer.email,
            phone=customer.phone,
            notify_url=self._links.notify_url(payment),
        )

    def _charging(self, provider: str) -> Charging | None:
        gateway = self._methods.gateways.get(provider)
        return gateway if isinstance(gateway, Charging) else None

    @transaction
    def _not_sent(self, tx: Tx, payment: Payment, wait: timedelta | None) -> None:
        locked = tx.payments.lock(payment.reference)
        if locked is not None:
            self._outcomes.never_sent(tx, locked, pause_for=wait)

    @transaction
    def _refused_us(self, tx: Tx, payment: Payment, why: str) -> None:
        """No money was taken, by a fault of ours: a person mends it, and the charge is tried again."""
        locked = tx.payments.lock(payment.reference)
        if locked is None:
            return
        self._outcomes.never_sent(tx, locked, pause_for=WHEN_REFUSED)
        subject = f"charging:{payment.provider}"
        if not tx.cards.has_open(subject):
            facts: dict[str, Any] = {"provider": payment.provider, "why": why[:200], "amount": payment.amount}
            card = tx.cards.add("charging_refused", subject, facts)
            tx.outbox.to_operators("charging_refused", card=card, **facts)

    @transaction
    def _found(self, tx: Tx, payment_id: int, provider_payment: str) -> None:
        """Keep what the provider calls it: its end comes later."""
        tx.payments.found(payment_id, provider_payment)
