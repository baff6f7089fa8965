"""What the seller's own system says and asks over the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.domain.errors import KassirError
from bot.domain.money import Money
from bot.domain.payments import Payment


@dataclass(frozen=True, slots=True)
class ConnectorWords:
    """What is said of a connector; None where nothing was said, so that it stays as it is."""

    title: str | None = None
    kind: str | None = None
    tariff: str | None = None
    phone: str | None = None
    email: str | None = None
    telegram_id: int | None = None
    paid_until: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the seller believes to find: one of these sequences, anything at all, or nothing yet."""

    sequences: frozenset[int] | None = None
    something: bool = False
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Once:
    """A request that bears a key: however often it comes, it acts once and is answered alike."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SellerAnswer:
    """What a request is answered with, ready for JSON; `repeated` if it was given before."""

    status: int
    body: dict[str, Any]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """One use of a metered connector; `reference` is the seller's own id of it."""

    reference: str
    connector_id: str
    started_at: datetime
    amount: Money
    number: str = ""
    duration_s: int | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: `pointer` is where in the request it stands (RFC 6901), or a header's name."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """How far the seller has read the payments: they are told in the order in which they arrived."""

    settled_at: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PaidConnector:
    """A connector of a paid order, and until when that payment paid it; None while the order is open."""

    id: str
    months: int
    paid_until: date | None


@dataclass(frozen=True, slots=True)
class ArrivedPayment:
    """Money that arrived, with what went back since and what it was for."""

    payment: Payment
    arrived: Money
    refunded: Money
    connectors: list[PaidConnector] = field(default_factory=list)


class SellerRefused(KassirError):
    """A request of the seller's system that is not done; `problem` names why, the API says what to do."""

    def __init__(self, problem: str, detail: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail or problem)
        self.problem = problem
        self.detail = detail
        self.faults = tuple(faults)
