"""Payments inside Telegram: whether an invoice may be paid now, and booking what Telegram tells of."""

from __future__ import annotations

import structlog

from bot.domain import periods
from bot.domain.errors import BadCallback, CustomerError
from bot.domain.payments import Payment
from bot.domain.states import PaymentState
from bot.gateways.invoices import told
from bot.services.desk import is_closed
from bot.services.reports import missing_for
from bot.services.settlement import Outcome, SettlementService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

log = structlog.get_logger()


class CheckoutService:
    """Telegram asks before it takes money, and tells once it has; nothing is reserved in between."""

    def __init__(self, database: Database, settlement: SettlementService) -> None:
        self.database = database
        self._settlement = settlement

    @reading
    def why_not(
        self, tx: Tx, payload: str, currency: str, amount: int, customer_id: int
    ) -> CustomerError | None:
        """The reason not to take this money now; None when it may come."""
        payment = tx.payments.by_reference(payload)
        if payment is None:
            return CustomerError("invoice_unknown")
        if payment.customer_id != customer_id:
            return CustomerError("invoice_not_yours")
        if payment.state is PaymentState.SUCCEEDED:
            return CustomerError("invoice_paid")
        if (payment.amount.currency, payment.amount.minor) != (currency, amount):
            return CustomerError("invoice_changed")
        if is_closed(tx):
            return CustomerError("payments_closed")
        return _over(tx, payment)

    async def take(self, update_id: int) -> Outcome | None:
        """Book what a kept update tells of and be done with it, in one unit; None where it tells nothing.

        The same update again finds itself done, another one of the same money is a repeat.
        """
        outcome = await self._take(update_id)
        if outcome is not None:
            log.info("telegram.money", update_id=update_id, outcome=outcome.value)
        return outcome

    @transaction
    def _take(self, tx: Tx, update_id: int) -> Outcome | None:
        update = tx.inbox.waiting(update_id)
        if update is None:
            return None
        try:
            event = told(update)
        except BadCallback as strange:
            log.error("telegram.money_not_understood", update_id=update_id, why=str(strange))
            raise
        if event is None:
            return None
        outcome = self._settlement.book(tx, event)
        tx.inbox.handled(update_id)
        return outcome


def _over(tx: Tx, payment: Payment) -> CustomerError | None:
    """Whether the invoice was replaced, ran out, or its order is closed or costs another sum by now."""
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    if order is not None and not order.takes_new_payments:
        return CustomerError("order_not_open")
    over = payment.expires_at is not None and payment.expires_at <= periods.now()
    if payment.state is PaymentState.REFUSED or over:
        return CustomerError("invoice_over")
    if order is not None and missing_for(tx, order, payment.amount.currency) != payment.amount:
        return CustomerError("invoice_changed")
    return None
