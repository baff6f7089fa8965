"""Refund requests: wished by a customer or proposed by an operator, confirmed, and sent by an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import CustomerError
from bot.domain.payments import Payment
from bot.domain.periods import today
from bot.domain.refunds import (
    UNDECIDED,
    Destination,
    RefundPlan,
    RefundPreview,
    RefundRequest,
    RefundState,
)
from bot.domain.states import Role
from bot.services.desk import DeskService
from bot.services.money_rights import MoneyRights
from bot.services.record.finding import payments_meant
from bot.services.refund import begins as refund_begins
from bot.services.refund import cards as refund_cards
from bot.services.refund.begins import lock_payment
from bot.services.refund.plans import RefundPlans
from bot.services.refunds import RefundService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Decided:
    """A request as it stands after a decision; `alone` where its proposer must confirm it by himself."""

    request: RefundRequest
    alone: bool = False


class RefundRequestService:
    """One open request for each payment; every step of it is a compare-and-set in one unit."""

    def __init__(
        self,
        database: Database,
        *,
        desk: DeskService,
        rights: MoneyRights,
        plans: RefundPlans,
        refunds: RefundService,
        zone: ZoneInfo,
    ) -> None:
        self.database = database
        self._desk = desk
        self._plans = plans
        self._refunds = refunds
        self._rights = rights
        self._zone = zone

    @reading
    def find(self, tx: Tx, who: int, words: str) -> Payment:
        """The payment of that number: ours, or its provider's."""
        self._desk.demand(who, Role.OPERATOR)
        found = payments_meant(tx, words, limit=1)
        if not found:
            raise CustomerError("no_such_payment")
        return found[0]

    @reading
    def plan_for_order(self, tx: Tx, who: int, order_id: int) -> RefundPlan:
        """Through the order's own payment; where the balance paid for it, back to the balance."""
        self._desk.demand(who, Role.OPERATOR)
        order, price = tx.orders.get(order_id), tx.orders.settled_price(order_id)
        if order is None or price is None:
            raise CustomerError("not_refundable")
        own = tx.payments.that_brought_for(order_id, price.currency)
        through = own or tx.payments.last_that_brought(order.payer_id, price.currency)
        if through is None:
            raise CustomerError("not_refundable")
        return RefundPlan(through.id, order_id=order.id)

    @reading
    def preview(self, tx: Tx, who: int, plan: RefundPlan) -> RefundPreview:
        """What the plan would do; refused where it can't be done, or where somebody proposed another."""
        self._desk.demand(who, Role.OPERATOR)
        return self._plans.preview(tx, plan, today(self._zone))

    async def propose(self, who: int, plan: RefundPlan, *, name: str = "") -> Decided:
        """Decide upon sum and service; it goes at once where nobody else is needed.

        `name` is what the card for the second person calls the proposer.
        """
        decided = await self._propose(who, plan, name)
        await self._send(decided.request)
        return Decided(await self._look(decided.request.id), decided.alone)

    async def confirm(self, who: int, request_id: int, *, alone: bool = False) -> RefundRequest:
        """Agree to what another has proposed; `alone` is the second tap of who has nobody to ask."""
        request = await self._confirm(who, request_id, alone)
        await self._send(request)
        return await self._look(request_id)

    @reading
    def to_confirm(self, tx: Tx, who: int, request_id: int, *, alone: bool = False) -> RefundRequest:
        """What waits for this person's word; refused where it waits no more, or for somebody else's."""
        self._desk.demand(who, Role.CASHIER)
        request = _request(tx, request_id)
        self._waits(tx, who, request, alone=alone)
        return request

    @transaction
    def decline(self, tx: Tx, who: int, request_id: int, reason: str) -> RefundRequest:
        """Say no to a wish or to a proposal; the customer hears of a wish that was refused, and why."""
        request = _request(tx, request_id)
        self._desk.demand(who, Role.OPERATOR if request.proposed_by is None else Role.CASHIER)
        words = _words(reason)
        self._move(tx, request, to=RefundState.DECLINED, only_from=UNDECIDED, outcome=words)
        tx.audit.note(who, "refund_declined", f"payment:{request.payment_id}", reason=words)
        refund_cards.close(tx, request.id, by=who, answer="refund_declined")
        if request.asked_by == request.customer_id:
            tx.outbox.to_customer(
                request.customer_id,
                "refund_declined",
                payment_id=request.payment_id,
                amount=request.amount,
                reason=words,
            )
        return _request(tx, request_id)

    @transaction
    def _propose(self, tx: Tx, who: int, plan: RefundPlan, name: str = "") -> Decided:
        payment = lock_payment(tx, plan.payment_id)
        preview = self._plans.preview(tx, plan, today(self._zone))
        weight = self._plans.weigh(tx, payment, preview.amount)
        self._rights.demand_proposer(who, weight)
        words = _words(plan.reason or (preview.request.reason if preview.request else ""))
        request = self._proposed(tx, who, preview, words)
        tx.audit.note(
            who,
            "refund_proposed",
            f"payment:{payment.id}",
            amount=request.amount,
            reason=words,
            service=request.service.value,
            destination=request.destination.value,
        )
        if not self._rights.needs_another(who, weight, gains=payment.customer_id):
            refund_begins.begin(tx, who, request)
            return Decided(_request(tx, request.id))
        alone = self._rights.is_alone(who, weight)
        people = self._rights.who_may(who, weight)
        refund_cards.ask_second(tx, request, preview, people, proposer=name, alone=alone)
        return Decided(request, alone)

    def _proposed(self, tx: Tx, who: int, preview: RefundPreview, reason: str) -> RefundRequest:
        """The customer's own request, or a new one, with what was decided upon it."""
        payment, open_ = preview.payment, preview.request
        request_id = open_.id if open_ is not None else None
        if request_id is None:
            request_id = tx.refund_requests.add(
                payment_id=payment.id,
                order_id=preview.order.id if preview.order else None,
                customer_id=payment.customer_id,
                state=RefundState.ASKED,
                amount=preview.amount,
                reason=reason,
                asked_by=who,
            )
        if request_id is None:
            raise CustomerError("refund_open")
        is_first = tx.refund_requests.move(
            request_id,
            to=RefundState.PROPOSED,
            only_from=[RefundState.ASKED],
            minor=preview.amount.minor,
            order_id=preview.order.id if preview.order else None,
            reason=reason,
            service=preview.plan.service.value,
            destination=preview.destination.value,
            account=preview.account if preview.destination is Destination.BY_HAND else "",
            proposed_by=who,
        )
        if not is_first:
            raise CustomerError("refund_open")
        tx.refund_requests.plan_changes(request_id, preview.lines)
        refund_cards.close(tx, request_id, by=who, answer="refund_proposed")
        return _request(tx, request_id)

    @transaction
    def _confirm(self, tx: Tx, who: int, request_id: int, alone: bool) -> RefundRequest:
        self._desk.demand(who, Role.CASHIER)
        lock_payment(tx, _request(tx, request_id).payment_id)
        request = _request(tx, request_id)
        self._waits(tx, who, request, alone=alone)
        refund_begins.begin(tx, who, request)
        return _request(tx, request_id)

    def _waits(self, tx: Tx, who: int, request: RefundRequest, *, alone: bool) -> None:
        payment = tx.payments.get(request.payment_id)
        if request.state is not RefundState.PROPOSED or payment is None:
            raise CustomerError("already_done")
        weight = self._plans.weigh(tx, payment, request.amount)
        self._rights.demand_second(who, weight, request.proposed_by, alone=alone, gains=request.customer_id)

    def _move(self, tx: Tx, request: RefundRequest, **values: Any) -> None:
        if not tx.refund_requests.move(request.id, **values):
            raise CustomerError("already_done")

    async def _send(self, request: RefundRequest) -> None:
        if request.state is RefundState.SENDING and request.attempt_id is not None:
            await self._refunds.send(request.attempt_id)

    @reading
    def _look(self, tx: Tx, request_id: int) -> RefundRequest:
        return _request(tx, request_id)


def _request(tx: Tx, request_id: int) -> RefundRequest:
    request = tx.refund_requests.get(request_id)
    if request is None:
        raise CustomerError("not_found")
    return request


def _words(reason: str) -> str:
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise CustomerError("reason_missing")
    return words
