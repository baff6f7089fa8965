"""Refund requests: a wish or a proposal to send money back, until its attempt has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.customers import Customer
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment


class RefundState(StrEnum):
    ASKED = "asked"
    """The customer wishes it; nobody has decided."""
    PROPOSED = "proposed"
    """Sum and service are decided; a second person has to agree."""
    SENDING = "sending"
    BY_HAND = "by_hand"
    """A person sends it outside of the bot, and says when he has."""
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


UNDECIDED = (RefundState.ASKED, RefundState.PROPOSED)
ON_ITS_WAY = (RefundState.SENDING, RefundState.BY_HAND)
"""The money has left the order and the balance, and has not arrived."""


class ServiceChange(StrEnum):
    """What becomes of the connectors that the money paid for, once it has arrived."""

    KEEP = "keep"
    SHORTEN = "shorten"
    """By as many days as the sum bought, rounded in the customer's favour."""
    STOP = "stop"
    """They end on the day of the decision."""


class Destination(StrEnum):
    """Where the money goes."""

    SOURCE = "source"
    """The way it came, by the provider that brought it."""
    BALANCE = "balance"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class LineChange:
    """By how many days the date of a connector moves back; `title` as the order names it."""

    connector_id: str
    title: str
    days: int
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """A refund that somebody wishes or decided; `minor` of an asked one is all that could go back then."""

    id: int
    payment_id: int
    order_id: int | None
    customer_id: int
    state: RefundState
    amount: Money
    reason: str
    service: ServiceChange
    destination: Destination
    account: str
    asked_by: int
    proposed_by: int | None
    confirmed_by: int | None
    attempt_id: int | None
    outcome: str
    created_at: datetime
    ended_at: datetime | None

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """What an operator has chosen so far; without an amount it is all that can go back."""

    payment_id: int
    order_id: int | None = None
    minor: int | None = None
    service: ServiceChange = ServiceChange.KEEP
    destination: Destination | None = None
    """None: the way it came, or what comes nearest to that."""
    reason: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What a plan would do, before anybody agrees to it."""

    plan: RefundPlan
    payment: Payment
    order: Order | None
    customer: Customer
    amount: Money
    most: Money
    destination: Destination
    destinations: Sequence[Destination]
    lines: Sequence[LineChange]
    has_connectors: bool
    promo_code: str
    """Returns to its customer when the whole order is refunded."""
    needs_second: bool
    account: str = ""
    request: RefundRequest | None = field(default=None)
    """The customer's, where there is an open one."""
