"""Whose may it be? Finding the payment or the customer that money without an owner is meant for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.customers import Customer
from bot.domain.desk import Card
from bot.domain.errors import BadAmount
from bot.domain.money import Money
from bot.domain.payments import BookedEvent, Payment
from bot.services.record.finding import customers_meant, payments_meant
from bot.services.suspense import FREE
from bot.storage.tx import Tx

MOST_PAYMENTS = 5
MOST_CUSTOMERS = 3


@dataclass(frozen=True, slots=True)
class Owner:
    """Where money may go: to a payment, or to a customer's balance."""

    customer: Customer
    payment: Payment | None = None


def find_owners(tx: Tx, words: str, event: BookedEvent | None) -> list[Owner]:
    """Whatever /find would find by these words, as payments and customers; payments by their sum as well."""
    amount = _amount(words, event.amount.currency) if event else None
    payments = payments_meant(tx, words, MOST_PAYMENTS)
    if amount is not None:
        payments += tx.payment_history.asking_for(amount, limit=MOST_PAYMENTS)
    people = customers_meant(tx, words, MOST_CUSTOMERS)
    if len(people) == 1 and not payments:
        return owners_at(tx, people[0].id)
    return [*_with_owners(tx, payments), *(Owner(person) for person in people)]


def owners_at(tx: Tx, customer_id: int) -> list[Owner]:
    """A customer's newest payments, and his balance."""
    customer = tx.customers.get(customer_id)
    if customer is None:
        return []
    payments = tx.payment_history.newest_of(customer_id, limit=MOST_PAYMENTS)
    return [*(Owner(customer, payment) for payment in payments), Owner(customer)]


def event_of(tx: Tx, card: Card) -> BookedEvent | None:
    """The movement of money that a card is about, if it is about one."""
    kind, _, number = card.subject.partition(":")
    return tx.events.get(int(number)) if kind == "event" else None


def is_free(tx: Tx, event_id: int) -> bool:
    event = tx.events.get(event_id)
    return event is not None and event.fate in FREE


def _with_owners(tx: Tx, payments: list[Payment]) -> list[Owner]:
    different = {payment.id: payment for payment in payments}.values()
    found = [(tx.customers.get(payment.customer_id), payment) for payment in different]
    return [Owner(customer, payment) for customer, payment in found if customer is not None]


def _amount(words: str, currency: str) -> Money | None:
    try:
        return Money.typed(words, currency)
    except BadAmount:
        return None
