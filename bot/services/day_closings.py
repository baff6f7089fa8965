"""«Закрыть день»: the day's books against each provider's own list, equal or with what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.domain.day_closing import (
    DayClosing,
    DayDifference,
    DayState,
    Movement,
    ProviderDay,
    Says,
    totals,
)
from bot.domain.errors import CustomerError
from bot.domain.events import EventKind, Identity
from bot.domain.payments import BookedEvent
from bot.domain.states import Role
from bot.services.day_lists import NO_PAPER, OURS, DayList, DayLists, Unlisted
from bot.services.day_papers import paper_of
from bot.services.desk import DeskService
from bot.services.settlement import SettlementService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

OLDEST = timedelta(days=10 * 366)
"""No provider is asked for a day before that."""


class DayClosingService:
    """A day is compared as often as one likes; closing it says who has looked at it."""

    def __init__(
        self, database: Database, *, desk: DeskService, lists: DayLists, settlement: SettlementService
    ) -> None:
        self.database = database
        self._desk = desk
        self._lists = lists
        self._settlement = settlement

    async def compare(self, who: int, day: date) -> DayClosing:
        """Ask every provider for its list of the day, and write down how it stands."""
        self._desk.demand(who, Role.CASHIER)
        if not timedelta() <= self._lists.today() - day <= OLDEST:
            raise CustomerError("bad_days", most=1)
        for provider in await self._providers(day):
            told = await self._lists.of(provider, day)
            await self._keep(day, await self._look(provider, day, told))
        return await self.get(who, day)

    @reading
    def get(self, tx: Tx, who: int, day: date) -> DayClosing:
        """As it was last compared."""
        self._desk.demand(who, Role.CASHIER)
        return DayClosing(day, tx.day_closings.get(day), tx.day_closings.closed_by(day))

    @reading
    def difference(self, tx: Tx, who: int, difference_id: int) -> tuple[date, str, DayDifference]:
        """A difference that nobody has settled, with its day and provider."""
        return self._open(tx, who, difference_id)

    async def book(self, who: int, difference_id: int) -> DayClosing:
        """Book what the provider tells of and the books lack, as if its callback had come."""
        day, provider, found = await self.difference(who, difference_id)
        if found.says is not Says.MISSING_HERE:
            raise CustomerError("already_done")
        told = await self._lists.find(provider, day, Identity(provider, found.kind, found.movement))
        if told is None:
            raise CustomerError("not_found")
        await self._settlement.take(told)
        if not await self._is_booked(told.identity):
            raise CustomerError("not_found")
        await self._settle(who, difference_id, "booked")
        return await self.get(who, day)

    async def accept(self, who: int, difference_id: int, why: str) -> DayClosing:
        """Somebody knows why they differ."""
        day, _provider, _found = await self.difference(who, difference_id)
        if not why.strip():
            raise CustomerError("words_needed")
        await self._settle(who, difference_id, why.strip()[:300])
        return await self.get(who, day)

    @transaction
    def close(self, tx: Tx, who: int, day: date) -> DayClosing:
        """Refused while something differs that nobody has settled; the second is told who was first."""
        self._desk.demand(who, Role.CASHIER)
        closing = DayClosing(day, tx.day_closings.get(day))
        if not closing.providers:
            raise CustomerError("not_found")
        if closing.open_differences:
            raise CustomerError("day_differs", count=len(closing.open_differences))
        if not tx.day_closings.close(day, who):
            raise CustomerError("done_by", who=tx.day_closings.closed_by(day))
        tx.audit.note(who, "day_closed", f"day:{day}")
        return DayClosing(day, closing.providers, who)

    def _open(self, tx: Tx, who: int, difference_id: int) -> tuple[date, str, DayDifference]:
        self._desk.demand(who, Role.CASHIER)
        found = tx.day_closings.difference(difference_id)
        if found is None:
            raise CustomerError("not_found")
        if found[2].how:
            raise CustomerError("already_done")
        return found

    @reading
    def _providers(self, tx: Tx, day: date) -> list[str]:
        return sorted({*self._lists.providers, *tx.day_closings.providers(*self._lists.span(day))})

    @reading
    def _look(self, tx: Tx, provider: str, day: date, told: DayList | Unlisted) -> ProviderDay:
        since, until = self._lists.span(day)
        ours = [each for each in tx.day_closings.ours(provider, since, until) if each.fate in OURS]
        booked = [_movement(each) for each in ours]
        if isinstance(told, Unlisted):
            if told.why == NO_PAPER:
                return paper_of(tx, provider, day, booked)
            return ProviderDay(provider, DayState.UNKNOWN, totals(booked), (), len(booked), (), told.why)
        known = _known(tx, provider, told)
        missing_there = _missing_there(provider, ours, told)
        differences = [*missing_there, *_other(told, known)]
        only_ours = [Movement(each.kind, each.movement, each.amount) for each in missing_there]
        of_theirs = [_movement(event) for event in known.values()]
        return ProviderDay(
            provider,
            DayState.DIFFERS if differences else DayState.EQUAL,
            totals([*of_theirs, *only_ours]),
            totals(told.day),
            len({(each.kind, each.movement) for each in (*booked, *told.day)}),
            differences,
        )

    @reading
    def _is_booked(self, tx: Tx, identity: Identity) -> bool:
        known = tx.events.known(identity)
        return known is not None and known.fate in OURS

    @transaction
    def _keep(self, tx: Tx, day: date, found: ProviderDay) -> None:
        tx.day_closings.keep(day, found)

    @transaction
    def _settle(self, tx: Tx, who: int, difference_id: int, how: str) -> None:
        if not tx.day_closings.settle(difference_id, by=who, how=how):
            raise CustomerError("already_done")
        tx.audit.note(who, "difference_settled", f"difference:{difference_id}", how=how)


def _missing_there(provider: str, ours: Sequence[BookedEvent], told: DayList) -> list[DayDifference]:
    """What the books have and the provider does not tell of, not even around midnight."""
    return [
        DayDifference(EventKind(each.kind), each.movement, Says.MISSING_THERE, each.amount, None, each.id)
        for each in ours
        if Identity(provider, EventKind(each.kind), each.movement) not in told.near
    ]


def _known(tx: Tx, provider: str, told: DayList) -> dict[Movement, BookedEvent]:
    """What the books have of each movement that the provider tells of, whichever day they have it under."""
    found = {each: tx.events.known(Identity(provider, each.kind, each.movement)) for each in told.day}
    return {each: event for each, event in found.items() if event is not None and event.fate in OURS}


def _other(told: DayList, known: Mapping[Movement, BookedEvent]) -> list[DayDifference]:
    """What the provider tells of that the books lack, or know with another sum."""
    found = []
    for each in told.day:
        event = known.get(each)
        if event is None:
            says, ours, event_id = Says.MISSING_HERE, None, None
        elif event.amount != each.amount:
            says, ours, event_id = Says.OTHER_SUM, event.amount, event.id
        else:
            continue
        found.append(DayDifference(each.kind, each.movement, says, ours, each.amount, event_id))
    return found


def _movement(event: BookedEvent) -> Movement:
    return Movement(EventKind(event.kind), event.movement, event.amount)
