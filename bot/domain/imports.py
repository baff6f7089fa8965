"""What a seller's file says of connectors, before and while it is taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ImportedConnector:
    """One line of the file, checked; `telegram_id` makes the connector belong to that chat."""

    line: int
    id: str
    kind: str
    title: str
    tariff: str
    paid_until: date | None
    telegram_id: int | None
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class DateDifference:
    """A connector that exists, and whose date in the file is another one."""

    line: int
    connector_id: str
    here: date | None
    in_file: date


@dataclass(frozen=True, slots=True)
class Repeated:
    """An id that stands in the file twice."""

    line: int
    connector_id: str
    first_line: int


@dataclass(frozen=True, slots=True)
class ImportedCharge:
    """One line of a file of charges, checked. Without a reference it is known by what it `says`."""

    line: int
    reference: str
    says: str
    connector_id: str
    started_at: datetime
    number: str
    duration_s: int | None
    currency: str
    minor: int
    description: str
    month: str
