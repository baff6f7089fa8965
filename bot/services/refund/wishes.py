"""A customer's wish to have money back: he sees what becomes of it, and can take it back while it waits."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.catalogue import Catalogue
from bot.domain.desk import THE_HOUSE
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.refunds import UNDECIDED, Destination, RefundRequest, RefundState
from bot.domain.texts import Text
from bot.services.refund import begins as refund_begins
from bot.services.refund import cards as refund_cards
from bot.services.refund.plans import RefundPlans, account_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class RefundOffer:
    """What a customer is told before he asks; `most` is None where nothing can go back."""

    payment: Payment
    most: Money | None
    request: RefundRequest | None
    """The newest of this payment."""
    rules: tuple[Text, ...]
    needs_account: bool
    """Nobody knows the account that a transfer could go back to."""

    @property
    def open_request(self) -> RefundRequest | None:
        return self.request if self.request is not None and self.request.ended_at is None else None


class RefundWishService:
    """One open wish for each payment."""

    def __init__(self, database: Database, catalogue: Catalogue, plans: RefundPlans) -> None:
        self.database = database
        self._catalogue = catalogue
        self._plans = plans

    @reading
    def offer(self, tx: Tx, customer_id: int, payment_id: int) -> RefundOffer:
        return self._offer(tx, _own(tx, customer_id, payment_id))

    @transaction
    def ask(self, tx: Tx, customer_id: int, payment_id: int, reason: str, account: str = "") -> RefundRequest:
        """Hang a card for operators; refused where one waits already, or nothing can go back."""
        _own(tx, customer_id, payment_id)
        payment = refund_begins.lock_payment(tx, payment_id)
        words, account = " ".join(reason.split())[:LONGEST_WORDS], " ".join(account.split())[:LONGEST_WORDS]
        if not words:
            raise CustomerError("reason_missing")
        most = self._offer(tx, payment).most
        if most is None:
            raise CustomerError("not_refundable")
        request_id = tx.refund_requests.add(
            payment_id=payment.id,
            order_id=payment.order_id,
            customer_id=customer_id,
            state=RefundState.ASKED,
            amount=most,
            reason=words,
            account=account,
            asked_by=customer_id,
        )
        request = tx.refund_requests.get(request_id) if request_id is not None else None
        if request is None:
            raise CustomerError("refund_open")
        refund_cards.ask_operators(tx, request, payment, self._titles(tx, payment))
        return request

    @transaction
    def withdraw(self, tx: Tx, customer_id: int, request_id: int) -> None:
        """He wants it no more; refused once money is on its way."""
        request = tx.refund_requests.get(request_id)
        if request is None or request.customer_id != customer_id or request.asked_by != customer_id:
            raise NotYours
        if not tx.refund_requests.move(request_id, to=RefundState.WITHDRAWN, only_from=UNDECIDED):
            raise CustomerError("already_done")
        refund_cards.close(tx, request_id, by=THE_HOUSE, answer="withdrawn")

    def _offer(self, tx: Tx, payment: Payment) -> RefundOffer:
        order = tx.orders.get(payment.order_id) if payment.order_id else None
        ways = self._plans.destinations(tx, payment, order)
        most = self._plans.most(tx, payment, order, ways[0]) if ways else None
        terms = [
            tariff.made_to_order.terms
            for line in (order.lines if order else ())
            if (tariff := self._catalogue.tariff(line.tariff)) and tariff.made_to_order
        ]
        rules = [*filter(None, terms), *filter(None, [self._catalogue.help.refunds])]
        return RefundOffer(
            payment=payment,
            most=most or None,
            request=tx.refund_requests.last_of(payment.id),
            rules=tuple(rules),
            needs_account=ways[:1] == [Destination.BY_HAND] and not account_of(tx, payment),
        )

    def _titles(self, tx: Tx, payment: Payment) -> list[str]:
        order = tx.orders.get(payment.order_id) if payment.order_id else None
        return order.titles if order else []


def _own(tx: Tx, customer_id: int, payment_id: int) -> Payment:
    payment = tx.payments.get_for_customer(payment_id, customer_id)
    if payment is None:
        raise NotYours
    return payment
