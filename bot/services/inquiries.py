"""Asking providers what became of a payment: once at a time for each, and strangers at a low rate."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.domain import periods
from bot.domain.errors import ProviderError, ProviderUnavailable
from bot.domain.events import Event, EventKind, Hint, Paid, Refused, Unfinished
from bot.domain.payments import Payment
from bot.domain.refusals import NEVER_CREATED
from bot.gateways.base import Charging, Gateway
from bot.services.settlement import SettlementService
from bot.services.together import Together
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
DAILY = timedelta(days=1)
LEASE = timedelta(minutes=2)
ON_ITS_WAY = timedelta(minutes=15)
REMEMBERED = 1000
STRANGERS_WAITING = 8
"""More claims about unknown payments than this are sent away; the provider tells again."""

log = structlog.get_logger()


def next_ask(asked: int) -> datetime:
    """When to ask after a payment that was asked after so many times: 1, 5, 15 min, 1 h, then daily."""
    return periods.now() + (PAUSES[asked] if asked < len(PAUSES) else DAILY)


class InquiryService:
    """Between transactions, never inside one, a provider is asked; what it answers is settled."""

    def __init__(
        self,
        database: Database,
        gateways: Mapping[str, Gateway],
        settlement: SettlementService,
        *,
        stranger_pause: float = 1.0,
    ) -> None:
        self.database = database
        self._gateways = gateways
        self._settlement = settlement
        self._answered: OrderedDict[int, float] = OrderedDict()
        self._together: Together[Event | Unfinished] = Together()
        self._strangers = asyncio.Semaphore(1)
        self._strangers_waiting = 0
        self._stranger_pause = stranger_pause

    async def ask(self, payment: Payment, *, unless_within: float = 0) -> None:
        """Ask about a payment of ours and settle the answer; those who ask meanwhile share it.

        Nobody is asked when the last answer is younger than `unless_within` seconds.
        """
        if time.monotonic() - self._answered.get(payment.id, -1e9) >= unless_within:
            await self._together.once(payment.id, lambda: self._ask(payment))

    async def ask_hint(self, hint: Hint, payment: Payment | None) -> Event | Unfinished:
        """Ask about a claim: at once when it is about money for a payment of ours, else in a slow queue.

        A refund nobody has heard of is a stranger too: one payment can be said to have any number of them.
        """
        gateway = self._gateways[hint.provider]
        key = (hint.provider, hint.kind, hint.movement)
        if payment is not None and hint.kind is not EventKind.REFUNDED:
            return await self._together.once(key, lambda: gateway.ask_hint(hint))
        return await self._together.once(key, lambda: self._ask_stranger(gateway, hint))

    async def ask_due(self, limit: int = 20) -> int:
        """Ask after the payments whose time has come; how many there were."""
        due = await self._take_due(limit)
        await asyncio.gather(*(self._ask_quietly(payment) for payment in due))
        return len(due)

    async def _ask_quietly(self, payment: Payment) -> None:
        try:
            await self.ask(payment)
        except ProviderError as trouble:
            log.warning(
                "payment.ask_failed", payment_id=payment.id, provider=payment.provider, why=str(trouble)
            )

    async def _ask(self, payment: Payment) -> Event | Unfinished:
        await self._ask_again_at(payment.id, next_ask(payment.asked))
        gateway = self._gateways.get(payment.provider)
        if gateway is None:
            raise ProviderUnavailable(f"{payment.provider} is switched off")
        told = await _ask_about(gateway, payment)
        if _is_too_soon(told, await self._charged_at(payment)):
            return Unfinished(payment.provider, payment.reference)
        if not isinstance(told, Unfinished):
            await self._settlement.take(told)
        elif told.provider_payment and not payment.provider_payment:
            await self._found(payment.id, told.provider_payment)
        self._answered[payment.id] = time.monotonic()
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return told

    async def _ask_stranger(self, gateway: Gateway, hint: Hint) -> Event | Unfinished:
        if self._strangers_waiting >= STRANGERS_WAITING:
            raise ProviderUnavailable("too many claims about unknown payments")
        self._strangers_waiting += 1
        try:
            async with self._strangers:
                await asyncio.sleep(self._stranger_pause)
                return await gateway.ask_hint(hint)
        finally:
            self._strangers_waiting -= 1

    @reading
    def _charged_at(self, tx: Tx, payment: Payment) -> datetime | None:
        """When the last call of an autopay's charge was made, if it is one."""
        attempt = tx.attempts.charge_of(payment.id) if payment.autopay_id is not None else None
        return attempt.sent_at if attempt else None

    @transaction
    def _take_due(self, tx: Tx, limit: int) -> list[Payment]:
        return tx.payments.take_due(limit, LEASE)

    @transaction
    def _found(self, tx: Tx, payment_id: int, provider_payment: str) -> None:
        """The provider had begun it, though its answer was lost."""
        tx.payments.found(payment_id, provider_payment)

    @transaction
    def _ask_again_at(self, tx: Tx, payment_id: int, moment: datetime) -> None:
        tx.payments.ask_at(payment_id, moment)


def _is_too_soon(told: Paid | Refused | Unfinished, charged_at: datetime | None) -> bool:
    """Whether a charge of which the provider knows nothing may still be on its way to it."""
    is_unknown = isinstance(told, Refused) and told.code == NEVER_CREATED
    return is_unknown and charged_at is not None and periods.now() - charged_at < ON_ITS_WAY


async def _ask_about(gateway: Gateway, payment: Payment) -> Paid | Refused | Unfinished:
    """Nobody was at a page for an autopay's charge: so much sooner it is certain that none can come."""
    if payment.autopay_id is not None and isinstance(gateway, Charging):
        return await gateway.ask_charge(payment.provider_payment, payment.reference, payment.created_at)
    return await gateway.ask(payment.provider_payment, payment.reference, payment.created_at)


def is_final(payment: Payment) -> bool:
    """Nothing more is expected of it from the provider."""
    return payment.next_ask_at is None
