"""Days that were held against providers' lists, and what they differed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.domain.day_closing import DayDifference, DayState, ProviderDay, Says
from bot.domain.events import EventKind, Identity
from bot.domain.money import Money
from bot.domain.payments import BookedEvent
from bot.domain.periods import now
from bot.storage.columns import Moment
from bot.storage.events import TOLD_AFTER, TOLD_BEFORE, to_event
from bot.storage.insert import insert_any
from bot.storage.tables import day_closings, day_differences, events, payments

_moment = func.coalesce(events.c.happened_at, events.c.seen_at, type_=Moment())


class DayClosings:
    """A day is compared as often as one likes, and closed once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def providers(self, since: datetime, until: datetime) -> list[str]:
        """Where money came from or went to in that time."""
        seen = (events.c.seen_at >= since - TOLD_BEFORE, events.c.seen_at < until + TOLD_AFTER)
        query = select(events.c.provider).where(*seen, *_happened(since, until)).distinct()
        return sorted(self._connection.scalars(query))

    def ours(self, provider: str, since: datetime, until: datetime) -> list[BookedEvent]:
        """Every movement of that time by the provider's clock, or by ours where it tells no time."""
        query = select(events).where(
            events.c.provider == provider,
            events.c.seen_at >= since - TOLD_BEFORE,
            events.c.seen_at < until + TOLD_AFTER,
            *_happened(since, until),
        )
        return [to_event(row) for row in self._connection.execute(query.order_by(events.c.id))]

    def happened_at(self, identity: Identity) -> datetime | None:
        """When a movement that the books know took place, as `ours` counts it."""
        its = events.c
        query = select(_moment).where(
            its.provider == identity.source,
            its.kind == identity.kind.value,
            its.movement == identity.movement,
        )
        return self._connection.scalars(query).one_or_none()

    def begun(self, provider: str, since: datetime, until: datetime, states: Sequence[str]) -> list[int]:
        """Payments of a provider that were begun in that time and are in one of these states."""
        query = select(payments.c.id).where(
            payments.c.provider == provider,
            payments.c.state.in_(states),
            payments.c.created_at >= since,
            payments.c.created_at < until,
        )
        return list(self._connection.scalars(query))

    def keep(self, day: date, found: ProviderDay) -> None:
        """Write down how they stand now; what somebody has settled stays settled."""
        row = {
            "day": day,
            "provider": found.provider,
            "state": found.state.value,
            "why": found.why,
            "ours": _sums(found.ours),
            "theirs": _sums(found.theirs),
            "movements": found.movements,
            "checked_at": now(),
        }
        query = insert_any(self._connection, day_closings).values(row)
        new = {name: query.excluded[name] for name in row if name not in ("day", "provider")}
        self._connection.execute(query.on_conflict_do_update(index_elements=["day", "provider"], set_=new))
        self._keep_differences(day, found)

    def settle(self, difference_id: int, *, by: int, how: str) -> bool:
        """Somebody has looked at it; False when another was first."""
        query = update(day_differences).where(
            day_differences.c.id == difference_id, day_differences.c.settled_at.is_(None)
        )
        settled = query.values(settled_at=now(), settled_by=by, how=how)
        return self._connection.execute(settled.returning(day_differences.c.id)).first() is not None

    def difference(self, difference_id: int) -> tuple[date, str, DayDifference] | None:
        """A difference with its day and provider."""
        query = select(day_differences).where(day_differences.c.id == difference_id)
        row = self._connection.execute(query).one_or_none()
        return (row.day, row.provider, _to_difference(row)) if row is not None else None

    def get(self, day: date) -> list[ProviderDay]:
        """As it was last compared, provider by provider."""
        query = select(day_closings).where(day_closings.c.day == day).order_by(day_closings.c.provider)
        return [self._to_day(row) for row in self._connection.execute(query)]

    def closed_by(self, day: date) -> int:
        """Who closed it; 0 while it is open."""
        query = select(func.max(day_closings.c.closed_by)).where(day_closings.c.day == day)
        return int(self._connection.execute(query).scalar_one() or 0)

    def close(self, day: date, by: int) -> bool:
        """False when it was closed before."""
        open_ = update(day_closings).where(day_closings.c.day == day, day_closings.c.closed_at.is_(None))
        closed = open_.values(closed_by=by, closed_at=now()).returning(day_closings.c.provider)
        return self._connection.execute(closed).first() is not None

    def _keep_differences(self, day: date, found: ProviderDay) -> None:
        its = day_differences.c
        of_it = (its.day == day, its.provider == found.provider)
        self._connection.execute(delete(day_differences).where(*of_it, its.settled_at.is_(None)))
        rows = [
            {
                "day": day,
                "provider": found.provider,
                "kind": each.kind.value,
                "movement": each.movement,
                "says": each.says.value,
                "currency": each.amount.currency,
                "ours_minor": each.ours.minor if each.ours else None,
                "theirs_minor": each.theirs.minor if each.theirs else None,
                "event_id": each.event_id,
                "found_at": now(),
            }
            for each in found.differences
        ]
        if rows:
            query = insert_any(self._connection, day_differences).on_conflict_do_nothing()
            self._connection.execute(query, rows)

    def _to_day(self, row: Row[Any]) -> ProviderDay:
        its = day_differences.c
        query = select(day_differences).where(its.day == row.day, its.provider == row.provider)
        found = [_to_difference(each) for each in self._connection.execute(query.order_by(its.id))]
        state = DayState(row.state)
        ours, theirs = _from_sums(row.ours), _from_sums(row.theirs)
        return ProviderDay(row.provider, state, ours, theirs, row.movements, found, row.why)


def _happened(since: datetime, until: datetime) -> tuple[Any, Any]:
    return _moment >= since, _moment < until


def _sums(sums: Sequence[Money]) -> list[list[Any]]:
    return [[each.currency, each.minor] for each in sums]


def _from_sums(sums: list[list[Any]]) -> list[Money]:
    return [Money(minor, currency) for currency, minor in sums]


def _to_difference(row: Row[Any]) -> DayDifference:
    return DayDifference(
        kind=EventKind(row.kind),
        movement=row.movement,
        says=Says(row.says),
        ours=Money(row.ours_minor, row.currency) if row.ours_minor is not None else None,
        theirs=Money(row.theirs_minor, row.currency) if row.theirs_minor is not None else None,
        event_id=row.event_id,
        id=row.id,
        how=row.how,
    )
