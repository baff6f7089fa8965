"""Promo codes: saved for the next order, held by an order, used when it is settled, free when it dies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.invoices import InvoiceState
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.periods import today
from bot.domain.promos import Promo, discounted, normal
from bot.domain.states import PromoState
from bot.services.invoice import moves as invoice_moves
from bot.services.offers import total_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Discount:
    """The lines of an order at the prices they are sold for, and the code that made them so."""

    lines: Sequence[OrderLine]
    promo: Promo | None = None


class PromoService:
    """What customers enter in Balance or bring along by a link."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._zone = zone

    @transaction
    def save(self, tx: Tx, customer_id: int, text: str) -> Promo:
        """Keep a code for the customer's next order."""
        promo = self.find(tx, customer_id, text)
        tx.promos.forget(customer_id)
        if not tx.promos.save(promo.code, customer_id):
            raise CustomerError("promo_used")
        return promo

    @transaction
    def forget(self, tx: Tx, customer_id: int) -> None:
        tx.promos.forget(customer_id)

    @reading
    def saved(self, tx: Tx, customer_id: int) -> str:
        """The code that waits for the customer's next order; "" when there is none."""
        return tx.promos.saved(customer_id)

    def find(self, tx: Tx, customer_id: int, text: str) -> Promo:
        """The code that was typed, if this customer may have it; a CustomerError says why he may not."""
        promo = self._catalogue.promos.get(normal(text))
        if promo is None:
            raise CustomerError("promo_unknown")
        day = today(self._zone)
        if promo.begins_after(day):
            raise CustomerError("promo_not_yet", since=promo.since)
        if promo.ended_before(day):
            raise CustomerError("promo_over", until=promo.until)
        state = tx.promos.state(promo.code, customer_id)
        if state is PromoState.USED:
            raise CustomerError("promo_used")
        if (
            state is not PromoState.HELD
            and promo.most is not None
            and tx.promos.taken(promo.code) >= promo.most
        ):
            raise CustomerError("promo_gone")
        return promo

    def discount(self, tx: Tx, customer_id: int, lines: Sequence[OrderLine], named: str | None) -> Discount:
        """What the code that was named takes off, or a saved one; with None there is none, now and later."""
        if named:
            return self._taken_off(tx, customer_id, lines, named)
        if named is None:
            tx.promos.forget(customer_id)
        saved = tx.promos.saved(customer_id)
        try:
            return self._taken_off(tx, customer_id, lines, saved) if saved else Discount(lines)
        except CustomerError:
            return Discount(lines)  # it was saved for another purchase, or its time is over

    def _taken_off(self, tx: Tx, customer_id: int, lines: Sequence[OrderLine], code: str) -> Discount:
        promo = self.find(tx, customer_id, code)
        cheaper = discounted(promo, lines)
        if _total(cheaper) == _total(lines):
            raise CustomerError("promo_not_for_this")
        return Discount(cheaper, promo)


def _total(lines: Sequence[OrderLine]) -> tuple[Money, ...]:
    return total_of(line.prices for line in lines)


def hold(tx: Tx, promo: Promo, customer_id: int, order_id: int) -> None:
    """Give the code to this order, in the unit that writes it.

    It replaces those that let the code go when they expired: late money must not use it twice.
    """
    if not tx.promos.hold(promo.code, customer_id, order_id, most=promo.most):
        raise CustomerError("promo_gone")
    for replaced in tx.orders.replace_expired(customer_id, promo.code):
        invoice_moves.move(tx, replaced, to=InvoiceState.VOID)


def use(tx: Tx, order: Order) -> None:
    """The order is settled, and its code with it."""
    tx.promos.use(order.promo_code, order.customer_id, order.id)


def release(tx: Tx, order_id: int) -> None:
    """The order died, so the code may serve another."""
    tx.promos.release(order_id)
