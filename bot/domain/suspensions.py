"""Doing without for a while: what a customer pays for rests, and so does what he paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.autopay_terms import SuspensionTerms
from bot.domain.periods import add_months

LATEST_START_DAYS = 60
"""Nobody knows further ahead what he will do without."""
FOR_EVER = date(9000, 1, 1)
"""From here on a date says "for ever": there is no fee to save."""


class SuspensionState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
    """It never started."""


LASTING = (SuspensionState.PLANNED, SuspensionState.RUNNING)


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day without it to the first that it works again."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days


@dataclass(frozen=True, slots=True)
class Suspension:
    """From `starts_on` to the day before `ends_on`. Without a connector it is the payer's account as a whole.

    An account's has parts, one for each connector; each can be ended by itself.
    """

    id: int
    customer_id: int
    payer_id: int
    connector_id: str | None
    part_of: int | None
    state: SuspensionState
    starts_on: date
    ends_on: date
    anchor_day: int | None = None
    next_at: datetime | None = None

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days

    @property
    def is_running(self) -> bool:
        return self.state is SuspensionState.RUNNING


def least_end(start: date, terms: SuspensionTerms) -> date:
    return start + timedelta(days=terms.least_days)


def latest_end(start: date, terms: SuspensionTerms) -> date:
    """At least as long as the shortest, however the catalogue counts both."""
    return max(add_months(start, terms.most_months), least_end(start, terms))


def later(until: date, days: int) -> date:
    """Where paid-until goes when it rests for so many days."""
    return until if until >= FOR_EVER else until + timedelta(days=days)


def earlier(until: date, ends_on: date, resumed_on: date) -> date:
    """Where it goes back to when it works again before the end: as many days after as there would have been.

    What lies before the day of resuming, the seller has written so himself: that stays.
    """
    if until >= FOR_EVER or until <= resumed_on:
        return until
    return max(until - (ends_on - resumed_on), resumed_on)
