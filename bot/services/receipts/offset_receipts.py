"""Issuing the receipts that are owed for the use of prepayments; between transactions, never inside one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer
from bot.domain.errors import ProviderError, ProviderRefused, ProviderUnavailable
from bot.domain.orders import Order
from bot.domain.payments import Attempt, Payment
from bot.domain.states import AttemptKind
from bot.gateways.base import Gateway, OffsetRequest
from bot.services.inquiries import next_ask
from bot.services.receipts.items import receipt_items
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

LEASE = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(hours=20)
"""Well inside the day in which providers take a repeated receipt for the same one."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Owed:
    attempt: Attempt
    payment: Payment
    order: Order
    customer: Customer


class OffsetReceiptService:
    """A receipt moves no money; repeated within a day it is the same one, so it is tried again."""

    def __init__(self, database: Database, catalogue: Catalogue, gateways: Mapping[str, Gateway]) -> None:
        self.database = database
        self._catalogue = catalogue
        self._gateways = gateways

    async def issue_due(self, limit: int = 20) -> int:
        """Issue what is owed now; how many there were."""
        due = await self._take_due(limit)
        for owed in due:
            await self._issue(owed)
        return len(due)

    async def _issue(self, owed: _Owed) -> None:
        try:
            gateway = self._gateways.get(owed.payment.provider)
            if gateway is None:
                raise ProviderUnavailable(f"{owed.payment.provider} is switched off")
            number = await gateway.offset_receipt(self._request(owed))
        except ProviderRefused as refusal:
            await self._failed(owed, str(refusal))
        except ProviderError as trouble:
            log.warning("receipt.not_issued", attempt_id=owed.attempt.id, why=str(trouble))
            if periods.now() - owed.attempt.created_at > GIVEN_UP_AFTER:
                await self._failed(owed, "no answer")
            else:
                await self._try_later(owed.attempt)
        else:
            await self._done(owed.attempt, number)

    def _request(self, owed: _Owed) -> OffsetRequest:
        return OffsetRequest(
            reference=owed.attempt.reference,
            provider_payment=owed.payment.provider_payment,
            amount=owed.attempt.amount,
            items=receipt_items(self._catalogue, owed.order, owed.attempt.amount),
            email=owed.customer.email,
            phone=owed.customer.phone,
        )

    @transaction
    def _take_due(self, tx: Tx, limit: int) -> list[_Owed]:
        return [_owed(tx, attempt) for attempt in tx.attempts.take_due(AttemptKind.RECEIPT, limit, LEASE)]

    @transaction
    def _try_later(self, tx: Tx, attempt: Attempt) -> None:
        tx.attempts.ask_at(attempt.id, next_ask(attempt.asked))

    @transaction
    def _done(self, tx: Tx, attempt: Attempt, number: str) -> None:
        tx.attempts.known(attempt.id, outcome="done", movement=number)

    @transaction
    def _failed(self, tx: Tx, owed: _Owed, code: str) -> None:
        """A person makes the receipt in the provider's cabinet."""
        if not tx.attempts.known(owed.attempt.id, outcome=code):
            return
        facts: dict[str, Any] = {
            "customer_id": owed.customer.id,
            "payment_id": owed.payment.id,
            "provider": owed.payment.provider,
            "number": owed.payment.provider_payment,
            "amount": owed.attempt.amount,
            "code": code,
        }
        card = tx.cards.add("receipt_failed", f"payment:{owed.payment.id}", facts)
        tx.outbox.to_operators("receipt_failed", card=card, **facts)


def _owed(tx: Tx, attempt: Attempt) -> _Owed:
    payment = tx.payments.get(attempt.payment_id)
    order = tx.orders.get(attempt.order_id) if attempt.order_id else None
    assert payment is not None
    assert order is not None
    customer = tx.customers.get(payment.customer_id)
    assert customer is not None
    return _Owed(attempt, payment, order, customer)
