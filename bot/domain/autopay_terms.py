"""What the seller says of autopays and of doing without: part of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.money import EXPONENTS, Limits, Money


@dataclass(frozen=True, slots=True)
class AutopayTerms:
    """How much one charge may take, and what follows when it does not succeed.

    Days are counted from the first that is not paid for: until `grace_days` the service works as ever, until
    `limited_days` in part, then it stops; the seller keeps what was stopped for `kept_days` more.
    """

    limits: Mapping[str, Limits] = field(default_factory=dict)
    grace_days: int = 3
    limited_days: int = 14
    kept_days: int = 30

    def limits_for(self, currency: str) -> Limits:
        """10 to 10 000 units, where the catalogue says nothing else."""
        unit = 10 ** EXPONENTS[currency]
        return self.limits.get(currency, Limits(Money(10 * unit, currency), Money(10_000 * unit, currency)))

    def allows(self, amount: Money) -> bool:
        limits = self.limits_for(amount.currency)
        return limits.least <= amount <= limits.most


@dataclass(frozen=True, slots=True)
class SuspensionTerms:
    """For how long a customer may do without what he pays for."""

    least_days: int = 10
    most_months: int = 6
