"""Where the receipt of a payment goes: a method that makes receipts cannot do without an address."""

from __future__ import annotations

from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.gateways.base import Method
from bot.storage.tx import Tx


def reachable_for_receipt(tx: Tx, customer_id: int, method: Method) -> Customer:
    """Whoever pays by this method; a CustomerError where what it cannot do without is not known."""
    customer = tx.customers.get(customer_id)
    assert customer is not None
    if customer.blocked_at is not None:
        raise CustomerError("blocked")
    if problem := missing_contact(customer, method):
        raise CustomerError(problem)
    return customer


def missing_contact(customer: Customer, method: Method) -> str:
    """What is not known of him that this method's receipts need; "" where nothing is missing."""
    if method.needs_email and not customer.email:
        return "email_needed"
    if method.needs_phone and not customer.phone:
        return "phone_needed"
    if method.needs_contact and not (customer.email or customer.phone):
        return "contact_needed"
    return ""
