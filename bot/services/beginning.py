"""Writing a payment down before anybody is asked for it, or finding the one that was written before."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import periods
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.references import new_number, new_reference
from bot.domain.states import PaymentState, Purpose
from bot.gateways.base import Method, Way
from bot.services.accounts import open_accounts
from bot.services.desk import is_closed
from bot.services.inquiries import next_ask
from bot.services.methods import Methods, price_by
from bot.services.orders import own_order
from bot.services.pay_links import PayLinks
from bot.services.reports import missing_for
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that a customer wants to pay, the method he chose, and the currency; "" for the first."""

    order_id: int
    method: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class TopUp:
    """A sum that a customer wants on a payer's balance, and the method he chose."""

    payer_id: int
    method: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody wants to pay by this method: for an order, or onto a balance where there is none."""

    customer: Customer
    payer_id: int
    method: Method
    amount: Money
    order: Order | None = None


def wanted_for_order(tx: Tx, methods: Methods, customer_id: int, purchase: Purchase) -> Wanted:
    """What the order still lacks in that currency, or in the first that the method takes."""
    tx.customers.lock_payer(own_order(tx, customer_id, purchase.order_id).payer_id)
    order = own_order(tx, customer_id, purchase.order_id)  # as it is now that nobody else can settle it
    found = methods.get(purchase.method)
    if not order.takes_new_payments:
        raise CustomerError("order_not_open")
    price = price_by(found, order.prices, purchase.currency)
    if price is None:
        raise CustomerError("method_gone")
    customer = _reachable_for_receipt(tx, customer_id, found)
    amount = missing_for(tx, order, price.currency)
    if not amount:
        raise CustomerError("nothing_to_pay")
    return Wanted(customer, order.payer_id, found, amount, order)


def wanted_for_balance(tx: Tx, methods: Methods, customer_id: int, top_up: TopUp) -> Wanted:
    """A sum onto the balance of one of the customer's payers."""
    found = methods.get(top_up.method)
    if not found.tops_up or top_up.amount.currency not in found.currencies:
        raise CustomerError("method_gone")
    if tx.payers.get_for_customer(top_up.payer_id, customer_id) is None:
        raise NotYours
    tx.customers.lock_payer(top_up.payer_id)
    return Wanted(_reachable_for_receipt(tx, customer_id, found), top_up.payer_id, found, top_up.amount)


def _reachable_for_receipt(tx: Tx, customer_id: int, method: Method) -> Customer:
    customer = tx.customers.get(customer_id)
    assert customer is not None
    if method.needs_email and not customer.email:
        raise CustomerError("email_needed")
    if method.needs_phone and not customer.phone:
        raise CustomerError("phone_needed")
    if method.needs_contact and not (customer.email or customer.phone):
        raise CustomerError("contact_needed")
    return customer


class Beginning:
    """One payment may be open for an order and a method; a second tap finds the first."""

    def __init__(self, methods: Methods, links: PayLinks) -> None:
        self._methods = methods
        self._links = links

    def find_or_write(self, tx: Tx, wanted: Wanted, link_of: Payment | None) -> Payment:
        """The open payment while it can still be paid, else a new one, behind the link of another."""
        name = wanted.method.name
        if wanted.order is not None:
            found = tx.payments.open_for(wanted.order.id, name)
        else:
            found = tx.payments.open_top_up(wanted.payer_id, name, wanted.amount)
        if found is not None and self._is_usable(found, wanted):
            return found
        if found is not None:
            tx.payments.give_way(found.id)
        if is_closed(tx):
            raise CustomerError("payments_closed")
        return self._write(tx, wanted, link_of)

    def _is_usable(self, payment: Payment, wanted: Wanted) -> bool:
        """One that is over, or asks for another sum, makes way and is asked after."""
        moment = periods.now()
        if payment.expires_at is not None and payment.expires_at <= moment:
            return False
        window = self._methods.gateways[payment.provider].replay_window
        is_linked = payment.state is PaymentState.PENDING
        return payment.amount == wanted.amount and (is_linked or moment - payment.created_at <= window)

    def _write(self, tx: Tx, wanted: Wanted, link_of: Payment | None) -> Payment:
        method = wanted.method
        open_accounts(tx, wanted.payer_id, method.provider, wanted.amount.currency)
        reference = new_number() if method.way is Way.CODE else new_reference()
        payment_id = tx.payments.add(
            reference=reference,
            customer_id=wanted.customer.id,
            payer_id=wanted.payer_id,
            order_id=wanted.order.id if wanted.order else None,
            purpose=Purpose.ORDER if wanted.order else Purpose.TOP_UP,
            method=method.name,
            provider=method.provider,
            amount=wanted.amount,
            link_reference=link_of.link_reference if link_of else reference,
            link_fingerprint=link_of.link_fingerprint if link_of else self._links.fingerprint(reference),
            next_ask_at=next_ask(0) if method.asks else None,
        )
        payment = tx.payments.get(payment_id)
        assert payment is not None
        return payment
