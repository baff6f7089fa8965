"""Promo codes: saved for the next order, held by an order, used when it is settled, free when it dies."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.orders import Order
from bot.domain.periods import today
from bot.domain.promos import Promo, normal
from bot.domain.states import PromoState
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


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


def hold(tx: Tx, promo: Promo, customer_id: int, order_id: int) -> None:
    """Give the code to this order, in the unit that writes it.

    It replaces those that let the code go when they expired: late money must not use it twice.
    """
    if not tx.promos.hold(promo.code, customer_id, order_id, most=promo.most):
        raise CustomerError("promo_gone")
    tx.orders.replace_expired(customer_id, promo.code)


def use(tx: Tx, order: Order) -> None:
    """The order is settled, and its code with it."""
    tx.promos.use(order.promo_code, order.customer_id, order.id)


def release(tx: Tx, order_id: int) -> None:
    """The order died, so the code may serve another."""
    tx.promos.release(order_id)
