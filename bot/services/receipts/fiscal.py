"""Asking providers what became of the fiscal receipts they make; between transactions, never inside one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.domain import periods
from bot.domain.errors import ProviderError
from bot.domain.fiscal import FiscalReceipt, FiscalState
from bot.domain.payments import Payment
from bot.gateways.base import Fiscal, Gateway
from bot.services.inquiries import next_ask
from bot.services.payment_facts import facts_of
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

LEASE = timedelta(minutes=2)
LOOK_BACK = timedelta(days=2)
"""What was paid while the bot stood still is found so much later."""

GIVEN_UP_AFTER = timedelta(days=3)
"""A receipt that is not there by then needs a person, as the providers say themselves."""

AT_ONCE = 200

log = structlog.get_logger()


class FiscalService:
    """Payments learn nothing of it while they are booked: the clock finds whose receipts are owed."""

    def __init__(self, database: Database, gateways: Mapping[str, Gateway]) -> None:
        self.database = database
        self._doors: dict[str, Fiscal] = {
            name: gateway
            for name, gateway in gateways.items()
            if isinstance(gateway, Fiscal) and gateway.makes_receipts
        }

    async def ask_due(self, limit: int = 20) -> int:
        """Ask after the receipts whose time has come; how many there were. Nothing where nobody makes any."""
        if not self._doors:
            return 0
        due = await self._take_due(limit)
        for payment, asked in due:
            await self._ask(payment, asked)
        return len(due)

    async def _ask(self, payment: Payment, asked: int) -> None:
        told = FiscalReceipt(FiscalState.PENDING)
        try:
            if door := self._doors.get(payment.provider):
                told = await door.ask_receipt(payment.provider_payment)
        except ProviderError as trouble:
            log.warning("fiscal.ask_failed", payment_id=payment.id, why=str(trouble))
        if told.state is not FiscalState.PENDING:
            await self._known(payment, told, "refused")
        elif payment.settled_at and periods.now() - payment.settled_at > GIVEN_UP_AFTER:
            await self._known(payment, FiscalReceipt(FiscalState.FAILED), "no answer")
        else:
            await self._ask_again(payment.id, asked)

    @transaction
    def _take_due(self, tx: Tx, limit: int) -> list[tuple[Payment, int]]:
        tx.fiscal_receipts.open_new(self._doors, periods.now() - LOOK_BACK, AT_ONCE)
        return tx.fiscal_receipts.take_due(limit, LEASE)

    @transaction
    def _ask_again(self, tx: Tx, payment_id: int, asked: int) -> None:
        tx.fiscal_receipts.ask_at(payment_id, next_ask(asked))

    @transaction
    def _known(self, tx: Tx, payment: Payment, told: FiscalReceipt, code: str) -> None:
        """A receipt that failed is made by a person in the provider's cabinet."""
        if not tx.fiscal_receipts.known(payment.id, told) or told.state is not FiscalState.FAILED:
            return
        amount = tx.ledger.arrived(payment.id) or payment.amount
        facts = {**facts_of(payment, amount), "code": code}
        card = tx.cards.add("fiscal_failed", f"payment:{payment.id}", facts)
        tx.outbox.to_operators("fiscal_failed", card=card, **facts)
