"""Orders: what is bought, for how long, at which frozen price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain import periods
from bot.domain.catalogue import Catalogue, Period, Tariff
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.references import new_reference
from bot.domain.states import OPEN_ORDERS, OrderState
from bot.services.connectors import own_connector
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LIFE = timedelta(days=3)
MOST_CONNECTORS = 50


@dataclass(frozen=True, slots=True)
class PeriodOffer:
    """A number of months for all chosen connectors together, in every currency they share."""

    months: int
    prices: tuple[Money, ...]
    savings: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """What "pay again" would buy at today's prices, that of the currency paid in last time first."""

    connector_ids: tuple[str, ...]
    titles: tuple[str, ...]
    months: int
    prices: tuple[Money, ...]
    method: str


class OrderService:
    """An order is placed in one unit: it freezes lines and prices and replaces what was open before."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database = database
        self._catalogue = catalogue

    @reading
    def periods(self, tx: Tx, customer_id: int, connector_ids: Sequence[str]) -> list[PeriodOffer]:
        """The periods that all of these connectors can be bought for."""
        tariffs = [self._tariff(own_connector(tx, customer_id, each)) for each in connector_ids]
        return offers(tariffs)

    @transaction
    def place(self, tx: Tx, customer_id: int, connector_ids: Sequence[str], months: int) -> Order:
        """Freeze lines and prices; open orders of the same connectors are replaced."""
        if not 0 < len(set(connector_ids)) <= MOST_CONNECTORS:
            raise CustomerError("choose_connectors", most=MOST_CONNECTORS)
        payer_id = tx.customers.person(customer_id)
        tx.customers.lock_payer(payer_id)
        found = [own_connector(tx, customer_id, each) for each in sorted(set(connector_ids))]
        lines = [self._line(connector, months) for connector in found]
        prices = _total(line.prices for line in lines)
        if not prices:
            raise CustomerError("no_common_currency")
        for order_id in tx.orders.open_with(connector_ids):
            self._replace(tx, order_id)
        customer = tx.customers.get(customer_id)
        order_id = tx.orders.add(
            reference=new_reference(),
            customer_id=customer_id,
            payer_id=payer_id,
            lines=lines,
            prices=prices,
            terms_version=customer.terms_version if customer else "",
            expires_at=periods.now() + LIFE,
        )
        return own_order(tx, customer_id, order_id)

    @reading
    def get(self, tx: Tx, customer_id: int, order_id: int) -> Order:
        return own_order(tx, customer_id, order_id)

    @reading
    def again(self, tx: Tx, customer_id: int) -> Again | None:
        return again(tx, self._catalogue, customer_id)

    @transaction
    def cancel(self, tx: Tx, customer_id: int, order_id: int) -> Order:
        """Give up an order that awaits payment; money that still comes rests on the balance."""
        order = own_order(tx, customer_id, order_id)
        if order.state is not OrderState.CANCELLED and not tx.orders.move(
            order_id, to=OrderState.CANCELLED, only_from=OrderState.AWAITING
        ):
            raise CustomerError("order_not_open")
        return own_order(tx, customer_id, order_id)

    @transaction
    def expire(self, tx: Tx, limit: int = 100) -> int:
        """Let go of orders whose time is over; late money revives them."""
        due = tx.orders.expired(limit)
        return sum(
            tx.orders.move(order_id, to=OrderState.EXPIRED, only_from=state) for order_id, state in due
        )

    def _replace(self, tx: Tx, order_id: int) -> None:
        for state in OPEN_ORDERS:
            if tx.orders.move(order_id, to=OrderState.REPLACED, only_from=state):
                return

    def _line(self, connector: Connector, months: int) -> OrderLine:
        period = self._tariff(connector).period(months)
        if period is None:
            raise CustomerError("period_gone")
        return OrderLine(connector.id, connector.title, connector.tariff, months, period.prices)

    def _tariff(self, connector: Connector) -> Tariff:
        tariff = self._catalogue.tariff(connector.tariff)
        if tariff is None or not tariff.periods:
            raise CustomerError("tariff_gone", title=connector.title)
        return tariff


def again(tx: Tx, catalogue: Catalogue, customer_id: int) -> Again | None:
    """The last thing the customer paid, at today's prices; None where it is no longer sold to him."""
    lines = tx.orders.last_bought(customer_id)
    tariffs = [tariff for line in lines if line.his and (tariff := catalogue.tariff(line.tariff))]
    if not lines or len(tariffs) < len(lines):
        return None
    first = lines[0]
    offer = next((offer for offer in offers(tariffs) if offer.months == first.months), None)
    if offer is None or first.method is None:
        return None
    return Again(
        connector_ids=tuple(line.connector_id for line in lines),
        titles=tuple(line.title for line in lines),
        months=first.months,
        prices=tuple(sorted(offer.prices, key=lambda price: price.currency != first.currency)),
        method=first.method,
    )


def offers(tariffs: Sequence[Tariff]) -> list[PeriodOffer]:
    """The periods every tariff has, summed up in the currencies they share; the shortest first."""
    shared = set.intersection(*({period.months for period in tariff.periods} for tariff in tariffs))
    found = []
    for months in sorted(shared):
        bought = [period for tariff in tariffs if (period := tariff.period(months))]
        prices = _total(period.prices for period in bought)
        if prices:
            found.append(PeriodOffer(months, prices, _savings(bought, prices)))
    return found


def _savings(bought: Sequence[Period], prices: Sequence[Money]) -> tuple[Money, ...]:
    sums = (
        Money(sum(period.saving(price.currency).minor for period in bought), price.currency)
        for price in prices
    )
    return tuple(saving for saving in sums if saving)


def _total(parts: Iterable[Iterable[Money]]) -> tuple[Money, ...]:
    """Sum up price lists; only currencies that every part has survive, for currencies never mix."""
    lists = [{price.currency: price for price in prices} for prices in parts]
    shared = [currency for currency in lists[0] if all(currency in prices for prices in lists)]
    return tuple(Money(sum(prices[code].minor for prices in lists), code) for code in shared)


def own_order(tx: Tx, customer_id: int, order_id: int) -> Order:
    """The customer's order; NotYours for anybody else's and for none."""
    order = tx.orders.get_for_customer(order_id, customer_id)
    if order is None:
        raise NotYours
    return order
