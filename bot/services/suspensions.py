"""A customer does without a connector, or all that a payer pays for, and no fee is taken meanwhile.

Before it starts nothing is moved, and it can be called off; then `suspension/changes.py` moves the date.
Nobody plans one for what has run out, is lent, or rests already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.suspensions import (
    LATEST_START_DAYS,
    Span,
    Suspension,
    SuspensionState,
    later,
)
from bot.services.suspension import changes as suspending
from bot.services.suspension import news
from bot.services.suspension.choice import Choice, has_autopay, lasting
from bot.services.suspension.views import Resting, Subject, SuspensionOffer, SuspensionStand
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

AT_ONCE = 100

log = structlog.get_logger()


def until(tx: Tx, connector: Connector) -> date | None:
    """The day before which nothing is charged for it: it rests, or will before it runs out."""
    found = tx.suspensions.of_connector(connector.id)
    if found is None or (not found.is_running and suspending.can_rest(connector, found.starts_on)):
        return None
    return found.ends_on


def account_until(tx: Tx, payer_id: int, on: date) -> date | None:
    """The same of a payer's top-ups, for a charge on that day."""
    found = tx.suspensions.of_account(payer_id)
    return found.ends_on if found is not None and found.starts_on <= on < found.ends_on else None


class SuspensionService:
    """Only where the catalogue has [suspension]; who has the connector now decides, whoever planned it."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._choice = Choice(catalogue, zone)
        self._zone = zone

    @reading
    def stand(self, tx: Tx, customer_id: int, subject: Subject) -> SuspensionStand:
        """For the page of a connector or an account: what lasts, or whether one may be begun."""
        return self._choice.stand(tx, customer_id, subject)

    @reading
    def offer(self, tx: Tx, customer_id: int, subject: Subject) -> SuspensionOffer:
        """What may be chosen now; NotYours for what is somebody else's."""
        today, terms = periods.today(self._zone), self._choice.terms()
        can_rest = self._choice.that_can(self._choice.connectors(tx, customer_id, subject), today)
        latest = max((each.paid_until for each in can_rest if each.paid_until), default=today)
        return SuspensionOffer(
            subject=subject,
            title=self._choice.title(tx, customer_id, subject),
            earliest=today,
            latest=min(latest, today + timedelta(days=LATEST_START_DAYS)),
            terms=terms,
            can_rest=bool(can_rest),
            lasting=lasting(tx, subject),
            has_autopay=has_autopay(tx, subject),
        )

    @reading
    def preview(self, tx: Tx, customer_id: int, subject: Subject, span: Span) -> list[Resting]:
        """Which connectors would rest, and until when they would be paid afterwards."""
        self._choice.check(span)
        return [
            Resting(each.title, each.paid_until, later(each.paid_until, span.days))
            for each in self._choice.chosen(tx, customer_id, subject, span)
            if each.paid_until is not None
        ]

    @transaction
    def plan(self, tx: Tx, customer_id: int, subject: Subject, span: Span) -> Suspension:
        """Let it rest from that day on; from today on, at once."""
        self._choice.check(span)
        tx.customers.lock_payer(self._choice.payer_of(tx, customer_id, subject))
        chosen = self._choice.chosen(tx, customer_id, subject, span)
        planned = self._written(tx, customer_id, subject, span, chosen)
        tx.audit.note(customer_id, "suspension_planned", f"suspension:{planned.id}", ends_on=span.ends_on)
        if span.starts_on > periods.today(self._zone):
            news.tell_planned(tx, planned, self._zone)
        else:
            suspending.start(tx, planned, self._zone)
        return self._reread(tx, planned)

    @transaction
    def cancel(self, tx: Tx, customer_id: int, suspension_id: int) -> Suspension:
        """Call off what has not started."""
        planned = self._locked(tx, customer_id, suspension_id)
        if planned.state is not SuspensionState.PLANNED:
            raise CustomerError("suspension_over")
        suspending.cancel(tx, planned, "customer")
        tx.audit.note(customer_id, "suspension_cancelled", f"suspension:{planned.id}")
        return self._reread(tx, planned)

    @transaction
    def resume(self, tx: Tx, customer_id: int, suspension_id: int) -> Suspension:
        """Let it work again from today on; the days that were left are no longer added to its date."""
        running = self._locked(tx, customer_id, suspension_id)
        if not running.is_running:
            raise CustomerError("suspension_over")
        suspending.finish(tx, running, self._zone, early_on=periods.today(self._zone))
        tx.audit.note(customer_id, "suspension_resumed", f"suspension:{running.id}")
        return self._reread(tx, running)

    async def advance(self) -> int:
        """The clock: start and end what is due; how much that was."""
        return sum([await self._advance(suspension_id) for suspension_id in await self._due()])

    @reading
    def _due(self, tx: Tx) -> list[int]:
        return tx.suspensions.due(AT_ONCE)

    @transaction
    def _advance(self, tx: Tx, suspension_id: int) -> bool:
        found = tx.suspensions.get(suspension_id)
        if found is None:
            return False
        tx.customers.lock_payer(found.payer_id)
        due = tx.suspensions.get(suspension_id)
        if due is None or due.next_at is None or due.next_at > periods.now():
            return False
        log.info("suspension.due", suspension_id=due.id, state=due.state.value)
        if due.is_running:
            suspending.finish(tx, due, self._zone)
        else:
            suspending.start(tx, due, self._zone)
        return True

    def _written(
        self, tx: Tx, customer_id: int, subject: Subject, span: Span, chosen: Sequence[Connector]
    ) -> Suspension:
        """One row; for an account one more for each connector, which starts with it."""
        payer_id, only = self._choice.payer_of(tx, customer_id, subject), subject.connector_id or None
        at = suspending.midnight(span.starts_on, self._zone)
        row = tx.suspensions.plan(customer_id, payer_id, only, span, next_at=at)
        planned = tx.suspensions.get(row) if row is not None else None
        if planned is None:
            raise CustomerError("suspended_already")
        if only is None:
            for each in chosen:
                tx.suspensions.plan(customer_id, payer_id, each.id, span, next_at=None, part_of=planned.id)
        return planned

    def _locked(self, tx: Tx, customer_id: int, suspension_id: int) -> Suspension:
        """The customer's, behind its payer's lock."""
        found = tx.suspensions.get_for_customer(suspension_id, customer_id)
        if found is None:
            raise NotYours
        tx.customers.lock_payer(found.payer_id)
        return self._reread(tx, found)

    def _reread(self, tx: Tx, suspension: Suspension) -> Suspension:
        found = tx.suspensions.get(suspension.id)
        assert found is not None
        return found
