"""What can be bought: periods at today's prices, and the last order once more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.catalogue import Catalogue, Period, Tariff
from bot.domain.money import Money
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class PeriodOffer:
    """A number of months for all chosen connectors together, in every currency they share."""

    months: int
    prices: tuple[Money, ...]
    savings: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """What "pay again" would buy at today's prices, that of the currency paid in last time first.

    What the balance paid for has no `method`: it is asked for.
    """

    connector_ids: tuple[str, ...]
    titles: tuple[str, ...]
    months: int
    prices: tuple[Money, ...]
    method: str


def again(tx: Tx, catalogue: Catalogue, customer_id: int) -> Again | None:
    """The last thing the customer paid, at today's prices; None where it is no longer sold to him.

    What is made to order is ordered anew by its form, not by one tap.
    """
    lines = tx.orders.last_bought(customer_id)
    tariffs = [tariff for line in lines if line.his and (tariff := catalogue.tariff(line.tariff))]
    if not lines or len(tariffs) < len(lines) or any(each.made_to_order for each in tariffs):
        return None
    first = lines[0]
    offer = next((offer for offer in offers(tariffs) if offer.months == first.months), None)
    if offer is None:
        return None
    return Again(
        connector_ids=tuple(line.connector_id for line in lines),
        titles=tuple(line.title for line in lines),
        months=first.months,
        prices=tuple(sorted(offer.prices, key=lambda price: price.currency != first.currency)),
        method=first.method or "",
    )


def offers(tariffs: Sequence[Tariff]) -> list[PeriodOffer]:
    """The periods every tariff has, summed up in the currencies they share; the shortest first."""
    shared = set.intersection(*({period.months for period in tariff.periods} for tariff in tariffs))
    found = []
    for months in sorted(shared):
        bought = [period for tariff in tariffs if (period := tariff.period(months))]
        prices = total_of(period.prices for period in bought)
        if prices:
            found.append(PeriodOffer(months, prices, _savings(bought, prices)))
    return found


def _savings(bought: Sequence[Period], prices: Sequence[Money]) -> tuple[Money, ...]:
    sums = (
        Money(sum(period.saving(price.currency).minor for period in bought), price.currency)
        for price in prices
    )
    return tuple(saving for saving in sums if saving)


def total_of(parts: Iterable[Iterable[Money]]) -> tuple[Money, ...]:
    """Sum up price lists; only currencies that every part has survive, for currencies never mix."""
    lists = [{price.currency: price for price in prices} for prices in parts]
    shared = [currency for currency in lists[0] if all(currency in prices for prices in lists)]
    return tuple(Money(sum(prices[code].minor for prices in lists), code) for code in shared)
