"""What waits for a person: open cards by kind, and what could not be sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from bot.domain.periods import now
from bot.domain.states import NoticeState, WebhookState
from bot.domain.to_do import Undelivered
from bot.storage.index_words import among
from bot.storage.tables import customers, day_differences, operator_cards, outbox, webhooks

_IS_OPEN = among(operator_cards.c.state, "open")
_DIED = among(outbox.c.state, NoticeState.DEAD)
_GIVEN_UP = among(webhooks.c.state, WebhookState.DEAD)


@dataclass(frozen=True, slots=True)
class Pile:
    """So many things of one kind, the oldest since then."""

    kind: str
    count: int
    oldest: datetime
    overdue: int = 0


class ToDo:
    """Counts alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cards(self) -> list[Pile]:
        """Open cards by kind."""
        its = operator_cards.c
        late = func.sum(case((its.due_at <= now(), 1), else_=0))
        query = select(its.kind, func.count(), func.min(its.created_at), late).where(_IS_OPEN)
        return [Pile(*row) for row in self._connection.execute(query.group_by(its.kind))]

    def card_ids(self, kinds: Iterable[str], limit: int) -> list[int]:
        """Open cards of these kinds, those that are late first, then the oldest."""
        its = operator_cards.c
        late = case((its.due_at <= now(), 0), else_=1)
        query = select(its.id).where(_IS_OPEN, its.kind.in_(list(kinds))).order_by(late, its.id)
        return list(self._connection.scalars(query.limit(limit)))

    def dead_notices(self, since: datetime) -> Pile:
        """Notices and letters that were given up."""
        query = select(func.count(), func.min(outbox.c.created_at)).where(*_lost(since))
        return Pile("", *self._connection.execute(query).one())

    def undelivered(self, since: datetime, limit: int) -> list[Undelivered]:
        """The same one by one, the newest first."""
        query = (
            select(customers.c.id, customers.c.name, outbox.c.email, outbox.c.created_at, outbox.c.last_error)
            .join_from(outbox, customers, customers.c.id == outbox.c.address, isouter=True)
            .where(*_lost(since))
            .order_by(outbox.c.created_at.desc())
        )
        return [
            Undelivered(row.id, row.name or "", row.email, row.created_at, row.last_error)
            for row in self._connection.execute(query.limit(limit))
        ]

    def days_that_differ(self) -> tuple[Pile, date | None]:
        """Differences that nobody has settled, and the first of their days."""
        its = day_differences.c
        query = select(func.count(), func.min(its.found_at), func.min(its.day)).where(
            its.settled_at.is_(None)
        )
        count, oldest, first = self._connection.execute(query).one()
        return Pile("", count, oldest), first

    def dead_webhooks(self, since: datetime) -> Pile:
        query = select(func.count(), func.min(webhooks.c.created_at)).where(
            _GIVEN_UP, webhooks.c.created_at >= since
        )
        return Pile("", *self._connection.execute(query).one())


def _lost(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Given up since then; who takes no messages in the chat is nobody's fault."""
    whose = customers.alias()
    shut = exists().where(whose.c.id == outbox.c.address, whose.c.reachable.is_(False), outbox.c.email == "")
    return _DIED, outbox.c.created_at >= since, ~shut
