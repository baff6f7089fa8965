"""When an autopay charges next, for what and how much; written down in the unit of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.autopay_times import (
    MARGIN,
    NOTICE,
    RETRY_DAYS,
    announce_moment,
    charge_moment,
    preview_moment,
    remind_moment,
    retry_moment,
)
from bot.domain.autopays import CHARGING, Autopay, AutopayState, AutopayStep, Interval
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.services.zones import zone_where
from bot.storage.tx import Tx

OVERSLEPT = timedelta(days=1)
"""A retry whose day has passed while nothing ran is made a day later, not at once."""


@dataclass(frozen=True, slots=True)
class NextCharge:
    """What the next charge pays for, and when; `at` is a moment by day in the customer's zone."""

    cycle: str
    on: date
    at: datetime


class AutopayPlan:
    """The dates of autopays. A connector's is charged before paid-until, an account's by its own calendar."""

    def __init__(self, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self._catalogue = catalogue
        self._zone = zone

    def zone(self, tx: Tx, customer_id: int) -> ZoneInfo:
        return zone_where(tx, customer_id, self._zone)

    def today(self, tx: Tx, customer_id: int) -> date:
        """The day that it is where he lives."""
        return periods.today(self.zone(tx, customer_id))

    def charge_at(self, tx: Tx, autopay: Autopay) -> datetime:
        """The moment of the day that it is planned for."""
        assert autopay.charge_on is not None
        return charge_moment(autopay.charge_on, self.zone(tx, autopay.customer_id), autopay.reference)

    def price(self, connector: Connector, interval: Interval, currency: str) -> Money | None:
        """What the interval costs today, without any discount; None where it is not sold so any more."""
        tariff = self._catalogue.tariff(connector.tariff)
        period = tariff.period(interval.months) if tariff else None
        return period.price(currency) if period else None

    def next_price(self, tx: Tx, autopay: Autopay) -> Money | None:
        """What the next charge takes at today's price."""
        if autopay.connector_id is None:
            return autopay.amount
        connector = tx.connectors.get(autopay.connector_id)
        return self.price(connector, autopay.interval, autopay.amount.currency) if connector else None

    def first_day(self, tx: Tx, customer_id: int, wished: date, reference: str = "") -> date:
        """The wished day, or the first after it whose charge can still be announced 72 hours before."""
        return _announceable(wished, self.zone(tx, customer_id), reference)

    def wished_day(self, connector: Connector, lead_days: int, today: date) -> date:
        """A day before it runs out; at once where it has, or never ran."""
        return connector.paid_until - timedelta(days=lead_days) if connector.paid_until else today

    def cycle(self, autopay: Autopay, connector: Connector | None) -> str:
        """What a charge would pay for now; an account's is what it was planned for."""
        if connector is None:
            return autopay.cycle
        return connector.paid_until.isoformat() if connector.paid_until else "first"

    def next_day(self, tx: Tx, autopay: Autopay) -> date:
        """The day that `plan` would come to."""
        return self._next(tx, autopay, self.zone(tx, autopay.customer_id)).on

    def plan(self, tx: Tx, autopay: Autopay) -> None:
        """Find the next charge anew; what is under way, paused or ended is left alone."""
        if autopay.state not in CHARGING:
            tx.autopays.change(autopay.id, step="", due_at=None)
            return
        zone = self.zone(tx, autopay.customer_id)
        found = self._next(tx, autopay, zone)
        if found.cycle == autopay.cycle and autopay.state is AutopayState.RETRYING:
            self._retry(tx, autopay, autopay.tries, _first_try(autopay, autopay.tries))
            return
        is_same = (found.cycle, found.on) == (autopay.cycle, autopay.charge_on)
        step, due_at = _first_step(found.at, zone, announced=is_same and autopay.announced is not None)
        tx.autopays.change(
            autopay.id,
            state=AutopayState.ACTIVE.value,
            reason="",
            step=step.value,
            due_at=due_at,
            **({} if is_same else _new_cycle(found, autopay.cycle)),
        )

    def try_again(self, tx: Tx, autopay: Autopay) -> datetime | None:
        """After one more declined charge of this cycle: when the next is; None when there is none."""
        return self._retry(tx, autopay, autopay.tries + 1, _first_try(autopay, autopay.tries))

    def _retry(self, tx: Tx, autopay: Autopay, tries: int, first: date) -> datetime | None:
        """The days are counted from the first declined charge."""
        zone = self.zone(tx, autopay.customer_id)
        at = retry_moment(first, tries, zone, autopay.reference)
        if at is None:
            return None
        if at <= periods.now():
            at = charge_moment((periods.now() + OVERSLEPT).astimezone(zone).date(), zone, autopay.reference)
        tx.autopays.change(
            autopay.id,
            state=AutopayState.RETRYING.value,
            tries=tries,
            unsent=0,
            charge_on=first + timedelta(days=RETRY_DAYS[tries - 1]),
            step=AutopayStep.RETRY.value,
            due_at=at,
        )
        return at

    def _next(self, tx: Tx, autopay: Autopay, zone: ZoneInfo) -> NextCharge:
        today = periods.today(zone)
        if autopay.connector_id is None:
            wished = autopay.charge_on or today
            on = _announceable(wished, zone, autopay.reference, announced_for=_announced(autopay))
            return NextCharge(on.isoformat(), on, charge_moment(on, zone, autopay.reference))
        connector = tx.connectors.get(autopay.connector_id)
        assert connector is not None
        wished = self.wished_day(connector, autopay.lead_days, today)
        cycle = self.cycle(autopay, connector)
        is_same = cycle == autopay.cycle
        on = _announceable(
            wished, zone, autopay.reference, announced_for=_announced(autopay) if is_same else None
        )
        return NextCharge(cycle, on, charge_moment(on, zone, autopay.reference))


def _first_try(autopay: Autopay, tries: int) -> date:
    """The day of this cycle's first charge: `charge_on` is the day of the try after so many declined ones."""
    assert autopay.charge_on is not None
    return autopay.charge_on - timedelta(days=(0, *RETRY_DAYS)[tries])


def _announced(autopay: Autopay) -> date | None:
    return autopay.charge_on if autopay.announced is not None else None


def _announceable(wished: date, zone: ZoneInfo, reference: str, *, announced_for: date | None = None) -> date:
    """The first day from the wished one on that is far enough away, or was announced already."""
    if announced_for is not None and announced_for >= wished:
        return announced_for
    soonest = periods.now() + NOTICE + 2 * MARGIN
    on = max(wished, soonest.astimezone(zone).date())
    while (
        charge_moment(on, zone, reference) < soonest
        or announce_moment(charge_moment(on, zone, reference), zone) < periods.now()
    ):
        on += timedelta(days=1)
    return on


def _first_step(charge_at: datetime, zone: ZoneInfo, *, announced: bool) -> tuple[AutopayStep, datetime]:
    """Where the way to the next charge begins: what lies behind us is not done any more."""
    moment = periods.now()
    if announced:
        return AutopayStep.REMIND, max(remind_moment(charge_at, zone), moment)
    if (preview := preview_moment(charge_at, zone)) > moment:
        return AutopayStep.PREVIEW, preview
    return AutopayStep.ANNOUNCE, max(announce_moment(charge_at, zone), moment)


def _new_cycle(found: NextCharge, before: str) -> dict[str, Any]:
    """What is forgotten with the cycle before: its tries, and that its charge was announced."""
    announced: dict[str, Any] = {"announced": None, "announced_minor": None}
    if found.cycle == before:
        return {"charge_on": found.on, **announced}
    return {"cycle": found.cycle, "charge_on": found.on, "tries": 0, "unsent": 0, **announced}
