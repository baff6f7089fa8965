"""Calling the provider with a charge that is marked sent, and booking what it answers.

What it does not answer is asked after (services/inquiries.py), and nothing is sent again before that.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer
from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Unfinished
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.saved_cards import SavedCard
from bot.gateways.base import ChargeRequest
from bot.services.autopay.outcomes import AutopayOutcomes
from bot.services.autopay.pace import AT_THE_BOOKS, AutopayPace
from bot.services.autopay.standstill import tell_standstill
from bot.services.methods import Methods
from bot.services.pay_links import PayLinks
from bot.services.receipts.items import title_and_items
from bot.services.settlement import SettlementService
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

WHEN_REFUSED = timedelta(hours=1)
"""A provider that refuses us, not the payer: its rights or our settings need a person."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sending:
    """A charge that is marked sent, with all that the call needs."""

    payment: Payment
    order: Order | None
    card: SavedCard
    customer: Customer


class AutopayCalls:
    """Each answer is an event like any other, and goes the way of a callback."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        methods: Methods,
        pace: AutopayPace,
        links: PayLinks,
        settlement: SettlementService,
        outcomes: AutopayOutcomes,
    ) -> None:
        self.database = database
        self.at_the_books = asyncio.Semaphore(AT_THE_BOOKS)
        self._catalogue = catalogue
        self._methods = methods
        self._pace = pace
        self._links = links
        self._settlement = settlement
        self._outcomes = outcomes

    async def send(self, sending: Sending) -> None:
        payment, gateway = sending.payment, self._methods.charging(sending.payment.provider)
        assert gateway is not None
        try:
            told = await gateway.charge(self._request(sending))
        except OutcomeUnknown as trouble:
            log.warning("autopay.unknown", payment_id=payment.id, why=str(trouble))
            return  # asked after in a minute
        except ProviderUnavailable as trouble:
            log.warning("autopay.not_sent", payment_id=payment.id, why=str(trouble))
            await self._hold(payment, trouble.retry_after)
            return
        except ProviderRefused as refusal:
            log.error("autopay.refused_us", payment_id=payment.id, why=str(refusal))
            await self._refused_us(payment, str(refusal))
            return
        if not isinstance(told, Unfinished):
            async with self.at_the_books:
                await self._settlement.take(told)
        elif told.provider_payment:
            await self._found(payment.id, told.provider_payment)

    async def _hold(self, payment: Payment, seconds: float | None) -> None:
        """Nothing was taken; where the provider says for how long it wants no calls, nobody makes any."""
        pause = timedelta(seconds=seconds) if seconds is not None else None
        if pause is not None:
            await self._pace.hold(payment.provider, pause)
        await self._not_sent(payment, pause)

    def _request(self, sending: Sending) -> ChargeRequest:
        payment, order, customer = sending.payment, sending.order, sending.customer
        title, items = title_and_items(self._catalogue, order, payment.amount, customer.language)
        return ChargeRequest(
            reference=payment.reference,
            method=payment.method,
            token=sending.card.token,
            amount=payment.amount,
            title=title,
            language=customer.language,
            items=items,
            email=customer.email,
            phone=customer.phone,
            notify_url=self._links.notify_url(payment),
        )

    @transaction
    def _not_sent(self, tx: Tx, payment: Payment, pause: timedelta | None) -> None:
        locked = tx.payments.lock(payment.reference)
        if locked is not None:
            self._outcomes.never_sent(tx, locked, pause_for=pause)

    @transaction
    def _refused_us(self, tx: Tx, payment: Payment, why: str) -> None:
        """No money was taken, by a fault of ours: a person mends it, and the charge is tried again."""
        locked = tx.payments.lock(payment.reference)
        if locked is None:
            return
        self._outcomes.never_sent(tx, locked, pause_for=WHEN_REFUSED)
        tell_standstill(tx, payment.provider, why, payment.amount)

    @transaction
    def _found(self, tx: Tx, payment_id: int, provider_payment: str) -> None:
        """Keep what the provider calls it: its end comes later."""
        tx.payments.found(payment_id, provider_payment)
