"""What waits for a person, by the sort of work that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Duty(StrEnum):
    """In the order in which they are told."""

    TALK = "talk"
    """Unanswered: somebody asked something, or says that he has paid."""
    MONEY = "money"
    """Unmatched: money without an owner, or of which books and papers differ."""
    REVIEWS = "reviews"
    WORK = "work"
    """Orders that were paid and are not done."""
    REFUNDS = "refunds"
    PAPERS = "papers"
    """Receipts and invoices to be made or brought by hand."""
    DAYS = "days"
    """Days of which a provider's list says otherwise than the books, and nobody has said why."""
    LETTERS = "letters"
    """Letters and notices that could not be sent lately: no card hangs for them."""
    WEBHOOKS = "webhooks"
    OTHER = "other"


DUTY_OF: dict[str, Duty] = {
    **dict.fromkeys(("question", "complaint", "find_connector", "payment_sent"), Duty.TALK),
    **dict.fromkeys(
        (
            *("money_suspense", "money_review", "taken_back", "statement_lines", "statement_reversals"),
            *("register_differs", "terminal_differs", "promise_second", "money_second"),
            "charge_unknown",
        ),
        Duty.MONEY,
    ),
    "review": Duty.REVIEWS,
    "order_work": Duty.WORK,
    **dict.fromkeys(("receipt_failed", "fiscal_failed", "receipt_by_hand", "invoice_by_hand"), Duty.PAPERS),
    **dict.fromkeys(("charging_refused", "customer_move", "erasure_waits"), Duty.OTHER),
}
"""By the kind of card; those of refunds all begin with the word."""


def duty_of(kind: str) -> Duty:
    if kind.startswith("refund"):
        return Duty.REFUNDS
    return DUTY_OF.get(kind, Duty.OTHER)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of one sort waits, since when, and how much of it was promised for earlier than now.

    `day` is the first one that differs.
    """

    duty: Duty
    count: int
    oldest: datetime
    overdue: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A notice that was given up: whom it did not reach, by letter where it has an address, and why.

    `customer_id` is None for what was written to the group.
    """

    customer_id: int | None
    name: str
    email: str
    at: datetime
    why: str
