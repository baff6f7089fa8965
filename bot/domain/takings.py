"""What came, what went back and what failed in some days: the till's report. Currencies never mix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.money import Money

MOST_DAYS = 366


class Flow(StrEnum):
    """Which way money went over the threshold; what moves between balances is neither."""

    CAME = "came"
    REFUNDED = "refunded"
    """We sent it back."""
    TAKEN_BACK = "taken_back"
    """A provider or a bank took it back by itself: a chargeback, or a refund made in its cabinet."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some days by the seller's clock, both ends included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(len(self)))

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Span:
        """As many days that came before it, to compare with."""
        return Span(self.first - timedelta(days=len(self)), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Taking:
    """So many movements of one day that are alike; `tariff` is "" for no order, or one of several tariffs."""

    on: date
    flow: Flow
    method: str
    tariff: str
    amount: Money
    movements: int


@dataclass(frozen=True, slots=True)
class Declined:
    """Payments of one currency that were refused for one reason, a word of ours."""

    currency: str
    refusal: str
    payments: int


@dataclass(frozen=True, slots=True)
class Total:
    """What one method, tariff or day brought, and what of its money went back."""

    name: str
    came: Money
    back: Money
    movements: int
    """How many times money came."""


@dataclass(frozen=True, slots=True)
class Takings:
    """The report of some days."""

    span: Span
    takings: Sequence[Taking] = ()
    declined: Sequence[Declined] = ()
    expected: Sequence[Money] = ()
    """What autopays are to bring in thirty days from today."""
    owed: Sequence[Money] = ()
    """Balances below zero."""
    unpaid: Sequence[Money] = ()
    """Monthly bills that nobody has paid."""
    earlier: Sequence[Money] = field(default=())
    """What came in as many days before."""

    @property
    def currencies(self) -> list[str]:
        """Those in which something came or went, the most frequent first."""
        counts: dict[str, int] = defaultdict(int)
        for each in self.takings:
            counts[each.amount.currency] += each.movements
        return sorted(counts, key=lambda currency: (-counts[currency], currency))

    def total(self, currency: str) -> Total:
        return _total("", [each for each in self.takings if each.amount.currency == currency], currency)

    def by_method(self, currency: str) -> list[Total]:
        return self._by(currency, lambda each: each.method)

    def by_tariff(self, currency: str) -> list[Total]:
        return self._by(currency, lambda each: each.tariff)

    def by_day(self, currency: str) -> list[Total]:
        """Every day of the span, also one without money; `name` in ISO form."""
        found = {each.name: each for each in self._by(currency, lambda each: each.on.isoformat())}
        nothing = Money(0, currency)
        return [
            found.get(on.isoformat(), Total(on.isoformat(), nothing, nothing, 0)) for on in iter(self.span)
        ]

    def _by(self, currency: str, key: Callable[[Taking], str]) -> list[Total]:
        """What brought the most first."""
        groups: dict[str, list[Taking]] = defaultdict(list)
        for each in self.takings:
            if each.amount.currency == currency:
                groups[key(each)].append(each)
        totals = [_total(name, takings, currency) for name, takings in groups.items()]
        return sorted(totals, key=lambda total: (-total.came.minor, total.name))


def _total(name: str, takings: Sequence[Taking], currency: str) -> Total:
    came = [each for each in takings if each.flow is Flow.CAME]
    back = sum(each.amount.minor for each in takings if each.flow is not Flow.CAME)
    return Total(
        name,
        Money(sum(each.amount.minor for each in came), currency),
        Money(back, currency),
        sum(each.movements for each in came),
    )
