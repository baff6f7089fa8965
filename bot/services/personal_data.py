"""Personal data: given to whom they are about, destroyed when he wishes it, proved without naming him."""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog

from bot.domain.autopays import AutopayReason
from bot.domain.documents import Enclosure
from bot.domain.errors import CustomerError
from bot.domain.invoices import InvoiceState
from bot.domain.periods import add_months, now
from bot.domain.personal_data import (
    BOOKS_KEPT_YEARS,
    CONSENTS_KEPT_YEARS,
    DESTROYED_WITHIN,
    BeforeErasure,
    Erasure,
    Unsettled,
    nobody,
)
from bot.services import enclosures, seller
from bot.services.invoice import moves as invoice_moves
from bot.services.made_to_order import reviews
from bot.services.orders import give_up
from bot.services.seller_autopay import tell_autopay
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

AT_ONCE = 20

log = structlog.get_logger()


class PersonalDataService:
    """A person is forgotten at once, unless money of his is open: then as soon as it is settled."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reading
    def before_erasure(self, tx: Tx, customer_id: int) -> BeforeErasure:
        waiting = tx.erasures.waiting_of(customer_id)
        payers = tx.payers.of_customer(customer_id)
        return BeforeErasure(
            unsettled=_unsettled(tx, customer_id),
            open_orders=sum(len(tx.orders.awaiting(payer.id)) for payer in payers),
            due_at=waiting.due_at if waiting else None,
        )

    @transaction
    def forget(self, tx: Tx, customer_id: int) -> Erasure:
        """Do it now; where something is unsettled, keep the wish and tell operators.

        Either way his orders are given up and nothing is charged any more: those consents end with the wish.
        """
        if tx.customers.get(customer_id) is None:
            raise CustomerError("start_first")
        reviews.give_up_all(tx, customer_id)  # first: what was approved at the same moment awaits payment now
        for payer in tx.payers.of_customer(customer_id):
            tx.customers.lock_payer(payer.id)
            for order in tx.orders.awaiting(payer.id):
                give_up(tx, order)
        ended = _end_autopays(tx, customer_id)
        known = tx.erasures.waiting_of(customer_id)
        erasure = known or tx.erasures.ask(customer_id, now() + DESTROYED_WITHIN)
        if not _unsettled(tx, customer_id):
            return _destroy(tx, erasure)
        if known is None:
            tx.audit.note(customer_id, "erasure_asked", f"customer:{customer_id}", autopays=ended)
            _hand_over(tx, erasure, f"customer:{customer_id}")
        return erasure

    @transaction
    def take_back(self, tx: Tx, customer_id: int) -> None:
        """He stays, as long as nothing was destroyed; what he agreed to before has ended all the same."""
        if tx.erasures.take_back(customer_id):
            tx.audit.note(customer_id, "erasure_taken_back", f"customer:{customer_id}")

    async def carry_out(self) -> int:
        """Forget those whose money was settled since; how many they were."""
        done = 0
        for erasure in await self._waiting():
            done += await self._carry_out(erasure)
        return done

    @transaction
    def send_export(self, tx: Tx, customer_id: int) -> None:
        """A file of everything that is kept of him comes into the chat."""
        enclosures.give(tx, customer_id, Enclosure("personal_data", {"customer_id": customer_id}))

    @reading
    def everything(self, tx: Tx, customer_id: int) -> dict[str, list[dict[str, Any]]]:
        """By table, for the press: whose it is was looked at when it was asked for."""
        return tx.personal_data.everything(customer_id)

    @reading
    def _waiting(self, tx: Tx) -> list[Erasure]:
        return tx.erasures.waiting(AT_ONCE)

    @transaction
    def _carry_out(self, tx: Tx, waiting: Erasure) -> bool:
        erasure = tx.erasures.waiting_of(waiting.customer_id)
        if erasure is None:
            return False
        for payer in tx.payers.of_customer(erasure.customer_id):
            tx.customers.lock_payer(payer.id)
        if _unsettled(tx, erasure.customer_id):
            if erasure.due_at <= now() and not tx.cards.has_open(_overdue(erasure)):
                _hand_over(tx, erasure, _overdue(erasure))
            return False
        _destroy(tx, erasure)
        tx.outbox.to_customer(erasure.customer_id, "forgotten")
        return True


def _unsettled(tx: Tx, customer_id: int) -> Unsettled:
    balances = [
        balance
        for payer in tx.payers.of_customer(customer_id)
        for currency in tx.ledger.currencies(payer.id)
        if (balance := tx.ledger.balance(payer.id, currency))
    ]
    return Unsettled(tuple(balances), tx.personal_data.unfinished(customer_id))


def _destroy(tx: Tx, erasure: Erasure) -> Erasure:
    """Everything in one unit; what is written down of it has counts, and no word of the person."""
    stands_for_him = nobody()
    connectors = [
        connector.id
        for payer in tx.payers.of_customer(erasure.customer_id)
        for connector in tx.connectors.of_payer(payer.id)
    ]
    for payer in tx.payers.of_customer(erasure.customer_id):
        for order_id in tx.invoices.open_offers(payer.id):
            invoice_moves.move(tx, order_id, to=InvoiceState.VOID)
    tx.cards.close_all(_overdue(erasure), by=0, answer="")
    _end_autopays(tx, erasure.customer_id)  # also those of after his wish
    deleted = tx.personal_data.destroy(erasure.customer_id, stands_for_him)
    for connector_id in connectors:
        seller.tell_connector(tx, "detached", connector_id)
    kept = {
        "books": _in_years(BOOKS_KEPT_YEARS).isoformat(),
        "consents": _in_years(CONSENTS_KEPT_YEARS).isoformat(),
    }
    tx.erasures.done(erasure.id, deleted, kept)
    asked_at = erasure.asked_at
    tx.audit.note(stands_for_him, "forgotten", f"erasure:{erasure.id}", asked_at=asked_at, deleted=deleted)
    log.info("customer.forgotten", erasure_id=erasure.id)
    return Erasure(erasure.id, stands_for_him, asked_at, erasure.due_at, now(), deleted)


def _hand_over(tx: Tx, erasure: Erasure, subject: str) -> None:
    """Somebody has to give his money back; when the time is over it is said once more."""
    unsettled = _unsettled(tx, erasure.customer_id)
    facts: dict[str, Any] = {
        "customer_id": erasure.customer_id,
        "balances": list(unsettled.balances),
        "payments": unsettled.payments,
        "due_at": erasure.due_at,
    }
    card = tx.cards.add("erasure_waits", subject, facts)
    tx.outbox.to_operators("erasure_waits", card=card, **facts)


def _overdue(erasure: Erasure) -> str:
    return f"erasure:{erasure.id}"


def _in_years(years: int) -> date:
    return add_months(now().date(), 12 * years)


def _end_autopays(tx: Tx, customer_id: int) -> int:
    """The seller hears of each; the customer's own are in his copy."""
    for autopay in tx.autopays.of_customer(customer_id):
        tell_autopay(tx, "ended", autopay, AutopayReason.FORGOTTEN.value)
    return tx.personal_data.end_autopays(customer_id)
