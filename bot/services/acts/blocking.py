"""Blocking a customer: no new orders, payments or charges; what he paid for goes on to its end."""

from __future__ import annotations

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.domain.notice_topics import NoticeTopic
from bot.domain.periods import now
from bot.domain.states import Role
from bot.services.acts.reasons import demand_reason, refuse_second
from bot.services.autopay.ending import pause
from bot.services.desk import DeskService
from bot.services.notice_places import tell
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


class BlockingActs:
    """His autopays pause with him and go on with him: the consents stand."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @reading
    def of(self, tx: Tx, who: int, customer_id: int) -> Customer:
        self._desk.demand(who, Role.CASHIER)
        return _found(tx, customer_id)

    @transaction
    def block(self, tx: Tx, who: int, customer_id: int, reason: str) -> None:
        """He is told to write to us, not why; who is blocked already stays so by whoever was first."""
        self._desk.demand(who, Role.CASHIER)
        words = demand_reason(reason)
        _found(tx, customer_id)
        for payer in tx.payers.of_customer(customer_id):
            tx.customers.lock_payer(payer.id)
        subject = f"customer:{customer_id}"
        if not tx.customers.block(customer_id, words):
            refuse_second(tx, subject, "blocked")
        for autopay in tx.autopays.of_customer(customer_id):
            pause(tx, autopay, AutopayReason.BLOCKED, tell=False)
        tx.audit.note(who, "blocked", subject, reason=words)
        _tell(tx, customer_id, "blocked")

    @transaction
    def unblock(self, tx: Tx, who: int, customer_id: int, reason: str) -> None:
        """What was paused by it goes on: its charges are planned anew, and announced anew."""
        self._desk.demand(who, Role.CASHIER)
        words = demand_reason(reason)
        _found(tx, customer_id)
        for payer in tx.payers.of_customer(customer_id):
            tx.customers.lock_payer(payer.id)
        subject = f"customer:{customer_id}"
        if not tx.customers.unblock(customer_id):
            refuse_second(tx, subject, "unblocked")
        for autopay in tx.autopays.of_customer(customer_id):
            if autopay.state is AutopayState.PAUSED and autopay.reason == AutopayReason.BLOCKED:
                active = {"state": AutopayState.ACTIVE.value, "reason": "", "cycle": ""}
                only_from = (AutopayState.PAUSED,)
                tx.autopays.plan_at(autopay.id, now(), only_from=only_from, announced_anew=True, **active)
        tx.audit.note(who, "unblocked", subject, reason=words)
        _tell(tx, customer_id, "unblocked")


def _found(tx: Tx, customer_id: int) -> Customer:
    customer = tx.customers.get(customer_id)
    if customer is None:
        raise CustomerError("record_gone")
    return customer


def _tell(tx: Tx, customer_id: int, kind: str) -> None:
    tell(tx, customer_id, NoticeTopic.SERVICE, kind, key=now().isoformat())
