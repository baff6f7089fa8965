"""Money as integers in minor units: 1500.00 RUB is Money(150000, "RUB"). No float comes near it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering

from bot.domain.errors import BadAmount

STARS = "XTR"
"""Telegram's own, for digital goods alone: they never rest on a balance, and nothing else pays for those."""

EXPONENTS = {"RUB": 2, "BYN": 2, "KGS": 2, "KZT": 2, "USD": 2, "EUR": 2, STARS: 0}
"""How many digits stand behind the point. Babel gives XTR two, so the table is ours."""

CURRENCIES = tuple(code for code in EXPONENTS if code != STARS)
"""Those that a bank moves."""

_PLAIN = re.compile(r"(-?)(\d{1,15})(?:\.(\d{1,8}))?", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (kopecks, tyiyn, whole Stars) of one currency (ISO 4217, or XTR)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise BadAmount(f"unknown currency {self.currency!r}")

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read "1500", "1500.5" or "1500.000000"; digits that the currency cannot hold must be zeros."""
        found = _PLAIN.fullmatch(text)
        if found is None or currency not in EXPONENTS:
            raise BadAmount(f"not an amount in {currency}: {text[:40]!r}")
        sign, whole, fraction = found.groups(default="")
        exponent = EXPONENTS[currency]
        if fraction[exponent:].strip("0"):
            raise BadAmount(f"more digits than {currency} has: {text[:40]!r}")
        minor = int(whole + fraction[:exponent].ljust(exponent, "0"))
        return cls(-minor if sign else minor, currency)

    @classmethod
    def typed(cls, text: str, currency: str) -> Money:
        """Read what a person types: "990", "1 290,50"."""
        return cls.parse("".join(text.split()).replace(",", "."), currency)

    def decimal(self) -> str:
        """Write it the way providers read it: "1500.00"; Stars without a point."""
        exponent = EXPONENTS[self.currency]
        if not exponent:
            return str(self.minor)
        digits = str(abs(self.minor)).rjust(exponent + 1, "0")
        return f"{'-' if self.minor < 0 else ''}{digits[:-exponent]}.{digits[-exponent:]}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal()} {self.currency}"

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise BadAmount(f"{self.currency} and {other.currency} do not mix")
        return other


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the most of one payment."""

    least: Money
    most: Money


def zero(currency: str) -> Money:
    """Nothing, in that currency."""
    return Money(0, currency)


def sums(amounts: Iterable[Money]) -> list[Money]:
    """One sum for each currency, in the order in which they were met."""
    found: dict[str, Money] = {}
    for amount in amounts:
        found[amount.currency] = found.get(amount.currency, zero(amount.currency)) + amount
    return list(found.values())
