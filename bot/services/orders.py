"""Orders: what is bought, for how long, at which frozen price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain import periods
from bot.domain.catalogue import Catalogue, Tariff
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.invoices import WAITING, InvoiceState
from bot.domain.money import Money, zero
from bot.domain.orders import Order, OrderLine
from bot.domain.references import new_reference
from bot.domain.states import OPEN_ORDERS, OrderState
from bot.services import promos
from bot.services.blocked import refuse_blocked
from bot.services.connector_links import masked_title, payable
from bot.services.fulfilment import Fulfilment
from bot.services.invoice import moves as invoice_moves
from bot.services.methods import MethodOffer, Methods, offer, price_by
from bot.services.offers import Again, PeriodOffer, again, offers, total_of
from bot.services.payers import own_payer, payer_for
from bot.services.promos import PromoService
from bot.services.receipts.offsets import can_offset
from bot.services.reports import missing_for
from bot.services.under_way import refuse_while_charged
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LIFE = timedelta(days=3)
MOST_CONNECTORS = 50
PAYING_TAKES = timedelta(minutes=30)
"""How long somebody who has got a link is taken to be paying."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An order before it is paid, by one method: what it costs, what the balance could give, what is left."""

    order: Order
    offer: MethodOffer
    price: Money
    full_price: Money | None
    promo: str
    balance: Money
    balance_offered: bool
    uses_balance: bool
    to_pay: Money
    lasts: Mapping[str, date]
    """Until when each connector would be paid, where the customer may know it."""


