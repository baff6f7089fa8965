"""Cards that customers let us keep: never the number, only what the provider charges them by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class CardOnFile:
    """What a provider tells of a card that it saved with a payment.

    `token` is what it is charged by, `page_token` what opens a page with this card on it, where that is
    another; `masked` reads "•••• 7173", "" where the provider does not tell.
    """

    token: str = field(repr=False)
    page_token: str = field(default="", repr=False)
    masked: str = ""
    expires_on: date | None = None


class UnlinkedBecause(StrEnum):
    CUSTOMER = "customer"
    UNUSED = "unused"
    """It served an autopay alone, and that has ended."""
    OPERATOR = "operator"
    BANK = "bank"
    """Its bank says that it is lost, closed or taken back."""
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card on file; `token` is "" once it is gone, `remembered` ones are offered when he pays."""

    id: int
    customer_id: int
    provider: str
    method: str
    masked: str
    expires_on: date | None
    remembered: bool
    created_at: datetime
    unlinked_at: datetime | None = None
    token: str = field(default="", repr=False)
    page_token: str = field(default="", repr=False)

    @property
    def is_linked(self) -> bool:
        return self.unlinked_at is None

    def has_expired(self, on: date) -> bool:
        return self.expires_on is not None and self.expires_on < on
