"""What may be suspended, from when and for how long: the catalogue's rules and the connectors' own dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.autopay_terms import SuspensionTerms
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.suspensions import LATEST_START_DAYS, Span, Suspension, latest_end, least_end
from bot.services.connectors import own_connector
from bot.services.payers import own_payer
from bot.services.suspension import changes as suspending
from bot.services.suspension.views import Subject, SuspensionStand
from bot.storage.tx import Tx

MOST_TOGETHER = 100
"""All of an account's connectors start and end in one unit."""


class Choice:
    """NotYours for whatever is somebody else's."""

    def __init__(self, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self._catalogue = catalogue
        self._zone = zone
        self._without_fee = catalogue.not_renewed

    def stand(self, tx: Tx, customer_id: int, subject: Subject) -> SuspensionStand:
        """What lasts ends in its time, though the catalogue offers nothing any more."""
        payer_id, lasts = self.payer_of(tx, customer_id, subject), lasting(tx, subject)
        if lasts is not None or self._catalogue.suspension is None:
            return SuspensionStand(lasts, can_start=False)
        today = periods.today(self._zone)
        if subject.connector_id:
            connectors = self.connectors(tx, customer_id, subject)
            return SuspensionStand(None, can_start=bool(self.that_can(connectors, today)))
        return SuspensionStand(None, can_start=tx.connectors.any_paid(payer_id, today, self._without_fee))

    def terms(self) -> SuspensionTerms:
        if self._catalogue.suspension is None:
            raise CustomerError("suspension_off")
        return self._catalogue.suspension

    def check(self, span: Span) -> None:
        """Refuse what is too soon, too late, too short or too long."""
        terms, today = self.terms(), periods.today(self._zone)
        latest = today + timedelta(days=LATEST_START_DAYS)
        if not today <= span.starts_on <= latest:
            raise CustomerError("suspension_start_wrong", date=latest)
        if span.ends_on < least_end(span.starts_on, terms):
            raise CustomerError("suspension_too_short", least=terms.least_days)
        if span.ends_on > latest_end(span.starts_on, terms):
            raise CustomerError("suspension_too_long", most=terms.most_months)

    def chosen(self, tx: Tx, customer_id: int, subject: Subject, span: Span) -> list[Connector]:
        """What would rest; refused where there is nothing, or something rests already."""
        if lasting(tx, subject) is not None:
            raise CustomerError("suspended_already")
        chosen = self.that_can(self.connectors(tx, customer_id, subject), span.starts_on)
        chosen = [each for each in chosen if tx.suspensions.of_connector(each.id) is None]
        if not chosen:
            raise CustomerError("nothing_to_suspend")
        if len(chosen) > MOST_TOGETHER:
            raise CustomerError("too_many_to_suspend", most=MOST_TOGETHER)
        return chosen

    def that_can(self, connectors: Sequence[Connector], starts_on: date) -> list[Connector]:
        """Metered ones cost nothing while they are not used, and of what is paid for once no fee is left."""
        return [
            each
            for each in connectors
            if not suspending.can_rest(each, starts_on) and each.tariff not in self._without_fee
        ]

    def connectors(self, tx: Tx, customer_id: int, subject: Subject) -> list[Connector]:
        if subject.connector_id:
            return [own_connector(tx, customer_id, subject.connector_id)]
        return tx.connectors.of_payer(own_payer(tx, customer_id, subject.payer_id).id)

    def payer_of(self, tx: Tx, customer_id: int, subject: Subject) -> int:
        if not subject.connector_id:
            return own_payer(tx, customer_id, subject.payer_id).id
        payer_id = own_connector(tx, customer_id, subject.connector_id).payer_id
        assert payer_id is not None, "it is this customer's own"
        return payer_id

    def title(self, tx: Tx, customer_id: int, subject: Subject) -> str:
        if subject.connector_id:
            return own_connector(tx, customer_id, subject.connector_id).title
        return own_payer(tx, customer_id, subject.payer_id).title


def lasting(tx: Tx, subject: Subject) -> Suspension | None:
    if subject.connector_id:
        return tx.suspensions.of_connector(subject.connector_id)
    return tx.suspensions.of_account(subject.payer_id)


def has_autopay(tx: Tx, subject: Subject) -> bool:
    if subject.connector_id:
        return tx.autopays.of_connector(subject.connector_id) is not None
    return bool(tx.autopays.of_payer(subject.payer_id))
