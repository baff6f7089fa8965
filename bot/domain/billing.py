"""Months of the seller's calendar, and what metered connectors used in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.money import Money, sums
from bot.domain.periods import add_months

OPENS_ON = 4
"""The day of a month from which the papers of the month before are given out again."""


class RunState(StrEnum):
    """The steps of forming a month, in their order; each is taken in small units and may be resumed."""

    COUNTING = "counting"
    """What each connector used is summed, and who pays for it is written down."""
    CARRYING = "carrying"
    """What nobody pays for yet moves to the next month."""
    ISSUING = "issuing"
    FORMED = "formed"


@dataclass(frozen=True, slots=True)
class Run:
    """How far the forming of a month has come; `formed` of `total` invoices, once all was counted."""

    month: str
    state: RunState
    last_connector: str
    counted: int
    carried: int
    last_payer: int
    formed: int
    total: int
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.state is RunState.FORMED


@dataclass(frozen=True, slots=True)
class Used:
    """The sum of what one connector used in a month, in one currency."""

    connector_id: str
    currency: str
    records: int
    seconds: int
    minor: int


@dataclass(frozen=True, slots=True)
class BillLine:
    """A connector's sum on a bill, or that of all connectors of a tariff where `connectors` counts them."""

    title: str
    tariff: str
    connectors: int
    records: int
    seconds: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Bill:
    """What a payer owes for a month in one currency."""

    payer_id: int
    currency: str
    lines: tuple[BillLine, ...]


@dataclass(frozen=True, slots=True)
class ConnectorUsage:
    """What one connector used in a month, in one currency."""

    connector_id: str
    title: str
    tariff: str
    records: int
    seconds: int
    amount: Money

    @property
    def minutes(self) -> int:
        """Begun minutes."""
        return -(-self.seconds // 60)


@dataclass(frozen=True, slots=True)
class Usage:
    """A month of all that was asked for; `sums` by currency."""

    month: str
    connectors: tuple[ConnectorUsage, ...]
    records: int
    seconds: int
    sums: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """One use of a connector, with the title it bears now."""

    connector_id: str
    title: str
    started_at: datetime
    number: str
    duration_s: int | None
    amount: Money
    description: str


@dataclass(frozen=True, slots=True)
class Instalment:
    """Something sold in parts, as the seller's system last told of it; `id` is its own."""

    id: str
    connector_id: str
    title: str
    total: Money
    paid: Money
    next_on: date | None = None
    next_amount: Money | None = None

    @property
    def left(self) -> Money:
        return self.total - self.paid


def usage_of(month: str, connectors: Sequence[ConnectorUsage]) -> Usage:
    """All of them together."""
    records, seconds = sum(each.records for each in connectors), sum(each.seconds for each in connectors)
    return Usage(month, tuple(connectors), records, seconds, tuple(sums(each.amount for each in connectors)))


def month_of(moment: datetime, zone: ZoneInfo) -> str:
    """The month "2026-11" that moment lies in on the seller's wall calendar."""
    return month_name(moment.astimezone(zone).date())


def month_name(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def moved(month: str, months: int) -> str:
    """So many months later, or before."""
    return month_name(add_months(first_day(month), months))


def is_closed(now: datetime, zone: ZoneInfo) -> datetime | None:
    """While invoices are formed (from the 1st 00:00 to the 3rd 23:59): the moment it opens again."""
    here = now.astimezone(zone)
    if here.day >= OPENS_ON:
        return None
    return datetime(here.year, here.month, OPENS_ON, tzinfo=zone)
