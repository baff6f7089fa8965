"""A day of ours against a provider's own list: equal, or the movements in which they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.events import EventKind
from bot.domain.money import Money


class DayState(StrEnum):
    """`unknown`: the provider did not answer, or nobody has brought its paper."""

    EQUAL = "equal"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


class Says(StrEnum):
    """Which of the two knows what the other does not."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    OTHER_SUM = "other_sum"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement as somebody tells of it; money that goes back is told as a positive sum as well."""

    kind: EventKind
    movement: str
    amount: Money

    @property
    def signed(self) -> int:
        return self.amount.minor if self.kind is EventKind.PAID else -self.amount.minor


@dataclass(frozen=True, slots=True)
class DayDifference:
    """A movement in which they differ; `how` is "" until somebody has settled it."""

    kind: EventKind
    movement: str
    says: Says
    ours: Money | None
    theirs: Money | None
    event_id: int | None = None
    id: int = 0
    how: str = ""

    @property
    def amount(self) -> Money:
        amount = self.theirs or self.ours
        assert amount is not None
        return amount


@dataclass(frozen=True, slots=True)
class ProviderDay:
    """What a day looks like at one provider; `why` it is unknown is a word of ours."""

    provider: str
    state: DayState
    ours: Sequence[Money] = ()
    theirs: Sequence[Money] = ()
    movements: int = 0
    differences: Sequence[DayDifference] = ()
    why: str = ""

    @property
    def open_differences(self) -> list[DayDifference]:
        return [each for each in self.differences if not each.how]


@dataclass(frozen=True, slots=True)
class DayClosing:
    """All providers of a day; `closed_by` is 0 while it is open."""

    day: date
    providers: Sequence[ProviderDay]
    closed_by: int = 0

    @property
    def open_differences(self) -> list[tuple[str, DayDifference]]:
        return [(each.provider, found) for each in self.providers for found in each.open_differences]


def totals(movements: Iterable[Movement]) -> list[Money]:
    """What came less what went back, by currency."""
    sums: Counter[str] = Counter()
    for each in movements:
        sums[each.amount.currency] += each.signed
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]
