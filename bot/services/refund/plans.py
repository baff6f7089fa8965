"""What can go back through a payment, where to, and what a plan would do; read before anybody agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.money import STARS, Money, zero
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.refunds import Destination, LineChange, RefundPlan, RefundPreview, RefundState
from bot.domain.states import OrderState
from bot.gateways.base import Gateway
from bot.services.refund import lines as refund_lines
from bot.storage.tx import Tx


class RefundPlans:
    """Reads only; whoever carries a plan out asks again inside his unit."""

    def __init__(self, catalogue: Catalogue, gateways: Mapping[str, Gateway]) -> None:
        self._catalogue = catalogue
        self._refunds = {
            method.name for each in gateways.values() for method in each.methods if method.refunds
        }

    def preview(self, tx: Tx, plan: RefundPlan, on: date) -> RefundPreview:
        """What the plan would do today; a CustomerError where it cannot be done."""
        payment = tx.payments.get(plan.payment_id)
        if payment is None:
            raise CustomerError("not_found")
        request = tx.refund_requests.open_of(payment.id)
        if request is not None and request.state is not RefundState.ASKED:
            raise CustomerError("refund_open")
        order = _order(tx, payment, plan)
        ways = self.destinations(tx, payment, order)
        if not ways:
            raise CustomerError("not_refundable")
        destination = plan.destination or ways[0]
        if destination not in ways:
            raise CustomerError("refund_not_there")
        most = self.most(tx, payment, order, destination)
        amount = most if plan.minor is None else Money(plan.minor, most.currency)
        if not zero(most.currency) < amount <= most:
            raise CustomerError("refund_too_large")
        if destination is Destination.SOURCE and amount.currency == STARS and amount != payment.amount:
            raise CustomerError("stars_go_back_whole")
        lines = _lines(tx, plan, order, amount, on)
        customer = tx.customers.get(payment.customer_id)
        assert customer is not None
        return RefundPreview(
            plan=replace(plan, minor=amount.minor, order_id=order.id if order else None),
            payment=payment,
            order=order,
            customer=customer,
            amount=amount,
            most=most,
            destination=destination,
            destinations=ways,
            lines=lines,
            has_connectors=bool(order and order.lines),
            promo_code=_promo(tx, order, amount),
            needs_second=self._catalogue.desk.needs_second(self.weigh(tx, payment, amount)),
            account=plan.account or account_of(tx, payment) or (request.account if request else ""),
            request=request,
        )

    def destinations(self, tx: Tx, payment: Payment, order: Order | None) -> list[Destination]:
        """Where money of this payment can go, the best way first; none where nothing is left of it."""
        currency = payment.amount.currency
        is_there = bool(tx.ledger.brought_by(payment.id, currency).minor > 0)
        is_its_own = order is not None and order.id == payment.order_id
        ways = []
        if is_there and (order is None or is_its_own):
            if payment.method in self._refunds and tx.events.came_through(payment):
                ways.append(Destination.SOURCE)
            elif self._by_hand(tx, payment):
                ways.append(Destination.BY_HAND)
        if order is not None and currency != STARS and tx.ledger.settled_for(order.id, currency).minor > 0:
            ways.append(Destination.BALANCE)
        return ways

    def most(self, tx: Tx, payment: Payment, order: Order | None, to: Destination) -> Money:
        """What can go there: to the balance what the order took, elsewhere what the payment brought."""
        currency = payment.amount.currency
        taken = tx.ledger.settled_for(order.id, currency) if order is not None else zero(currency)
        if to is Destination.BALANCE:
            return taken
        balance = max(tx.ledger.balance(payment.payer_id, currency), zero(currency))
        return min(tx.ledger.brought_by(payment.id, currency), balance + taken)

    def weigh(self, tx: Tx, payment: Payment, amount: Money) -> Money:
        """With what went back of the payment before, to the balance too: many small refunds are one."""
        arrived = tx.ledger.arrived(payment.id)
        if arrived is None or arrived.currency != amount.currency:
            return amount
        went = max(arrived - tx.ledger.brought_by(payment.id, amount.currency), zero(amount.currency))
        return amount + went + tx.refund_requests.put_on_balance(payment.id, amount.currency)

    def _by_hand(self, tx: Tx, payment: Payment) -> bool:
        """Whether a person may send it: a network's contract may say that it rests on the balance."""
        if payment.amount.currency == STARS:
            return False
        paid = tx.events.paid_of(payment.id)
        terms = self._catalogue.networks.get(paid.provider) if paid is not None else None
        return terms is None or terms.refunds_by_hand


def account_of(tx: Tx, payment: Payment) -> str:
    """The account that a bank transfer came from, as the statement tells it; "" where it does not."""
    paid = tx.events.paid_of(payment.id)
    return tx.statement_lines.payer_account(paid.id) if paid is not None else ""


def _order(tx: Tx, payment: Payment, plan: RefundPlan) -> Order | None:
    """The order whose money it is: the payment's own, or one that the balance paid for."""
    if plan.order_id is None or plan.order_id == payment.order_id:
        order = tx.orders.get(payment.order_id) if payment.order_id else None
    else:
        order = tx.orders.get(plan.order_id)
        if order is None or order.payer_id != payment.payer_id:
            raise CustomerError("not_found")
    return order


def _lines(tx: Tx, plan: RefundPlan, order: Order | None, amount: Money, on: date) -> list[LineChange]:
    price = tx.orders.settled_price(order.id) if order is not None else None
    if order is None or price is None:
        return []
    return refund_lines.changes(tx, order, amount, price, service=plan.service, on=on)


def _promo(tx: Tx, order: Order | None, amount: Money) -> str:
    """The code that its customer has again, once nothing of the order is left."""
    if order is None or not order.promo_code:
        return ""
    if order.state is OrderState.REFUNDED:
        return order.promo_code
    return order.promo_code if amount >= tx.ledger.settled_for(order.id, amount.currency) else ""