class OrderService:
    """An order is placed in one unit: it freezes lines and prices and replaces what was open before."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        methods: Methods,
        promos: PromoService,
        fulfilment: Fulfilment,
    ) -> None:
        self.database = database
        self._catalogue = catalogue
        self._methods = methods
        self._promos = promos
        self._fulfilment = fulfilment

    @reading
    def periods(
        self, tx: Tx, customer_id: int, connector_ids: Sequence[str], *, link: str = ""
    ) -> list[PeriodOffer]:
        """The periods that all of these connectors can be bought for."""
        found = [self._payable(tx, customer_id, each, link) for each in connector_ids]
        return offers([self._tariff(connector) for connector in found])

    @transaction
    def place(
        self,
        tx: Tx,
        customer_id: int,
        connector_ids: Sequence[str],
        months: int,
        *,
        promo: str | None = "",
        link: str = "",
        payer_id: int | None = None,
    ) -> Order:
        """Freeze lines and prices; open orders of the same connectors are replaced.

        A promo code that is named must do something; a saved one is used where it does; with None there is
        none, now and later. By a seller's link the connector may be anybody's. Who pays is, unless it is
        said, whichever of the customer's payers pays for all of it.
        """
        if not 0 < len(set(connector_ids)) <= MOST_CONNECTORS:
            raise CustomerError("choose_connectors", most=MOST_CONNECTORS)
        refuse_blocked(tx, customer_id)
        chosen = own_payer(tx, customer_id, payer_id).id if payer_id is not None else None
        payer_id = chosen or payer_for(tx, customer_id, connector_ids)
        tx.customers.lock_payer(payer_id)
        refuse_while_charged(tx, connector_ids)
        found = [self._payable(tx, customer_id, each, link) for each in sorted(set(connector_ids))]
        for order_id in tx.orders.open_with(connector_ids):
            if link:
                _stand_back(tx, order_id, customer_id)
            replace_open(tx, order_id)
        lines = [self._line(tx, customer_id, connector, months) for connector in found]
        prices = total_of(line.prices for line in lines)
        if not prices:
            raise CustomerError("no_common_currency")
        discount = self._promos.discount(tx, customer_id, lines, promo)
        customer = tx.customers.get(customer_id)
        order_id = tx.orders.add(
            reference=new_reference(),
            customer_id=customer_id,
            payer_id=payer_id,
            lines=discount.lines,
            prices=total_of(line.prices for line in discount.lines),
            full_prices=prices,
            promo_code=discount.promo.code if discount.promo else "",
            terms_version=customer.terms_version if customer else "",
            expires_at=periods.now() + LIFE,
        )
        if discount.promo:
            promos.hold(tx, discount.promo, customer_id, order_id)
        return own_order(tx, customer_id, order_id)

    @reading
    def get(self, tx: Tx, customer_id: int, order_id: int) -> Order:
        return own_order(tx, customer_id, order_id)

    @reading
    def again(self, tx: Tx, customer_id: int) -> Again | None:
        return again(tx, self._catalogue, customer_id)

    @reading
    def summary(self, tx: Tx, customer_id: int, order_id: int, method: str, currency: str = "") -> Summary:
        """What stands in the summary before the link is made; `currency` as it is paid in, else the first."""
        order = own_order(tx, customer_id, order_id)
        found = self._methods.get(method)
        price = price_by(found, order.prices, currency)
        if price is None:
            raise CustomerError("method_gone")
        balance = tx.ledger.balance(order.payer_id, price.currency)
        return Summary(
            order=order,
            offer=offer(found, price),
            price=price,
            full_price=order.full_price(price.currency),
            promo=order.promo_code,
            balance=balance,
            balance_offered=bool(price) and self._is_balance_offered(tx, order, balance),
            uses_balance=order.use_balance,
            to_pay=missing_for(tx, order, price.currency) or zero(price.currency),
            lasts=self._fulfilment.would_last(tx, order),
        )

    @transaction
    def use_balance(self, tx: Tx, customer_id: int, order_id: int, use: bool) -> Order:
        """Let other money on the balance pay for this order as well, or not."""
        own_order(tx, customer_id, order_id)
        if not tx.orders.use_balance(order_id, use):
            raise CustomerError("order_not_open")
        return own_order(tx, customer_id, order_id)

    @transaction
    def settle(self, tx: Tx, customer_id: int, order_id: int, currency: str) -> Order:
        """Pay it from the balance alone, also when there is nothing to pay; a second tap finds it paid."""
        refuse_blocked(tx, customer_id)
        tx.customers.lock_payer(own_order(tx, customer_id, order_id).payer_id)
        order = own_order(tx, customer_id, order_id)
        price, balance = order.price(currency), tx.ledger.balance(order.payer_id, currency)
        if order.state in (OrderState.PAID, OrderState.FULFILLED):
            return order
        if order.state is not OrderState.AWAITING:
            raise CustomerError("order_not_open")
        if price is None or balance < price:
            raise CustomerError("balance_too_low")
        if price and not self._is_balance_offered(tx, order, balance):
            raise CustomerError("balance_not_offered")
        self._fulfilment.settle_from_balance(tx, order, price, balance)
        return own_order(tx, customer_id, order_id)

    @transaction
    def cancel(self, tx: Tx, customer_id: int, order_id: int) -> Order:
        """Give up an order that awaits payment; money that still comes rests on the balance."""
        order = own_order(tx, customer_id, order_id)
        if order.state is not OrderState.CANCELLED and not give_up(tx, order):
            raise CustomerError("order_not_open")
        return own_order(tx, customer_id, order_id)

    @transaction
    def expire(self, tx: Tx, limit: int = 100) -> int:
        """Let go of orders whose time is over; late money revives them."""
        moved = 0
        for order_id, state in tx.orders.expired(limit):
            if tx.orders.move(order_id, to=OrderState.EXPIRED, only_from=state):
                promos.release(tx, order_id)
                invoice_moves.move(tx, order_id, to=InvoiceState.LAPSED, only_from=(InvoiceState.ISSUED,))
                moved += 1
        return moved

    def _is_balance_offered(self, tx: Tx, order: Order, balance: Money) -> bool:
        """There is money, and whoever brought it can make the receipt for its use."""
        return balance > zero(balance.currency) and can_offset(tx, self._methods, order, balance.currency)

    def _line(self, tx: Tx, customer_id: int, connector: Connector, months: int) -> OrderLine:
        tariff = self._tariff(connector)
        period = tariff.period(months)
        if period is None:
            raise CustomerError("period_gone")
        is_masked = tx.connectors.get_for_customer(connector.id, customer_id) is None
        return OrderLine(
            connector.id, connector.title, connector.tariff, months, period.prices, masked=is_masked
        )

    def _payable(self, tx: Tx, customer_id: int, connector_id: str, link: str) -> Connector:
        """The customer's own connector, or the one that a seller's pay link names, under its mask."""
        linked = payable(tx, link) if link else None
        own = tx.connectors.get_for_customer(connector_id, customer_id)
        found = own or linked
        if found is None or found.id != connector_id:
            raise NotYours
        _refuse_unmade(tx, found)
        if own is not None:
            return own
        return replace(found, title=masked_title(found, self._catalogue))

    def _tariff(self, connector: Connector) -> Tariff:
        tariff = self._catalogue.tariff(connector.tariff)
        if tariff is None or not tariff.periods:
            raise CustomerError("tariff_gone", title=connector.title)
        if tariff.is_paid_off(connector):
            raise CustomerError("paid_once", title=connector.title)
        return tariff


def _refuse_unmade(tx: Tx, connector: Connector) -> None:
    """What is made to order is paid for by the order that was reviewed, and by no other before that one."""
    if connector.paid_until is None and tx.order_forms.asked_for(connector.id):
        raise CustomerError("made_to_order")


def _stand_back(tx: Tx, order_id: int, customer_id: int) -> None:
    """Whoever pays by a link must not take the order away from somebody who is on the provider's page."""
    if tx.orders.being_paid(order_id, customer_id, since=periods.now() - PAYING_TAKES):
        raise CustomerError("being_paid")


def replace_open(tx: Tx, order_id: int) -> None:
    """Let another order take its connectors.

    An invoice may be at the payer's bank already: its order gives way, and late money revives it.
    """
    tx.orders.lock(order_id)
    is_invoiced = invoice_moves.move(tx, order_id, to=InvoiceState.LAPSED, only_from=WAITING)
    to = OrderState.EXPIRED if is_invoiced else OrderState.REPLACED
    for state in OPEN_ORDERS:
        if tx.orders.move(order_id, to=to, only_from=state):
            promos.release(tx, order_id)
            return


def give_up(tx: Tx, order: Order) -> bool:
    """Cancel an order that awaits payment, and its invoice with it, also one that was issued just now.

    False when it was final already, and for a month's bill: what was used is owed.
    """
    if not order.lines or not tx.orders.move(
        order.id, to=OrderState.CANCELLED, only_from=OrderState.AWAITING
    ):
        return False
    promos.release(tx, order.id)
    invoice_moves.move(tx, order.id, to=InvoiceState.VOID)
    return True


def own_order(tx: Tx, customer_id: int, order_id: int) -> Order:
    """The customer's order; NotYours for anybody else's and for none."""
    order = tx.orders.get_for_customer(order_id, customer_id)
    if order is None:
        raise NotYours
    return order
