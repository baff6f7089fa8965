"""Refunds of ours: the order's money returns to the balance, then from the balance to its source."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer
from bot.domain.desk import THE_HOUSE
from bot.domain.errors import (
    CustomerError,
    OutcomeUnknown,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
)
from bot.domain.events import Refunded
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Attempt, Payment
from bot.domain.states import AttemptKind, AttemptState
from bot.gateways.base import Gateway, Item, RefundAnswer, RefundCall, RefundRefused
from bot.services import send_back
from bot.services.inquiries import next_ask
from bot.services.receipts.items import receipt_items
from bot.services.refund import cards as refund_cards
from bot.services.settlement import SettlementService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LEASE = timedelta(minutes=2)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Sending:
    """An attempt that is marked sent, with the payment it goes back through."""

    attempt: Attempt
    payment: Payment
    order: Order | None
    customer: Customer


class RefundService:
    """A refund is an attempt: its row is `sent` and committed before the call; never is it sent blindly."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        gateways: Mapping[str, Gateway],
        settlement: SettlementService,
    ) -> None:
        self.database = database
        self._catalogue = catalogue
        self._gateways = gateways
        self._settlement = settlement

    async def refund(self, payment_id: int, amount: Money, *, who: int, reason: str) -> Attempt:
        """Send money back through the payment that brought it; returns the attempt as it then stands."""
        sending = await self._begin(payment_id, amount, who, reason)
        await self._send(sending)
        return await self._look(sending.attempt.id)

    async def send(self, attempt_id: int) -> Attempt:
        """Make the call of an attempt that was marked as sent in the unit that decided it."""
        await self._send(await self._to_send(attempt_id))
        return await self._look(attempt_id)

    async def ask_due(self, limit: int = 20) -> int:
        """Ask after refunds whose outcome is not known; how many there were."""
        due = await self._take_due(limit)
        ended = await asyncio.gather(*(self._follow(sending) for sending in due), return_exceptions=True)
        for surprise in ended:
            if surprise is not None:
                raise surprise
        return len(due)

    @reading
    def _to_send(self, tx: Tx, attempt_id: int) -> _Sending:
        attempt = tx.attempts.get(attempt_id)
        payment = tx.payments.get(attempt.payment_id) if attempt is not None else None
        assert payment is not None
        return _sending(tx, attempt_id, payment)

    @transaction
    def _begin(self, tx: Tx, payment_id: int, amount: Money, who: int, reason: str) -> _Sending:
        """Put the money on its way: out of the order, off the balance, and the attempt marked as sent."""
        payment = tx.payments.lock_numbered(payment_id)
        if payment is None or not tx.events.came_through(payment):
            raise CustomerError("not_refundable")
        if not Money(0, amount.currency) < amount <= tx.ledger.brought_by(payment.id, amount.currency):
            raise CustomerError("refund_too_large")
        attempt_id = send_back.begin(tx, payment, amount, reason)
        tx.attempts.sent(attempt_id, ask_at=next_ask(0))
        tx.audit.note(who, "refund", f"payment:{payment.id}", amount=amount, reason=reason)
        return _sending(tx, attempt_id, payment)

    async def _follow(self, sending: _Sending) -> None:
        """Send what was decided in a unit that could not call anybody; ask after what was sent."""
        if sending.attempt.state is AttemptState.CREATED:
            if await self._mark_sent(sending.attempt):
                await self._send(sending)
        else:
            await self._ask(sending)

    @transaction
    def _mark_sent(self, tx: Tx, attempt: Attempt) -> bool:
        return tx.attempts.sent(attempt.id, ask_at=next_ask(0))

    async def _send(self, sending: _Sending, *, again: bool = False) -> None:
        """Make the call. A replay that is refused proves nothing: the first call may have gone through."""
        try:
            answer = await self._gateway(sending).refund(self._request(sending))
        except ProviderRefused as refusal:
            if again:
                log.error("refund.replay_refused", attempt_id=sending.attempt.id, why=str(refusal))
                return
            answer = RefundRefused(sending.attempt.reference, str(refusal))
        except OutcomeUnknown as trouble:
            log.warning("refund.unknown", attempt_id=sending.attempt.id, why=str(trouble))
            if not self._gateway(sending).replay_window:
                await self._cannot_be_asked(sending)
            return
        except ProviderUnavailable as trouble:
            log.warning("refund.not_sent", attempt_id=sending.attempt.id, why=str(trouble))
            if not again:
                await self._not_sent(sending.attempt)
            return
        await self._take(sending, answer)

    async def _ask(self, sending: _Sending) -> None:
        """Ask after it; what the provider never heard of is sent again only inside its proven window."""
        try:
            answer = await self._gateway(sending).ask_refund(self._request(sending))
        except ProviderError as trouble:
            log.warning("refund.ask_failed", attempt_id=sending.attempt.id, why=str(trouble))
            await self._ask_again(sending.attempt)
            return
        if answer is not None:
            await self._take(sending, answer)
        elif self._may_replay(sending):
            await self._send(sending, again=True)
        else:
            await self._failed(sending, "never_created")
        await self._ask_again(sending.attempt)

    def _may_replay(self, sending: _Sending) -> bool:
        sent_at = sending.attempt.sent_at
        return sent_at is not None and periods.now() - sent_at < self._gateway(sending).replay_window

    async def _take(self, sending: _Sending, answer: RefundAnswer) -> None:
        if isinstance(answer, Refunded):
            await self._settlement.take(answer)
        elif isinstance(answer, RefundRefused):
            await self._failed(sending, answer.code)
        elif answer.movement:
            await self._begun(sending.attempt, answer.movement)

    def _gateway(self, sending: _Sending) -> Gateway:
        gateway = self._gateways.get(sending.payment.provider)
        if gateway is None:
            raise ProviderUnavailable(f"{sending.payment.provider} is switched off")
        return gateway

    def _request(self, sending: _Sending) -> RefundCall:
        """The provider makes the receipt of a full refund by itself; one of a part needs its lines."""
        attempt, payment, customer = sending.attempt, sending.payment, sending.customer
        order = sending.order if attempt.amount != payment.amount else None
        items: tuple[Item, ...] = ()
        if order is not None and order.price(attempt.amount.currency):
            items = receipt_items(self._catalogue, order, attempt.amount)
        return RefundCall(
            reference=attempt.reference,
            provider_payment=payment.provider_payment,
            amount=attempt.amount,
            reason=attempt.reason,
            items=items,
            email=customer.email,
            phone=customer.phone,
            customer_id=customer.id,
            sent_at=attempt.sent_at,
            movement=attempt.movement,
        )

    @transaction
    def _begun(self, tx: Tx, attempt: Attempt, movement: str) -> None:
        """Keep the provider's number: some can be asked by nothing else."""
        tx.attempts.begun(attempt.id, movement)

    @transaction
    def _cannot_be_asked(self, tx: Tx, sending: _Sending) -> None:
        """No reference finds it and nothing makes two calls one: only a person can look whether it went."""
        refund_cards.unknown(tx, sending.payment, sending.attempt)

    @transaction
    def _not_sent(self, tx: Tx, attempt: Attempt) -> None:
        """No call was made, and that is known: it is decided and not sent, as before."""
        tx.attempts.not_sent(attempt.id, ask_at=next_ask(attempt.asked))

    @transaction
    def _failed(self, tx: Tx, sending: _Sending, code: str) -> None:
        """The provider will not send it: the money is the payer's again, and a person decides."""
        attempt, payment = sending.attempt, sending.payment
        tx.payments.lock(payment.reference)
        if send_back.fail(tx, attempt, payment, code):
            tx.cards.close_all(f"attempt:{attempt.id}", by=THE_HOUSE, answer="refund_not_sent")
            refund_cards.failed(tx, payment, attempt, code)

    @transaction
    def _take_due(self, tx: Tx, limit: int) -> list[_Sending]:
        due = tx.attempts.take_due(AttemptKind.REFUND, limit, LEASE)
        found = ((attempt.id, tx.payments.get(attempt.payment_id)) for attempt in due)
        return [_sending(tx, attempt_id, payment) for attempt_id, payment in found if payment is not None]

    @transaction
    def _ask_again(self, tx: Tx, attempt: Attempt) -> None:
        tx.attempts.ask_at(attempt.id, next_ask(attempt.asked))

    @transaction
    def _look(self, tx: Tx, attempt_id: int) -> Attempt:
        attempt = tx.attempts.get(attempt_id)
        assert attempt is not None
        return attempt


def _sending(tx: Tx, attempt_id: int, payment: Payment) -> _Sending:
    attempt, customer = tx.attempts.get(attempt_id), tx.customers.get(payment.customer_id)
    assert attempt is not None
    assert customer is not None
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    return _Sending(attempt, payment, order, customer)
