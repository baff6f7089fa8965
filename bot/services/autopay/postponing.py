"""Putting a charge off: until it may be made, is announced anew, or was told of long enough before."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import periods
from bot.domain.autopay_times import (
    MARGIN,
    NOTICE,
    charge_day,
    charge_moment,
    remind_moment,
)
from bot.domain.autopays import Autopay, AutopayReason, AutopayState, AutopayStep
from bot.domain.notice_topics import NoticeTopic
from bot.domain.states import NoticeState
from bot.services import notice_places
from bot.services.autopay.checks import Forbidden
from bot.services.autopay.ending import pause
from bot.services.autopay.facts import facts_of
from bot.services.autopay.plan import AutopayPlan
from bot.storage.tx import Tx

WAIT_FOR_DELIVERY = timedelta(minutes=30)
STALE = timedelta(days=3)
"""Later than this a charge is not the one that was told of any more."""


def forbid(tx: Tx, plan: AutopayPlan, autopay: Autopay, found: Forbidden) -> None:
    """Let it wait for the day that was named, or pause it and say why."""
    if found.reason is AutopayReason.PRICE_CHANGED:
        told = pause(tx, autopay, AutopayReason.PRICE_CHANGED, tell=False)
        if told:
            new = plan.next_price(tx, autopay)
            facts = {**facts_of(tx, autopay), "old": autopay.amount, "new": new}
            key = f"{autopay.id}:{new}:{autopay.cycle}"
            notice_places.tell(
                tx, autopay.customer_id, NoticeTopic.CHARGES, "autopay_price_changed", key=key, **facts
            )
    elif found.reason is not None:
        pause(tx, autopay, found.reason)
    elif found.until is not None:
        zone = plan.zone(tx, autopay.customer_id)
        due_at = charge_moment(found.until, zone, autopay.reference)
        plan_anew(tx, autopay, due_at)


def plan_anew(tx: Tx, autopay: Autopay, at: datetime | None = None) -> None:
    """Forget that it was announced: another sum, period or day needs an announcement of its own.

    A retry as well; the tries of its cycle still count.
    """
    moment, active = at or periods.now(), AutopayState.ACTIVE.value
    tx.autopays.plan_at(autopay.id, moment, announced_anew=True, state=active)


def is_stale(tx: Tx, plan: AutopayPlan, autopay: Autopay) -> bool:
    """Whether the day that was told is long past: nothing ran, or the provider was switched off."""
    return periods.now() > plan.charge_at(tx, autopay) + STALE


def stands_announced(tx: Tx, plan: AutopayPlan, autopay: Autopay) -> bool:
    """Whether the announcement was delivered 72 hours before the charge; if not, what to do about it is done.

    A notice that Telegram refused goes by e-mail; what reaches the customer by no road is not charged.
    """
    if autopay.announced is None:
        plan.plan(tx, autopay)
        return False
    told = tx.outbox.delivered(autopay.announced)
    moment = periods.now()
    if told is None or is_stale(tx, plan, autopay):
        plan_anew(tx, autopay)
        return False
    if told.state is NoticeState.DUE:
        tx.autopays.change(autopay.id, due_at=moment + WAIT_FOR_DELIVERY)
        return False
    if told.state is NoticeState.DEAD or told.sent_at is None:
        _by_another_road(tx, plan, autopay)
        return False
    if plan.charge_at(tx, autopay) >= told.sent_at + NOTICE:
        return True
    charge_later(tx, autopay, told.sent_at + NOTICE, plan)
    return False


def _by_another_road(tx: Tx, plan: AutopayPlan, autopay: Autopay) -> None:
    letter = notice_places.fall_back(tx, autopay.announced) if autopay.announced else None
    if letter is None:
        pause(tx, autopay, AutopayReason.UNDELIVERABLE)
        return
    tx.autopays.change(autopay.id, announced=letter)
    charge_later(tx, autopay, periods.now() + NOTICE + MARGIN, plan)


def charge_later(tx: Tx, autopay: Autopay, soonest: datetime, plan: AutopayPlan) -> None:
    """Move the charge to the first day on which the notice is old enough."""
    zone = plan.zone(tx, autopay.customer_id)
    on = charge_day(soonest, zone, autopay.reference)
    charge_at = charge_moment(on, zone, autopay.reference)
    due_at = max(remind_moment(charge_at, zone), periods.now())
    tx.autopays.change(autopay.id, charge_on=on, step=AutopayStep.REMIND.value, due_at=due_at)
