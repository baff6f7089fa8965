"""What providers tell us: a callback is not yet believed, an event is proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import CardOnFile


@dataclass(frozen=True, slots=True)
class Callback:
    """A provider's request as it came: bytes and headers (names in lower case), nothing believed."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    address: str = ""


class EventKind(StrEnum):
    """Which way the money moved."""

    PAID = "paid"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Identity:
    """One movement of money: equal identities are one movement, whichever door told of it."""

    source: str
    kind: EventKind
    movement: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a payer may need to prove a payment; every field only where the provider tells it."""

    method: str = ""
    card: str = ""
    rrn: str = ""
    approval: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """Money arrived. `reference` is ours, or "" when the money does not bear our mark.

    `account` is the payment code that the payer typed: such money names its payer, not what it is for.
    """

    provider: str
    movement: str
    reference: str
    amount: Money
    provider_payment: str = ""
    proof: Proof = Proof()
    test: bool = False
    ack: str = ""
    happened_at: datetime | None = None
    account: str = ""
    card_on_file: CardOnFile | None = None
    """The card, where the provider says that it is saved."""
    card_follows: bool = False
    """This door never tells of saved cards: whether there is one comes by another."""

    @property
    def identity(self) -> Identity:
        return Identity(self.provider, EventKind.PAID, self.movement)


@dataclass(frozen=True, slots=True)
class Refused:
    """A payment ended without money, and why, in words every provider's codes are turned into.

    `code` is the provider's own word, for operators and logs.
    """

    provider: str
    reference: str
    reason: Refusal
    provider_payment: str = ""
    code: str = ""
    test: bool = False
    ack: str = ""


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money went back. `attempt` is the reference of our refund, "" when it was made elsewhere.

    `reference` is that of the payment it goes back through, "" when that does not bear our mark.
    """

    provider: str
    movement: str
    provider_payment: str
    amount: Money
    attempt: str = ""
    reference: str = ""
    test: bool = False
    ack: str = ""
    happened_at: datetime | None = None
    marked: bool = True
    """False where a provider's refunds bear no mark: it may be ours of that sum, on its way."""
    of_hold: bool = False
    """Where no money of the payment was booked, this was only a hold that was let go."""

    @property
    def identity(self) -> Identity:
        return Identity(self.provider, EventKind.REFUNDED, self.movement)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The provider was asked and has no final answer yet."""

    provider: str
    reference: str
    provider_payment: str = ""
    ack: str = ""


Event = Paid | Refused | Refunded
"""A proven word of a provider."""


@dataclass(frozen=True, slots=True)
class Hint:
    """An unsigned callback's claim: worth asking the provider about, never worth believing.

    `movement` names the payment or refund it speaks of, so that a repeat of what is already
    known and final is answered without a call. `kind` is None where it claims that no money moved.
    A hint that is not `final` speaks of nothing that ends a payment: acknowledge it without asking.
    """

    provider: str
    kind: EventKind | None
    movement: str
    provider_payment: str
    final: bool = True
    ack: str = ""
