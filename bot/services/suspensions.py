"""A customer does without a connector, or all that a payer pays for, and no fee is taken meanwhile.

Before it starts nothing is moved, and it can be called off; then `services/suspending.py` moves the date.
Nobody plans one for what has run out, is lent, or rests already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain import periods
from bot.domain.autopay_terms import SuspensionTerms
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.suspensions import (
    LATEST_START_DAYS,
    Span,
    Suspension,
    SuspensionState,
    later,
    latest_end,
    least_end,
)
from bot.services import suspending
from bot.services import suspension_news as news
from bot.services.connectors import own_connector
from bot.services.payers import own_payer
from bot.services.suspension_views import Resting, Subject, SuspensionOffer
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

AT_ONCE = 100
MOST_TOGETHER = 100
"""All of an account's connectors start and end in one unit."""

log = structlog.get_logger()


def until(tx: Tx, connector: Connector) -> date | None:
    """The day before which nothing is charged for it: it rests, or will before it runs out."""
    lasting = tx.suspensions.of_connector(connector.id)
    if lasting is None or (not lasting.is_running and suspending.can_rest(connector, lasting.starts_on)):
        return None
    return lasting.ends_on


def account_until(tx: Tx, payer_id: int, on: date) -> date | None:
    """The same of a payer's top-ups, for a charge on that day."""
    lasting = tx.suspensions.of_account(payer_id)
    return lasting.ends_on if lasting is not None and lasting.starts_on <= on < lasting.ends_on else None


class SuspensionService:
    """Only where the catalogue has [suspension]; who has the connector now decides, whoever planned it."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._zone = zone

    @property
    def is_on(self) -> bool:
        return self._catalogue.suspension is not None

    @reading
    def offer(self, tx: Tx, customer_id: int, subject: Subject) -> SuspensionOffer:
        """What may be chosen now; NotYours for what is somebody else's."""
        today, terms = periods.today(self._zone), self._terms()
        can_rest = self._that_can(self._connectors(tx, customer_id, subject), today)
        latest = max((each.paid_until for each in can_rest if each.paid_until), default=today)
        return SuspensionOffer(
            subject=subject,
            title=self._title(tx, customer_id, subject),
            earliest=today,
            latest=min(latest, today + timedelta(days=LATEST_START_DAYS)),
            terms=terms,
            can_rest=bool(can_rest),
            lasting=_lasting(tx, subject),
            has_autopay=_has_autopay(tx, subject),
        )

    @reading
    def preview(self, tx: Tx, customer_id: int, subject: Subject, span: Span) -> list[Resting]:
        """Which connectors would rest, and until when they would be paid afterwards."""
        self._check(span)
        return [
            Resting(each.title, each.paid_until, later(each.paid_until, span.days))
            for each in self._chosen(tx, customer_id, subject, span)
            if each.paid_until is not None
        ]

    @transaction
    def plan(self, tx: Tx, customer_id: int, subject: Subject, span: Span) -> Suspension:
        """Let it rest from that day on; from today on, at once."""
        self._check(span)
        tx.customers.lock_payer(self._payer_of(tx, customer_id, subject))
        chosen = self._chosen(tx, customer_id, subject, span)
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

    @reading
    def lasting(self, tx: Tx, customer_id: int, subject: Subject) -> Suspension | None:
        """The one that lasts, for a connector's or an account's own screen."""
        self._payer_of(tx, customer_id, subject)
        return _lasting(tx, subject)

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

    def _terms(self) -> SuspensionTerms:
        if self._catalogue.suspension is None:
            raise CustomerError("suspension_off")
        return self._catalogue.suspension

    def _check(self, span: Span) -> None:
        terms, today = self._terms(), periods.today(self._zone)
        if not today <= span.starts_on <= today + timedelta(days=LATEST_START_DAYS):
            raise CustomerError("suspension_start_wrong", days=LATEST_START_DAYS)
        if span.ends_on < least_end(span.starts_on, terms):
            raise CustomerError("suspension_too_short", least=terms.least_days)
        if span.ends_on > latest_end(span.starts_on, terms):
            raise CustomerError("suspension_too_long", most=terms.most_months)

    def _chosen(self, tx: Tx, customer_id: int, subject: Subject, span: Span) -> list[Connector]:
        if _lasting(tx, subject) is not None:
            raise CustomerError("suspended_already")
        chosen = self._that_can(self._connectors(tx, customer_id, subject), span.starts_on)
        chosen = [each for each in chosen if tx.suspensions.of_connector(each.id) is None]
        if not chosen:
            raise CustomerError("nothing_to_suspend")
        if len(chosen) > MOST_TOGETHER:
            raise CustomerError("too_many_to_suspend", most=MOST_TOGETHER)
        return chosen

    def _that_can(self, connectors: Sequence[Connector], starts_on: date) -> list[Connector]:
        """Of metered ones no fee is taken while they are not used."""
        return [
            each
            for each in connectors
            if not suspending.can_rest(each, starts_on)
            and not ((tariff := self._catalogue.tariff(each.tariff)) and tariff.metered)
        ]

    def _connectors(self, tx: Tx, customer_id: int, subject: Subject) -> list[Connector]:
        if subject.connector_id:
            return [own_connector(tx, customer_id, subject.connector_id)]
        return tx.connectors.of_payer(own_payer(tx, customer_id, subject.payer_id).id)

    def _payer_of(self, tx: Tx, customer_id: int, subject: Subject) -> int:
        if not subject.connector_id:
            return own_payer(tx, customer_id, subject.payer_id).id
        payer_id = own_connector(tx, customer_id, subject.connector_id).payer_id
        assert payer_id is not None, "it is this customer's own"
        return payer_id

    def _title(self, tx: Tx, customer_id: int, subject: Subject) -> str:
        if subject.connector_id:
            return own_connector(tx, customer_id, subject.connector_id).title
        return own_payer(tx, customer_id, subject.payer_id).title

    def _written(
        self, tx: Tx, customer_id: int, subject: Subject, span: Span, chosen: Sequence[Connector]
    ) -> Suspension:
        """One row; for an account one more for each connector, which starts with it."""
        payer_id, only = self._payer_of(tx, customer_id, subject), subject.connector_id or None
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


def _lasting(tx: Tx, subject: Subject) -> Suspension | None:
    if subject.connector_id:
        return tx.suspensions.of_connector(subject.connector_id)
    return tx.suspensions.of_account(subject.payer_id)


def _has_autopay(tx: Tx, subject: Subject) -> bool:
    if subject.connector_id:
        return tx.autopays.of_connector(subject.connector_id) is not None
    return bool(tx.autopays.of_payer(subject.payer_id))
