"""Promo codes: what the seller takes off, for whom and until when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.money import Money
from bot.domain.orders import OrderLine

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,31}")


@dataclass(frozen=True, slots=True)
class Promo:
    """A code gives `percent` off, or one of `sums`; nobody uses it twice, all together at most `most` times.

    `since` and `until` are its first and its last day; without `tariffs` it is good for all of them.
    """

    code: str
    percent: int = 0
    sums: tuple[Money, ...] = ()
    since: date | None = None
    until: date | None = None
    most: int | None = None
    tariffs: tuple[str, ...] = ()

    def is_for(self, tariff: str) -> bool:
        return not self.tariffs or tariff in self.tariffs

    def begins_after(self, day: date) -> bool:
        return self.since is not None and day < self.since

    def ended_before(self, day: date) -> bool:
        return self.until is not None and day > self.until


def normal(text: str) -> str:
    """The code as it is kept: people type it in any case and with spaces around."""
    return "".join(text.split()).upper()


def discounted(promo: Promo, lines: Iterable[OrderLine]) -> list[OrderLine]:
    """The lines with what the code takes off; a currency that it knows no sum for keeps its prices.

    A percentage of a price rounds down; a sum is taken from the first lines on, never below nothing.
    """
    left = {amount.currency: amount for amount in promo.sums}
    found = []
    for line in lines:
        prices = line.prices
        if promo.is_for(line.tariff):
            prices = tuple(_cheaper(promo, price, left) for price in line.prices)
        found.append(replace(line, prices=prices))
    return found


def _cheaper(promo: Promo, price: Money, left: dict[str, Money]) -> Money:
    if promo.percent:
        return price - Money(price.minor * promo.percent // 100, price.currency)
    off = min(left.get(price.currency, Money(0, price.currency)), price)
    left[price.currency] = left.get(price.currency, off) - off
    return price - off
