"""A connector whose autopay could not pay for it: grace, then limited, then stopped; any money ends it.

The stages are counted from the first day that is not paid for. They are told by day, where the customer
lives, to him and to the seller's system, which does the limiting. Deleting the autopay pays nothing, so the
stages go on; but he is not written to any more: the first notice named every date to come.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.domain import periods
from bot.domain.arrears import Arrears, ArrearsStage, Course, course
from bot.domain.autopay_times import RETRY_BEGINS, RETRY_DAYS, is_day, next_day_moment
from bot.domain.autopays import Autopay, AutopayReason, AutopayState
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.notice_topics import NoticeTopic
from bot.services import seller
from bot.services.autopay import ending as autopay_ending
from bot.services.autopay.facts import facts_of
from bot.services.notice_places import tell
from bot.services.zones import zone_where
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

AT_ONCE = 200
FAILED = (
    AutopayReason.RETRIES_EXHAUSTED,
    AutopayReason.HARD_DECLINED,
    AutopayReason.CARD_EXPIRED,
)
"""An autopay that is paused for one of these meant to pay, and did not; unlinking its card means not to."""
DAY = timedelta(days=1)
LATELY = timedelta(days=RETRY_DAYS[-1])
"""What ran out while its autopay was being tried again, ran out no longer ago."""

log = structlog.get_logger()


def begin(tx: Tx, autopay: Autopay, connector: Connector, on: date) -> bool:
    """Note that the connector ran out without its autopay having paid; the clock tells everybody by day.

    One that had run out long before owes from that day on: nobody is stopped who was not warned.
    """
    if connector.paid_until is None or connector.paid_until >= on:
        return False
    return tx.arrears.begin(
        connector.id,
        autopay_id=autopay.id,
        customer_id=autopay.customer_id,
        since=connector.paid_until + DAY if connector.paid_until >= on - LATELY else on,
        next_at=periods.now(),
    )


def end(tx: Tx, connector_id: str, how: str) -> Arrears | None:
    """End what the connector owed, if its date pays for that; what it was, or None.

    To be called once the new date was told: the seller hears of both in that order. `how` is "paid", or what
    else moved the date: "import", "api", "bridge", "suspension".
    """
    owed = tx.arrears.of_connector(connector_id)
    connector = tx.connectors.get(connector_id) if owed else None
    if owed is None or connector is None or not _is_paid(connector, owed):
        return None
    if not tx.arrears.end(owed.id, how):
        return None
    if owed.stage is not ArrearsStage.NOTED:
        seller.tell_restored(tx, connector_id, owed, how)
    return owed


def period_begins(tx: Tx, connector: Connector, on: date) -> date:
    """The day that a period counts from which is paid for now: the days of grace are a part of it.

    Not so those before, when it was out of use: it may have run out long before its autopay failed.
    """
    if connector.paid_until is None or connector.paid_until >= on:
        return on
    owed = tx.arrears.of_connector(connector.id)
    if owed is not None:
        return max(connector.paid_until, owed.since - DAY) if owed.is_in_grace else on
    autopay = tx.autopays.of_connector(connector.id)  # the clock may not have noted it yet
    is_tried = autopay is not None and autopay.state is AutopayState.RETRYING
    return connector.paid_until if is_tried and connector.paid_until >= on - LATELY else on


def _is_paid(connector: Connector, owed: Arrears) -> bool:
    """A connector without a date owes nothing either."""
    return connector.paid_until is None or connector.paid_until >= owed.since


class ArrearsService:
    """The clock's part: what has to begin begins, and goes on from stage to stage."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._terms = catalogue.autopay
        self._zone = zone

    async def advance(self) -> int:
        """Do what is due now; how much that was."""
        begun = [await self._begin(autopay_id) for autopay_id in await self._missing()]
        moved = [await self._move(arrears_id) for arrears_id in await self._due()]
        return sum(begun) + sum(moved)

    @reading
    def _missing(self, tx: Tx) -> list[int]:
        return tx.arrears.missing(periods.today(self._zone), FAILED, AT_ONCE)

    @reading
    def _due(self, tx: Tx) -> list[int]:
        return tx.arrears.due(AT_ONCE)

    @transaction
    def _begin(self, tx: Tx, autopay_id: int) -> bool:
        autopay = tx.autopays.get(autopay_id)
        connector = self._locked(tx, autopay.connector_id) if autopay else None
        autopay = tx.autopays.get(autopay_id)
        if autopay is None or connector is None or not _is_failing(autopay):
            return False
        return begin(tx, autopay, connector, periods.today(self._zone))

    @transaction
    def _move(self, tx: Tx, arrears_id: int) -> bool:
        """To the stage that this day has; told by day alone."""
        owed = tx.arrears.get(arrears_id)
        connector = self._locked(tx, owed.connector_id) if owed else None
        owed = tx.arrears.get(arrears_id)
        if owed is None or connector is None:
            return False
        if _is_paid(connector, owed):
            return end(tx, connector.id, "moved") is not None
        zone, moment = zone_where(tx, owed.customer_id, self._zone), periods.now()
        if not is_day(moment, zone):
            tx.arrears.postpone(owed.id, next_day_moment(moment, zone, f"arrears:{owed.id}"))
            return True
        return self._go_on(tx, owed, connector, zone)

    def _go_on(self, tx: Tx, owed: Arrears, connector: Connector, zone: ZoneInfo) -> bool:
        days = course(owed.since, self._terms)
        stage = max(owed.stage, days.stage_on(periods.today(zone)), key=list(ArrearsStage).index)
        ends_on = days.ends_on(stage)
        next_at = datetime.combine(ends_on, RETRY_BEGINS, zone) if ends_on else None
        if not tx.arrears.move(owed.id, to=stage, only_from=owed.stage, next_at=next_at):
            return False
        if stage is owed.stage:
            return True
        if stage is ArrearsStage.STOPPED:
            _end_autopay(tx, owed.autopay_id)
        seller.tell_arrears(tx, connector.id, stage, days)
        self._tell(tx, owed, connector, stage, days)
        log.info("arrears.moved", arrears_id=owed.id, stage=stage.value)
        return True

    def _tell(self, tx: Tx, owed: Arrears, connector: Connector, stage: ArrearsStage, days: Course) -> None:
        autopay = tx.autopays.get(owed.autopay_id)
        assert autopay is not None
        if not _may_be_told(tx, autopay, connector):
            return
        facts: dict[str, Any] = {
            **facts_of(tx, autopay),
            "since": days.since,
            "until": days.ends_on(stage) or days.kept_until,
            "kept_until": days.kept_until,
            "order_id": next(iter(tx.orders.open_with([connector.id])), 0),
        }
        kind = (
            "arrears_stopped"
            if stage is ArrearsStage.STOPPED
            else "arrears_limited"
            if stage is ArrearsStage.LIMITED
            else "arrears_grace"
        )
        tell(tx, autopay.customer_id, NoticeTopic.SERVICE, kind, key=f"{owed.id}", **facts)

    def _locked(self, tx: Tx, connector_id: str | None) -> Connector | None:
        """The connector, locked after whoever pays for it."""
        connector = tx.connectors.get(connector_id) if connector_id else None
        if connector is None:
            return None
        if connector.payer_id is not None:
            tx.customers.lock_payer(connector.payer_id)
        return tx.connectors.lock(connector.id)


def _is_failing(autopay: Autopay) -> bool:
    if autopay.state is AutopayState.PAUSED:
        return autopay.reason in FAILED
    return autopay.state is AutopayState.RETRYING


def _may_be_told(tx: Tx, autopay: Autopay, connector: Connector) -> bool:
    """Not who deleted the autopay, nor who has given the connector away."""
    ended_by_us = AutopayReason.GRACE_PERIOD_EXPIRED
    if autopay.state is AutopayState.REVOKED and autopay.reason != ended_by_us:
        return False
    return tx.connectors.get_for_customer(connector.id, autopay.customer_id) is not None


def _end_autopay(tx: Tx, autopay_id: int) -> None:
    """Unless it was set right meanwhile: then it charges as ever."""
    autopay = tx.autopays.lock(autopay_id)
    if autopay is None or not _is_failing(autopay):
        return
    reason = AutopayReason.GRACE_PERIOD_EXPIRED
    if autopay_ending.end(tx, autopay, reason, tell=False):  # the customer hears of it with the stop
        facts = {**facts_of(tx, autopay), "reason": reason.value}
        tx.outbox.to_operators("autopay_ended", informs=True, customer_id=autopay.customer_id, **facts)
