"""Reminders before a connector runs out that no autopay pays for: 7 days, 3 days and a day before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.autopay_times import is_day
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import NotYours
from bot.domain.notice_topics import NoticeTopic
from bot.domain.states import Lane
from bot.services.notice_places import tell
from bot.services.zones import by_day, zone_of
from bot.storage.database import Database, reading, transaction
from bot.storage.renewals import RunningOut
from bot.storage.tx import Tx

DAYS_BEFORE = (1, 3, 7)
AT_ONCE = 20
"""Connectors to a unit: a customer of each takes some queries, and no unit holds the writer for long."""

MOST_WAITING = 1_000
"""No more are written while so many wait to be sent: who pays meanwhile needs no reminder."""

MOST_TOLD = 20
_CURSOR = "renewals_told"
_DONE = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the reminders of a day have come: through those that end so many days later, up to an id."""

    day: date
    days_before: int
    after: str = ""

    def __str__(self) -> str:
        return f"{self.day} {self.days_before} {self.after}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        day, days_before, after = text.split(" ", 2)
        return cls(date.fromisoformat(day), int(days_before), after)


@dataclass(frozen=True, slots=True)
class Page:
    found: list[RunningOut]
    then: Cursor


class RenewalService:
    """Each day one pass through those that run out; each customer hears once a day, of all that is his."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._zone = zone
        self._payable = frozenset(each.id for each in catalogue.tariffs.values() if each.renews)

    async def remind_due(self) -> int:
        """Remind the next of them; above zero while there may be more today. Nobody is told at night."""
        page = await self._next_page()
        return await self._remind(page) if page else 0

    @reading
    def find(self, tx: Tx, customer_id: int, short_name: str, name: Callable[[str], str]) -> str:
        """The connector of his that a button means by its short name; it may be his no more."""
        known = {name(each): each for each in tx.renewals.ids_of_customer(customer_id)}
        if short_name not in known:
            raise NotYours
        return known[short_name]

    @reading
    def _next_page(self, tx: Tx) -> Page | None:
        cursor = self._cursor(tx)
        if cursor is None or tx.outbox_upkeep.is_full(Lane.REMINDERS, MOST_WAITING):
            return None
        found = tx.renewals.page(
            cursor.day + timedelta(days=cursor.days_before), after=cursor.after, limit=AT_ONCE
        )
        if found:
            return Page(found, Cursor(cursor.day, cursor.days_before, found[-1].connector_id))
        later = [days for days in DAYS_BEFORE if days > cursor.days_before]
        return Page([], Cursor(cursor.day, later[0] if later else _DONE))

    def _cursor(self, tx: Tx) -> Cursor | None:
        """Where today's pass stands; None at night, and once it is through."""
        if not is_day(periods.now(), self._zone):
            return None
        today = periods.today(self._zone)
        known = tx.facts.get(_CURSOR)
        cursor = Cursor.parse(known) if known else None
        if cursor is None or cursor.day != today:
            return Cursor(today, DAYS_BEFORE[0])
        return None if cursor.days_before == _DONE else cursor

    @transaction
    def _remind(self, tx: Tx, page: Page) -> int:
        """Write to whoever owns something on this page; an empty one counts while others may follow."""
        for customer_id in dict.fromkeys(each.customer_id for each in page.found):
            self._write_to(tx, customer_id, page.then.day)
        tx.facts.set(_CURSOR, str(page.then))
        return len(page.found) or int(page.then.days_before != _DONE)

    def _write_to(self, tx: Tx, customer_id: int, day: date) -> None:
        customer = tx.customers.get(customer_id)
        if customer is None:
            return
        ends = [day + timedelta(days=days) for days in DAYS_BEFORE]
        found = tx.renewals.of_customer(customer_id, ends, limit=MOST_TOLD + 1)
        ending = [each for each in found if each.tariff in self._payable]
        if not ending:
            return
        at = by_day(zone_of(customer, self._zone), f"renewal:{customer_id}")
        tell(
            tx,
            customer_id,
            NoticeTopic.RENEWAL,
            "runs_out",
            key=f"{day}",
            lane=Lane.REMINDERS,
            not_before=at,
            lines=[_line(each, (at or periods.now()).astimezone(self._zone).date()) for each in ending],
        )


def _line(connector: Connector, on: date) -> dict[str, Any]:
    """`days` are left on the day that he hears of it; `lent` ones wait for a transfer that pays them."""
    assert connector.paid_until is not None
    return {
        "connector_id": connector.id,
        "title": connector.title,
        "paid_until": connector.paid_until,
        "days": (connector.paid_until - on).days,
        "lent": connector.bridged_since is not None,
    }
