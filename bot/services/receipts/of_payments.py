"""Receipts of payment: of one, of a period; into the chat or by e-mail when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.contacts import demand_email
from bot.domain.documents import Enclosure
from bot.domain.errors import CustomerError, NotYours
from bot.domain.events import Proof
from bot.domain.money import zero
from bot.domain.payment_receipts import BALANCE, PaymentReceipt, PeriodReceipts
from bot.domain.payments import Payment
from bot.domain.states import OrderState, PaymentState
from bot.services import enclosures
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

MOST_LINES = 5000
"""More than anybody compares by eye, and few enough to be held in memory."""

_SETTLED = (OrderState.PAID, OrderState.FULFILLED, OrderState.REFUNDED)


@dataclass(frozen=True, slots=True)
class PeriodOffer:
    """What a period holds, and where it can be sent."""

    found: PeriodReceipts
    email: str
    mail_is_on: bool


class PaymentReceiptService:
    """Everybody gets the receipts of his own payments alone."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._zone = zone

    @reading
    def receipt(self, tx: Tx, payment_id: int) -> PaymentReceipt:
        """For the press: whose it is was looked at when it was asked for."""
        payment = tx.payments.get(payment_id)
        if payment is None or payment.state is not PaymentState.SUCCEEDED:
            raise NotYours
        return _of_payment(tx, payment)

    @reading
    def of_order(self, tx: Tx, order_id: int) -> PaymentReceipt:
        """The same of an order that the balance paid."""
        order, settled = tx.orders.get(order_id), tx.payment_receipts.settled(order_id)
        if order is None or settled is None:
            raise NotYours
        amount, at = settled
        return PaymentReceipt(
            reference=order.reference,
            customer_id=order.customer_id,
            paid_at=at,
            amount=amount,
            method=BALANCE,
            provider="",
            number="",
            proof=Proof(),
            lines=tx.payment_receipts.lines(order_id),
            refunded=zero(amount.currency),
        )

    @transaction
    def send(self, tx: Tx, customer_id: int, payment_id: int) -> None:
        """The paper of a payment comes into the chat."""
        payment = tx.payments.get_for_customer(payment_id, customer_id)
        if payment is None:
            raise NotYours
        if payment.state is not PaymentState.SUCCEEDED:
            raise CustomerError("not_paid_yet")
        enclosures.give(tx, customer_id, Enclosure("receipt", {"payment_id": payment_id}))

    @transaction
    def send_of_order(self, tx: Tx, customer_id: int, order_id: int) -> None:
        """The same of an order that the balance paid."""
        order = tx.orders.get(order_id)
        if order is None or order.customer_id != customer_id:
            raise NotYours
        if order.state not in _SETTLED:
            raise CustomerError("not_paid_yet")
        enclosures.give(tx, customer_id, Enclosure("receipt", {"order_id": order_id}))

    @reading
    def period(self, tx: Tx, customer_id: int, since: date, until: date) -> PeriodReceipts:
        """Both days included, by the seller's calendar."""
        return self._period(tx, customer_id, since, until)

    @reading
    def offer(self, tx: Tx, customer_id: int, since: date, until: date) -> PeriodOffer:
        customer = tx.customers.get(customer_id)
        found = self._period(tx, customer_id, since, until)
        return PeriodOffer(found, customer.email if customer else "", tx.outbox.mail_is_on)

    @transaction
    def send_period(self, tx: Tx, customer_id: int, since: date, until: date) -> PeriodReceipts:
        """PDF and CSV come into the chat; nothing where there was no payment."""
        found = self._period(tx, customer_id, since, until)
        if found.lines:
            subject = _subject(customer_id, since, until)
            files = (Enclosure("receipts", subject), Enclosure("receipts_csv", subject))
            enclosures.give(tx, customer_id, *files)
        return found

    @transaction
    def mail_period(self, tx: Tx, customer_id: int, email: str, since: date, until: date) -> PeriodReceipts:
        """The same by e-mail; CustomerError "bad_email" for what is no address."""
        address = demand_email(email)
        found = self._period(tx, customer_id, since, until)
        if found.lines:
            facts: dict[str, Any] = {
                "since": since,
                "until": until,
                "count": len(found.lines),
                "sums": found.totals,
                "subject": _subject(customer_id, since, until),
            }
            tx.outbox.to_email(customer_id, address, "receipts", **facts)
        return found

    def _period(self, tx: Tx, customer_id: int, since: date, until: date) -> PeriodReceipts:
        if until < since:
            since, until = until, since
        begins, ends = self._midnight(since), self._midnight(until + timedelta(days=1))
        came = tx.payment_receipts.arrived(customer_id, begins, ends, MOST_LINES + 1)
        back = tx.payment_receipts.gone_back(customer_id, begins, ends, MOST_LINES + 1)
        lines = sorted([*came, *back], key=lambda line: line.at)
        if len(lines) > MOST_LINES:
            raise CustomerError("period_too_long")
        return PeriodReceipts(since, until, tuple(lines))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


def _of_payment(tx: Tx, payment: Payment) -> PaymentReceipt:
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    amount = tx.ledger.arrived(payment.id) or payment.amount
    paid = order is not None and order.state in _SETTLED
    return PaymentReceipt(
        reference=payment.reference,
        customer_id=payment.customer_id,
        paid_at=payment.settled_at or payment.created_at,
        amount=amount,
        method=payment.method,
        provider=payment.provider,
        number=payment.provider_payment,
        proof=payment.proof,
        lines=tx.payment_receipts.lines(order.id) if order and paid else (),
        refunded=tx.payment_receipts.refunded(payment.id, amount.currency),
        payment_id=payment.id,
        fiscal=tx.fiscal_receipts.get(payment.id),
    )


def _subject(customer_id: int, since: date, until: date) -> dict[str, Any]:
    return {"customer_id": customer_id, "since": since.isoformat(), "until": until.isoformat()}
