"""A bank's statement: what came onto the seller's accounts, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.money import Money


class LineState(StrEnum):
    """What became of an incoming line."""

    NEW = "new"
    """Kept, not yet looked at."""
    BOOKED = "booked"
    WAITING = "waiting"
    """A person has to say whose it is; it hangs on the operators' card."""
    CLEARING = "clearing"
    FOREIGN = "foreign"
    """An operator said that it is none of ours."""
    CONFIRMED = "confirmed"
    """It was promised by hand and booked then; now the bank has told it."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One incoming transfer as the bank tells it; nothing in it is believed but sum, day and account.

    `reference` is the bank's own id of the movement, "" where the format has none.
    """

    account: str
    booked_on: date
    number: str
    amount: Money
    payer_name: str = ""
    payer_tax_number: str = ""
    payer_account: str = ""
    purpose: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class StatementHead:
    """What a whole file says, once it was read to its end and its control totals agreed."""

    format: str
    accounts: tuple[str, ...]
    since: date | None
    until: date | None
    incoming: int
    sums: tuple[Money, ...]
    """What came in, by currency."""
    outgoing: int = 0
