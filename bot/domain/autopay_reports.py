"""What operators see of all autopays at once: what is expected, what came, what failed and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.autopays import AutopayState
from bot.domain.money import Money

DAYS = 30
"""As many to come, from today on, as have been, up to and with today."""


@dataclass(frozen=True, slots=True)
class Day:
    """So many charges of that day, and what they bring or brought together."""

    on: date
    amount: Money
    charges: int


@dataclass(frozen=True, slots=True)
class Failures:
    """Charges that were refused for one reason; `refusal` is a word of ours, or "" where nobody told any."""

    refusal: str
    charges: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How many autopays are in that state, and for a paused one why."""

    state: AutopayState
    reason: str
    autopays: int


@dataclass(frozen=True, slots=True)
class CurrencyReport:
    """Of one currency; currencies never mix. Days without a charge are left out."""

    currency: str
    expected: Sequence[Day] = ()
    charged: Sequence[Day] = ()

    @property
    def expects(self) -> Money:
        return _sum(self.expected, self.currency)

    @property
    def brought(self) -> Money:
        return _sum(self.charged, self.currency)


@dataclass(frozen=True, slots=True)
class AutopayReport:
    """`expected` is at most what comes: a price may have fallen, and a charge may be refused."""

    today: date
    currencies: Sequence[CurrencyReport] = ()
    failures: Sequence[Failures] = ()
    """The most frequent first."""
    standing: Sequence[Standing] = ()
    unknown: int = 0
    """Charges that were sent and whose end is not known yet."""

    def in_state(self, state: AutopayState) -> int:
        return sum(each.autopays for each in self.standing if each.state is state)

    @property
    def failed(self) -> int:
        return sum(each.charges for each in self.failures)

    @property
    def paused(self) -> list[Standing]:
        """By reason, the most frequent first."""
        found = [each for each in self.standing if each.state is AutopayState.PAUSED]
        return sorted(found, key=lambda each: (-each.autopays, each.reason))


def _sum(days: Sequence[Day], currency: str) -> Money:
    return Money(sum(day.amount.minor for day in days), currency)
