"""What is kept of a person, and how he is forgotten: everything that names him goes, the books stay."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.money import Money

DESTROYED_WITHIN = timedelta(days=30)
"""152-FZ: a person who withdraws his consent is forgotten within thirty days, unless a law wants it kept."""

BOOKS_KEPT_YEARS = 5
CONSENTS_KEPT_YEARS = 3


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What has to be settled before a person can be forgotten."""

    balances: tuple[Money, ...] = ()
    payments: int = 0
    """Begun and not final yet, refunds among them."""

    def __bool__(self) -> bool:
        return bool(self.balances or self.payments)


@dataclass(frozen=True, slots=True)
class BeforeErasure:
    """How a person stands before he is forgotten; `due_at` once he has asked for it and it has to wait."""

    unsettled: Unsettled
    open_orders: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """A wish to be forgotten. `deleted` counts by kind once it is done; it says nothing of the person."""

    id: int
    customer_id: int
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    deleted: Mapping[str, int] | None = None


def nobody() -> int:
    """The internal number that stands for a forgotten person: below zero, so no chat can ever have it."""
    return -(secrets.randbelow(2**52) + 2**52)


def is_nobody(customer_id: int) -> bool:
    """Whether that number stands for a person without a chat: forgotten, or a caller."""
    return customer_id < 0
