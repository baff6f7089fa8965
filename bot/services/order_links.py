"""Links to orders that nobody has begun to pay: whoever opens one picks a method, and goes on to its page.

`OrderLinks.give(tx, order)` makes the address, for a letter or to copy. It works without a chat and never
dies: once it is paid the page says so, and once it is cancelled. Looking changes nothing, a press begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.errors import CustomerError, NotYours
from bot.domain.orders import Order
from bot.domain.references import fingerprint
from bot.domain.states import OrderState
from bot.gateways.base import Way
from bot.services.methods import MethodOffer, Methods
from bot.services.payments import PayLink, PaymentService
from bot.services.reports import missing_for
from bot.services.vault import Vault
from bot.storage.database import Database, reading
from bot.storage.tx import Tx


class OrderLinkKind(StrEnum):
    """What somebody who opens an order's link should see."""

    PAYABLE = "payable"
    REVIEW = "review"
    PAID = "paid"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class OrderLinkView:
    """An order as its link shows it; `offers` are the methods that lead to a page, with what is missing."""

    kind: OrderLinkKind
    order: Order
    language: str
    offers: tuple[MethodOffer, ...] = ()


class OrderLinks:
    """A token is made from the order's random reference by the vault's key; only its hash is kept."""

    def __init__(self, vault: Vault, public_url: str) -> None:
        self._vault = vault
        self._public_url = public_url.rstrip("/")

    def give(self, tx: Tx, order: Order) -> str:
        """The order's own address, in the caller's unit; the same one each time."""
        stored = tx.order_links.fingerprint(order.id) or ""
        token = self._vault.link_behind(order.reference, stored)
        if token is None:
            token = self._vault.link(order.reference)
            tx.order_links.keep(order.id, fingerprint(token))
        return f"{self._public_url}/order/{token}"


class OrderLinkService:
    """Whoever has the link may pay; he sees what is paid for and nothing more."""

    def __init__(self, database: Database, *, methods: Methods, payments: PaymentService) -> None:
        self.database = database
        self._methods = methods
        self._payments = payments

    @reading
    def look(self, tx: Tx, token: str) -> OrderLinkView:
        """NotYours for a token that was never given out."""
        order_id = tx.order_links.order_behind(fingerprint(token))
        order = tx.orders.get(order_id) if order_id is not None else None
        if order is None:
            raise NotYours
        customer = tx.customers.get(order.customer_id)
        kind = _kind(order)
        offers = tuple(self._offers(tx, order)) if kind is OrderLinkKind.PAYABLE else ()
        return OrderLinkView(kind, order, customer.language if customer else "", offers)

    async def begin(self, token: str, method: str, currency: str) -> PayLink:
        """Begin a payment by this method, or find the one that was begun."""
        view = await self.look(token)
        if view.kind is not OrderLinkKind.PAYABLE:
            raise CustomerError("order_not_open")
        if not any((each.name, each.price.currency) == (method, currency) for each in view.offers):
            raise CustomerError("method_gone")
        return await self._payments.start(view.order.customer_id, view.order.id, method, currency)

    def _offers(self, tx: Tx, order: Order) -> list[MethodOffer]:
        """What leads to a page; where part of the money came, the rest is taken in the same currency."""
        begun = [each.currency for each in order.prices if tx.ledger.brought_for(order.id, each.currency)]
        paged = [each for each in self._methods.for_order(order) if each.way is Way.PAGE]
        offers = [each for each in paged if each.price.currency in begun] or paged
        return [
            replace(each, price=missing)
            for each in offers
            if (missing := missing_for(tx, order, each.price.currency))
        ]


def _kind(order: Order) -> OrderLinkKind:
    if order.takes_new_payments:
        return OrderLinkKind.PAYABLE
    if order.state is OrderState.REVIEW:
        return OrderLinkKind.REVIEW
    if order.state in (OrderState.PAID, OrderState.FULFILLED):
        return OrderLinkKind.PAID
    return OrderLinkKind.GONE
