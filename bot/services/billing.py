"""Regular invoices: each month's use of metered connectors, billed to whoever pays for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.domain import periods
from bot.domain.billing import Bill, Run, RunState, Used, is_closed, month_of, moved
from bot.domain.catalogue import Catalogue
from bot.services.billing_runs import BillingRuns
from bot.services.bills import BillPost
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

log = structlog.get_logger(__name__)

CONNECTORS, CHARGES, PAYERS = 200, 1000, 8
"""In one unit: few enough that nobody waits behind it for 50 ms."""
EVERY = 1000
"""Invoices between two lines of the log."""


class BillingService(BillingRuns):
    """A month is formed from 00:00 on the 1st of the next one, in the seller's zone.

    It is first counted, read at leisure and written in parts: once it was begun no charge joins it any more.
    Then each payer's sums become an invoice. Whoever is killed, or finds another at the same step, leaves
    nothing half done: each part is one unit that begins by noting how far the run has come.
    """

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo, post: BillPost) -> None:
        super().__init__(database)
        self._currencies: Collection[str] = tuple(catalogue.invoicing.sellers) if catalogue.invoicing else ()
        self._zone = zone
        self._post = post

    def opens_at(self) -> datetime | None:
        """While the invoices section is closed: the moment it opens again."""
        return is_closed(periods.now(), self._zone)

    async def form_due(self) -> int:
        """Take the next part of a month that is due; 0 when there is nothing to do."""
        run = await self._newest()
        if run is None or run.is_over:
            return int(bool(self._currencies) and await self._begin(run.month if run else ""))
        match run.state:
            case RunState.COUNTING:
                return int(await self._count(run))
            case RunState.CARRYING:
                return int(await self._carry(run))
        return int(await self._issue(run))

    async def _count(self, run: Run) -> bool:
        used = await self._used(run)
        return await self._note(run, used) if used else await self._move(run, RunState.CARRYING)

    async def _carry(self, run: Run) -> bool:
        charges = await self._unbilled(run)
        if charges:
            return await self._leave(run, charges)
        return await self._move(run, RunState.ISSUING, await self._count_bills(run))

    async def _issue(self, run: Run) -> bool:
        upto, bills = await self._bills(run)
        return await self._end(run) if upto is None else await self._post_bills(run, upto, bills)

    @reading
    def _newest(self, tx: Tx) -> Run | None:
        return next(iter(tx.billing.last(1)), None)

    @transaction
    def _begin(self, tx: Tx, last: str) -> bool:
        """Begin the first month after the last one that anything was charged in, or the one just over."""
        this = month_of(periods.now(), self._zone)
        if last >= moved(this, -1):
            return False
        tx.billing.hold()
        month = tx.billing.first_charged(last, this)
        if month is not None:
            begun = tx.billing.begin(month, RunState.COUNTING)
            if begun:
                tx.outbox.to_operators("billing_started", key=month, month=month)
                log.info("billing.started", month=month)
            return begun
        tx.billing.begin(moved(this, -1), RunState.FORMED)  # of nothing; it is closed all the same
        return False

    @reading
    def _used(self, tx: Tx, run: Run) -> list[Used]:
        return tx.billing.used(run.month, after=run.last_connector, limit=CONNECTORS)

    @transaction
    def _note(self, tx: Tx, run: Run, used: Sequence[Used]) -> bool:
        connectors = len({each.connector_id for each in used})
        upto = used[-1].connector_id
        if not tx.billing.move(run, last_connector=upto, counted=run.counted + connectors):
            return False
        tx.billing.bill(run.month, used, self._currencies)
        return True

    @reading
    def _unbilled(self, tx: Tx, run: Run) -> list[tuple[int, str]]:
        return tx.billing.unbilled(run.month, since=run.last_connector, limit=CHARGES)

    @transaction
    def _leave(self, tx: Tx, run: Run, charges: Sequence[tuple[int, str]]) -> bool:
        """What nobody pays for, or nobody can pay in its currency, stands on the next month's bill."""
        upto = charges[-1][1]
        if not tx.billing.move(run, last_connector=upto, carried=run.carried + len(charges)):
            return False
        tx.billing.carry([charge_id for charge_id, _ in charges], run.month, to=moved(run.month, 1))
        return True

    @reading
    def _count_bills(self, tx: Tx, run: Run) -> int:
        return tx.billing.count_bills(run.month)

    @transaction
    def _move(self, tx: Tx, run: Run, state: RunState, total: int = 0) -> bool:
        moved_on = tx.billing.move(run, state=state.value, last_connector="", total=total)
        if moved_on:
            log.info("billing.moved", month=run.month, state=state.value, counted=run.counted, total=total)
        return moved_on

    @reading
    def _bills(self, tx: Tx, run: Run) -> tuple[int | None, list[Bill]]:
        upto = tx.billing.last_payer(run.month, after=run.last_payer, limit=PAYERS)
        return upto, tx.billing.bills(run.month, after=run.last_payer, limit=PAYERS)

    @transaction
    def _post_bills(self, tx: Tx, run: Run, upto: int, bills: Sequence[Bill]) -> bool:
        payable = [bill for bill in bills if bill.currency in self._currencies]
        formed = run.formed + len(payable)
        if not tx.billing.move(run, last_payer=upto, formed=formed):
            return False
        for bill in bills:
            if bill in payable:
                self._post.send(tx, run.month, bill)
            else:
                self._put_off(tx, run.month, bill)
        if formed // EVERY > run.formed // EVERY:
            log.info("billing.forming", month=run.month, formed=formed, total=run.total)
        return True

    def _put_off(self, tx: Tx, month: str, bill: Bill) -> None:
        """Its account left the catalogue after it was counted: nobody could pay it, so people are asked."""
        tx.billing.carry_bill(month, bill.payer_id, bill.currency, to=moved(month, 1))
        key = f"{month}:{bill.currency}"
        tx.outbox.to_operators("billing_no_account", key=key, month=month, currency=bill.currency)

    @transaction
    def _end(self, tx: Tx, run: Run) -> bool:
        if not tx.billing.move(run, state=RunState.FORMED.value, ended_at=periods.now()):
            return False
        sums = tx.billing.invoiced(run.month)
        told: dict[str, Any] = {"count": run.formed, "sums": sums, "carried": run.carried}
        tx.outbox.to_operators("billing_formed", key=run.month, month=run.month, **told)
        log.info("billing.formed", month=run.month, formed=run.formed, carried=run.carried)
        return True
