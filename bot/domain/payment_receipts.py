"""Papers that prove a payment to whoever compares it with a bank statement; the fiscal receipt is another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.events import Proof
from bot.domain.fiscal import FiscalReceipt
from bot.domain.money import Money, sums

BALANCE = "balance"
"""The method of an order that was paid with money that had come before."""


@dataclass(frozen=True, slots=True)
class PaidFor:
    """One line of what the money paid; no date is told of somebody else's connector."""

    title: str
    months: int
    until: date | None


@dataclass(frozen=True, slots=True)
class PaymentReceipt:
    """One payment that succeeded, or one order that the balance paid; `number` is the provider's.

    `lines` is empty where the money rests on the balance; `refunded` is what of it went back.
    """

    reference: str
    customer_id: int
    paid_at: datetime
    amount: Money
    method: str
    provider: str
    number: str
    proof: Proof
    lines: tuple[PaidFor, ...]
    refunded: Money
    payment_id: int | None = None
    fiscal: FiscalReceipt | None = None
    """What the provider says of the fiscal receipt, where it makes one."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of a period: money that came, or below zero money that went back."""

    at: datetime
    amount: Money
    method: str
    number: str
    card: str
    reference: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeriodReceipts:
    """Everything a customer paid from one day to another, both included, the oldest first."""

    since: date
    until: date
    lines: tuple[ReceiptLine, ...]

    @property
    def paid(self) -> list[Money]:
        return sums(line.amount for line in self.lines if line.amount.minor > 0)

    @property
    def refunded(self) -> list[Money]:
        return sums(line.amount for line in self.lines if line.amount.minor < 0)

    @property
    def totals(self) -> list[Money]:
        """What is left of it in each currency."""
        return sums(line.amount for line in self.lines)
