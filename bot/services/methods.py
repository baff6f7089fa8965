"""Which methods a customer may press for an order or a top-up, and at what price."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import CustomerError
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.saved_cards import SavedCard
from bot.gateways.base import Charging, Gateway, Method, Way


@dataclass(frozen=True, slots=True)
class MethodOffer:
    """A method that can pay for this, and the price it picks: nothing yet for a top-up."""

    name: str
    provider: str
    price: Money
    schemes: tuple[str, ...]
    needs_contact: bool
    needs_email: bool
    needs_phone: bool
    way: Way
    saves_cards: bool


@dataclass(frozen=True, slots=True)
class CardOffer:
    """A saved card, and the method that it pays by."""

    card: SavedCard
    offer: MethodOffer


class Methods:
    """Every button of every provider that is switched on, in the order they are shown."""

    def __init__(self, gateways: Mapping[str, Gateway]) -> None:
        self.gateways = gateways
        self._by_name = {method.name: method for gateway in gateways.values() for method in gateway.methods}

    def get(self, name: str) -> Method:
        """The method of that name; a CustomerError when the seller has switched it off."""
        method = self._by_name.get(name)
        if method is None:
            raise CustomerError("method_gone")
        return method

    def way(self, name: str) -> Way:
        """How that method leads to paying, also when its button is gone."""
        method = self._by_name.get(name)
        return method.way if method else Way.PAGE

    def gateway(self, method: Method) -> Gateway:
        return self.gateways[method.provider]

    def for_order(self, order: Order) -> list[MethodOffer]:
        """Each that takes a currency this order has a price in, once for every such currency."""
        return [
            offer(method, price)
            for method in self._by_name.values()
            for price in order.prices
            if price.currency in method.currencies
        ]

    def for_top_up(self, currency: str) -> list[MethodOffer]:
        """Those whose money may rest on a balance in that currency."""
        return [
            offer(method, zero(currency))
            for method in self._by_name.values()
            if method.tops_up and currency in method.currencies
        ]

    def takes(self, name: str, currencies: Collection[str]) -> bool:
        """Whether that method is on and takes one of these currencies."""
        method = self._by_name.get(name)
        return method is not None and any(currency in method.currencies for currency in currencies)

    def charge(self, currency: str) -> bool:
        """Whether anybody can charge a saved card in that currency."""
        return any(
            method.saves_cards and currency in method.currencies and self.charging(method.provider)
            for method in self._by_name.values()
        )

    def charges(self, provider: str, name: str, currency: str) -> bool:
        """Whether a card that was saved with that method can be charged in that currency."""
        return self.charging(provider) is not None and self.takes(name, (currency,))

    def of_card(self, card: SavedCard) -> Method | None:
        """The method that a card was saved with; None where it is switched off."""
        return self._by_name.get(card.method)

    def charging(self, provider: str) -> Charging | None:
        """Who charges the cards that this provider saved; None where it is off, or saves none."""
        gateway = self.gateways.get(provider)
        return gateway if isinstance(gateway, Charging) else None

    def offsets(self, name: str) -> bool:
        """Whether money that came by this method can have a receipt made for its use."""
        method = self._by_name.get(name)
        return method is not None and method.offsets


def price_by(method: Method, prices: Sequence[Money], currency: str = "") -> Money | None:
    """The price in that currency, where the method takes it; the first that it takes where none is named."""
    taken = (price for price in prices if price.currency in method.currencies)
    return next((price for price in taken if currency in ("", price.currency)), None)


def card_offers(cards: Sequence[SavedCard], offers: Sequence[MethodOffer]) -> list[CardOffer]:
    """Each card by the method that it was saved with, else by another of its provider; in every currency."""
    return [CardOffer(card, each) for card in cards for each in _by_card(card, offers)]


def _by_card(card: SavedCard, offers: Sequence[MethodOffer]) -> list[MethodOffer]:
    able = [each for each in offers if each.provider == card.provider and each.saves_cards]
    names = {each.name for each in able}
    name = card.method if card.method in names else next((each.name for each in able), "")
    return [each for each in able if each.name == name]


def offer(method: Method, price: Money) -> MethodOffer:
    return MethodOffer(
        method.name,
        method.provider,
        price,
        method.schemes,
        method.needs_contact,
        method.needs_email,
        method.needs_phone,
        method.way,
        method.saves_cards,
    )
