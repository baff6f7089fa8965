"""What a provider's own list says of a day: asked for at once, payment by payment, or brought as a paper."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.day_closing import Movement
from bot.domain.errors import ProviderError, ProviderUnavailable
from bot.domain.events import EventKind, Identity, Paid, Refunded
from bot.domain.payments import BookedEvent, Payment
from bot.domain.periods import today
from bot.domain.states import OPEN_PAYMENTS, EventFate
from bot.gateways.base import Gateway
from bot.services.inquiries import InquiryService
from bot.storage.database import Database, reading
from bot.storage.tx import Tx

CLOCKS_DIFFER = timedelta(hours=1)
AT_ONCE = 4
MOST_ASKED = 2000
"""Payment by payment: more than that takes too long to wait for."""
_OPEN = tuple(state.value for state in OPEN_PAYMENTS)
NO_PAPER = "no_paper"
"""Nobody can be asked: its day is told by a statement or a register that somebody brings."""
OURS = (EventFate.BOOKED, EventFate.REVIEW, EventFate.SUSPENSE, EventFate.RETURNED)
"""Money that the books have; other sales of the shop, tests and acquirers' lump sums are none."""


@dataclass(frozen=True, slots=True)
class DayList:
    """`day` is what happened on it by the provider's clock, `near` besides what happened an hour around."""

    day: list[Movement]
    near: frozenset[Identity]


@dataclass(frozen=True, slots=True)
class Unlisted:
    """There is no list to compare with, and why: a word of ours."""

    why: str


class DayLists:
    """Nothing is settled here but what the asking itself finds out."""

    def __init__(
        self,
        database: Database,
        gateways: Mapping[str, Gateway],
        inquiries: InquiryService,
        zone: ZoneInfo,
    ) -> None:
        self.database = database
        self._gateways = gateways
        self._inquiries = inquiries
        self._zone = zone

    def today(self) -> date:
        return today(self._zone)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """A day by the seller's clock."""
        since = datetime.combine(day, time(), self._zone)
        return since, datetime.combine(day + timedelta(days=1), time(), self._zone)

    @property
    def providers(self) -> list[str]:
        """Those that can be asked for their own list."""
        return [name for name, gateway in self._gateways.items() if gateway.lists_movements]

    async def of(self, provider: str, day: date) -> DayList | Unlisted:
        gateway = self._gateways.get(provider)
        if gateway is None:
            return Unlisted("switched_off")
        try:
            if gateway.lists_movements:
                return await self._listed(gateway, day)
            return await self._asked(gateway, day)
        except ProviderError:
            return Unlisted("no_answer")

    async def find(self, provider: str, day: date, identity: Identity) -> Paid | Refunded | None:
        """One movement of the provider's list as it tells of it; ProviderError when it does not answer."""
        gateway = self._gateways.get(provider)
        if gateway is None or not gateway.lists_movements:
            raise ProviderUnavailable(f"{provider} has no list")
        since, _until = self.span(day)
        async for told in gateway.movements_since(since - CLOCKS_DIFFER):
            if told.identity == identity:
                return told
        return None

    async def _listed(self, gateway: Gateway, day: date) -> DayList:
        """Other sales of the shop bear no mark of ours: they are left out unless the books have them.

        A list may tell no time of a payment that went back since: there the books' own counts.
        """
        since, until = self.span(day)
        found: dict[Identity, Movement] = {}  # a list may tell of one movement in two lines
        near: set[Identity] = set()
        async for told in gateway.movements_since(since - CLOCKS_DIFFER):
            at = told.happened_at
            if told.test or (at is not None and not since - CLOCKS_DIFFER <= at < until + CLOCKS_DIFFER):
                continue
            for movement, moment in await self._proven(told):
                identity = Identity(told.identity.source, movement.kind, movement.movement)
                if since - CLOCKS_DIFFER <= moment < until + CLOCKS_DIFFER:
                    near.add(identity)
                if since <= moment < until:
                    found[identity] = movement
        return DayList(list(found.values()), frozenset(near))

    async def _asked(self, gateway: Gateway, day: date) -> DayList | Unlisted:
        """Ask after each payment of the day; what it says of one that is open is settled on the way."""
        if not gateway.can_be_asked:
            return Unlisted(NO_PAPER)
        open_ = await self._begun(gateway.name, day)
        booked = await self._booked(gateway.name, day)
        if len(booked) + len(open_) > MOST_ASKED:
            return Unlisted("too_many")
        door = asyncio.Semaphore(AT_ONCE)

        async def ask(event: BookedEvent, payment: Payment) -> Movement:
            async with door:
                told = await gateway.ask(payment.provider_payment, payment.reference, payment.created_at)
            amount = told.amount if isinstance(told, Paid) else event.amount * 0
            return Movement(EventKind.PAID, event.movement, amount)

        async def settle(payment: Payment) -> None:
            async with door:
                await self._inquiries.ask(payment)

        if open_:
            await asyncio.gather(*(settle(payment) for payment in open_))
            booked = await self._booked(gateway.name, day)
        found = await asyncio.gather(*(ask(event, payment) for event, payment in booked))
        told = [each for each in found if each.amount]
        back = await self._sent_back(gateway.name, day)
        identities = (Identity(gateway.name, each.kind, each.movement) for each in (*told, *back))
        return DayList([*told, *back], frozenset(identities))

    @reading
    def _proven(self, tx: Tx, told: Paid | Refunded) -> list[tuple[Movement, datetime]]:
        """What a line of the list proves, and when it was; nothing where it is not ours.

        Of a hold the part that was let go is listed alone: where the books have the payment, it was paid.
        """
        if not _is_ours(tx, told):
            return []
        moment = told.happened_at or tx.day_closings.happened_at(told.identity)
        proven = [(_movement(told), moment)] if moment is not None else []
        if isinstance(told, Refunded) and told.of_hold and (paid := tx.events.paid_before(told)) is not None:
            identity = Identity(told.identity.source, EventKind.PAID, paid.movement)
            at = tx.day_closings.happened_at(identity) or paid.seen_at
            proven.append((Movement(EventKind.PAID, paid.movement, paid.amount), at))
        return proven

    @reading
    def _booked(self, tx: Tx, provider: str, day: date) -> list[tuple[BookedEvent, Payment]]:
        return [
            (event, payment)
            for event in tx.day_closings.ours(provider, *self.span(day))
            if event.kind == EventKind.PAID and event.fate in OURS and event.payment_id is not None
            if (payment := tx.payments.get(event.payment_id)) is not None
        ]

    @reading
    def _begun(self, tx: Tx, provider: str, day: date) -> list[Payment]:
        """Nobody knows yet what became of these."""
        found = tx.day_closings.begun(provider, *self.span(day), _OPEN)
        return [payment for payment_id in found if (payment := tx.payments.get(payment_id)) is not None]

    @reading
    def _sent_back(self, tx: Tx, provider: str, day: date) -> list[Movement]:
        """No list tells of these: each was confirmed by its own answer when it was made."""
        since, until = self.span(day)
        return [
            Movement(EventKind.REFUNDED, event.movement, event.amount)
            for event in tx.day_closings.ours(provider, since, until)
            if event.kind == EventKind.REFUNDED and event.fate in OURS
        ]


def _movement(told: Paid | Refunded) -> Movement:
    return Movement(told.identity.kind, told.movement, told.amount)


def _is_ours(tx: Tx, told: Paid | Refunded) -> bool:
    if told.reference or (isinstance(told, Refunded) and told.attempt):
        return True
    known = tx.events.known(told.identity)
    return known is not None and known.fate in OURS
