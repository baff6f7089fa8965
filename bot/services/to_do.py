"""What waits for operators, when they ask for it and every morning and evening by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.desk import Card
from bot.domain.desk_terms import DeskTerms
from bot.domain.states import Role
from bot.domain.takings import Span
from bot.domain.to_do import Duty, Undelivered, Waiting, duty_of
from bot.services.desk import DeskService
from bot.services.takings import TakingsService, facts_of
from bot.storage.database import Database, reading, transaction
from bot.storage.to_do import Pile
from bot.storage.tx import Tx

LATELY = timedelta(days=7)
MOST_CARDS = 8
TOLD = "summary_told"
LATE = timedelta(hours=3)
"""A summary that nothing could write in time is left out."""


class ToDoService:
    """Counts of what waits, by the sort of work; the cards themselves hang in the group."""

    def __init__(
        self,
        database: Database,
        *,
        desk: DeskService,
        takings: TakingsService,
        terms: DeskTerms,
        zone: ZoneInfo,
    ) -> None:
        self.database = database
        self._desk = desk
        self._takings = takings
        self._terms = terms
        self._zone = zone

    @reading
    def waiting(self, tx: Tx, who: int) -> list[Waiting]:
        """What waits, in the order of duties."""
        self._desk.demand(who, Role.VIEWER)
        return _waiting(tx)

    async def cards(self, who: int, duty: Duty) -> list[Card]:
        """Cards of that sort as they should look now, the late ones first."""
        return [await self._desk.card(card_id) for card_id in await self._card_ids(who, duty)]

    @reading
    def undelivered(self, tx: Tx, who: int) -> list[Undelivered]:
        """Notices that nothing could deliver lately, the newest first."""
        self._desk.demand(who, Role.VIEWER)
        return tx.to_do.undelivered(periods.now() - LATELY, MOST_CARDS)

    async def tell_due(self) -> int:
        """Write the summary when its time has come, once; how many were written."""
        due = self._due_at(periods.now().astimezone(self._zone))
        if due is None or await self._was_told(due):
            return 0
        today = self._takings.today()
        report = await self._takings.report(Span(today, today))
        return int(await self._tell(due, facts_of(report)))

    def _due_at(self, moment: datetime) -> datetime | None:
        """The last time of today at which a summary is due, unless that is long past."""
        times = [datetime.combine(moment.date(), at, self._zone) for at in self._terms.summary_at]
        past = [at for at in times if at <= moment < at + LATE]
        return max(past, default=None)

    @reading
    def _card_ids(self, tx: Tx, who: int, duty: Duty) -> list[int]:
        self._desk.demand(who, Role.VIEWER)
        kinds = [pile.kind for pile in tx.to_do.cards() if duty_of(pile.kind) is duty]
        return tx.to_do.card_ids(kinds, MOST_CARDS)

    @reading
    def _was_told(self, tx: Tx, due: datetime) -> bool:
        return tx.facts.get(TOLD) == due.isoformat()

    @transaction
    def _tell(self, tx: Tx, due: datetime, facts: dict[str, Any]) -> bool:
        if tx.facts.lock(TOLD) == due.isoformat():
            return False
        tx.facts.set(TOLD, due.isoformat())
        waiting = [
            {"duty": each.duty.value, "count": each.count, "oldest": each.oldest, "overdue": each.overdue}
            for each in _waiting(tx)
        ]
        if waiting or facts["totals"]:
            tx.outbox.to_operators("summary", key=due.isoformat(), waiting=waiting, **facts)
        return True


def _waiting(tx: Tx) -> list[Waiting]:
    since = periods.now() - LATELY
    piles: dict[Duty, list[Pile]] = {}
    for pile in tx.to_do.cards():
        piles.setdefault(duty_of(pile.kind), []).append(pile)
    differing, first_day = tx.to_do.days_that_differ()
    piles[Duty.DAYS] = [differing]
    piles[Duty.LETTERS] = [tx.to_do.dead_notices(since)]
    piles[Duty.WEBHOOKS] = [tx.to_do.dead_webhooks(since)]
    counted = ((duty, [pile for pile in piles.get(duty, []) if pile.count]) for duty in Duty)
    return [
        Waiting(
            duty,
            sum(pile.count for pile in found),
            min(pile.oldest for pile in found),
            sum(pile.overdue for pile in found),
            first_day if duty is Duty.DAYS else None,
        )
        for duty, found in counted
        if found
    ]
