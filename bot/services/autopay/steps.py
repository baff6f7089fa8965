"""What the clock does for an autopay before it charges: plan, look ahead, announce, remind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import periods
from bot.domain.autopay_times import (
    LATEST,
    MARGIN,
    NOTICE,
    REMINDER,
    announce_moment,
    charge_day,
    is_day,
    next_day_moment,
    remind_moment,
)
from bot.domain.autopays import Autopay, AutopayReason, AutopayStep
from bot.domain.money import Money
from bot.domain.notice_topics import NoticeTopic
from bot.domain.states import Lane
from bot.services import notice_places
from bot.services.autopay.agreements import no_card_came
from bot.services.autopay.checks import Chargeable, look
from bot.services.autopay.ending import pause
from bot.services.autopay.facts import facts_of
from bot.services.autopay.pace import AT_THE_BOOKS
from bot.services.autopay.plan import AutopayPlan
from bot.services.autopay.postponing import charge_later, forbid, stands_announced
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

YEAR = 12
OVERSLEPT = timedelta(hours=12)
"""Nearer to the charge than this a reminder is no reminder: the charge moves a day on."""


class AutopaySteps:
    """One unit for each autopay that is due: what it finds decides, not what was planned."""

    def __init__(self, database: Database, plan: AutopayPlan) -> None:
        self.database = database
        self._plan = plan
        self._acts: dict[AutopayStep, Callable[[Tx, Autopay], None]] = {
            AutopayStep.CARD: no_card_came,
            AutopayStep.PLAN: plan.plan,
            AutopayStep.PREVIEW: self._preview,
            AutopayStep.ANNOUNCE: self._announce,
            AutopayStep.REMIND: self._remind,
        }

    async def do_due(self, limit: int = 50) -> int:
        """Do what is due of these steps; how many there were. One that fails holds up no other."""
        return sum([await self._do_all(step, await self._due(step, limit)) for step in self._acts])

    async def _do_all(self, step: AutopayStep, due: Sequence[int]) -> int:
        troubles: list[BaseException] = []
        for place in range(0, len(due), AT_THE_BOOKS):
            some = due[place : place + AT_THE_BOOKS]
            ended = await asyncio.gather(*(self._do(each, step) for each in some), return_exceptions=True)
            troubles += [trouble for trouble in ended if trouble is not None]
        for trouble in troubles:
            raise trouble
        return len(due)

    @reading
    def _due(self, tx: Tx, step: AutopayStep, limit: int) -> list[int]:
        return tx.autopays.due(step, limit)

    @transaction
    def _do(self, tx: Tx, autopay_id: int, step: AutopayStep) -> None:
        found = tx.autopays.get(autopay_id)
        assert found is not None
        tx.customers.lock_payer(found.payer_id)
        autopay = tx.autopays.lock(autopay_id)
        assert autopay is not None
        if autopay.step is step and autopay.due_at is not None and autopay.due_at <= periods.now():
            self._acts[step](tx, autopay)

    def _preview(self, tx: Tx, autopay: Autopay) -> None:
        """Seven days before: what would keep it from charging is told while there is time to mend it."""
        found = self._allowed(tx, autopay)
        if found is None:
            return
        if autopay.interval.months >= YEAR or _began_cheaper(tx, autopay):
            key = f"{autopay.id}:{autopay.cycle}"
            facts = {
                **facts_of(tx, autopay),
                "amount": found.price,
                "charge_at": self._plan.charge_at(tx, autopay),
            }
            notice_places.tell(tx, autopay.customer_id, NoticeTopic.AUTOPAY, "autopay_year", key=key, **facts)
        due_at = announce_moment(self._plan.charge_at(tx, autopay), self._plan.zone(tx, autopay.customer_id))
        tx.autopays.change(autopay.id, step=AutopayStep.ANNOUNCE.value, due_at=due_at)

    def _announce(self, tx: Tx, autopay: Autopay) -> None:
        """Sum, day and card, so early that 72 hours are left once it is delivered."""
        zone, moment = self._plan.zone(tx, autopay.customer_id), periods.now()
        if not is_day(moment, zone):
            tx.autopays.change(autopay.id, due_at=next_day_moment(moment, zone, autopay.reference))
            return
        autopay = self._not_overslept(tx, autopay)
        charge_at = self._plan.charge_at(tx, autopay)
        found = self._allowed(tx, autopay)
        if found is None:
            return
        notice_id = self._tell_of_charge(tx, autopay, found.price, charge_at)
        if notice_id is None:
            pause(tx, autopay, AutopayReason.UNDELIVERABLE, tell=False)
            return
        tx.autopays.change(
            autopay.id,
            announced=notice_id,
            announced_minor=found.price.minor,
            step=AutopayStep.REMIND.value,
            due_at=remind_moment(charge_at, zone),
        )

    def _not_overslept(self, tx: Tx, autopay: Autopay) -> Autopay:
        """The autopay with a day that can still be announced: the bot may have been down meanwhile."""
        moment = periods.now()
        if self._plan.charge_at(tx, autopay) >= moment + LATEST:
            return autopay
        zone = self._plan.zone(tx, autopay.customer_id)
        on = charge_day(moment + NOTICE + MARGIN, zone, autopay.reference)
        tx.autopays.change(autopay.id, charge_on=on)
        return replace(autopay, charge_on=on)

    def _remind(self, tx: Tx, autopay: Autopay) -> None:
        """A day before, once it is known that the announcement was delivered."""
        if not stands_announced(tx, self._plan, autopay):
            return
        found = self._allowed(tx, autopay)
        if found is None:
            return
        zone, charge_at = self._plan.zone(tx, autopay.customer_id), self._plan.charge_at(tx, autopay)
        if not is_day(periods.now(), zone):
            due_at = next_day_moment(periods.now(), zone, autopay.reference)
            tx.autopays.change(autopay.id, due_at=due_at)
            return
        if not notice_places.reaches(tx, autopay.customer_id, NoticeTopic.AUTOPAY):
            pause(tx, autopay, AutopayReason.UNDELIVERABLE, tell=False)
            return
        if charge_at < periods.now() + OVERSLEPT:
            charge_later(tx, autopay, periods.now() + REMINDER, self._plan)
            return
        facts = {**facts_of(tx, autopay), "amount": found.price, "charge_at": charge_at}
        key = f"{autopay.id}:{autopay.cycle}:{autopay.charge_on}"
        notice_places.tell(tx, autopay.customer_id, NoticeTopic.AUTOPAY, "autopay_reminded", key=key, **facts)
        tx.autopays.change(autopay.id, step=AutopayStep.CHARGE.value, due_at=charge_at)

    def _allowed(self, tx: Tx, autopay: Autopay) -> Chargeable | None:
        """What would be charged; None where something forbids it, which is dealt with here."""
        today = self._plan.today(tx, autopay.customer_id)
        found = look(tx, self._plan, autopay, today)
        if isinstance(found, Chargeable):
            return found
        forbid(tx, self._plan, autopay, found)
        return None

    def _tell_of_charge(self, tx: Tx, autopay: Autopay, price: Money, charge_at: datetime) -> int | None:
        facts = {
            **facts_of(tx, autopay),
            "amount": price,
            "was": autopay.amount if price != autopay.amount else None,
            "charge_at": charge_at,
        }
        return notice_places.tell(
            tx, autopay.customer_id, NoticeTopic.AUTOPAY, "autopay_announced", lane=Lane.REMINDERS, **facts
        )


def _began_cheaper(tx: Tx, autopay: Autopay) -> bool:
    """Whether its first charge takes more than what was paid when it began: schemes want a week's notice."""
    began = tx.payments.get(autopay.begun_by) if autopay.begun_by is not None else None
    return began is not None and began.amount < autopay.amount and not tx.attempts.has_charges(autopay.id)
