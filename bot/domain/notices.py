"""One message to a customer or to the operators, and what became of sending it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.money import Money
from bot.domain.states import Lane, NoticeState

OPERATORS = 0
"""The address of the operators' group; every other address is a customer's id."""

DIGEST = "digest"
"""The notice that tells many others; its payload is `{"lines": [{kind, count, sums}, …]}`."""

FROM_BALANCE = "paid_from_balance"
"""How a digest counts payments that brought no money: it came before, and was told of then."""

DIED = "notice_died"
"""The notice that tells operators of another that could not be sent."""

LETTER_REFUSED = "letter_refused"
"""The notice that tells a customer, and the operators, of a letter that could not be sent."""


MAIL = "mail"
"""Who is told by e-mail, where that is set up; for nobody a letter is written."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of the outbox in the hands of one worker; `fence` tells his hands from later ones."""

    id: int
    fence: int
    address: int
    kind: str
    lane: Lane
    payload: dict[str, Any]
    tries: int
    created_at: datetime
    language: str = ""
    reachable: bool = True
    email: str = ""
    """Where it goes when it is a letter."""
    reference: str = ""
    """A letter's own name, the same at every try."""

    @property
    def is_letter(self) -> bool:
        return bool(self.email)

    @property
    def is_for_operators(self) -> bool:
        return self.address == OPERATORS


@dataclass(frozen=True, slots=True)
class Sent:
    """Where its message hangs in the chat; a letter hangs nowhere."""

    notice: Notice
    chat_id: int = 0
    message_id: int = 0
    thread_id: int | None = None
    """The forum topic it stands in."""


@dataclass(frozen=True, slots=True)
class Later:
    notice: Notice
    due_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Dead:
    """It will not be sent. `unreachable` says that its customer takes no messages at all."""

    notice: Notice
    error: str
    unreachable: bool = False


Outcome = Sent | Later | Dead


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a notice has come; `told_by` is another that tells the same, as its twin or in its place."""

    customer_id: int
    kind: str
    email: str
    payload: dict[str, Any]
    state: NoticeState
    sent_at: datetime | None
    told_by: int | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many notices of a lane are due, and since when the oldest is."""

    count: int
    oldest: datetime | None


def digest_of(notices: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Count what many notices tell and add up their amounts by currency; a digest is taken apart first."""
    counts: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, payload in notices:
        for line in payload["lines"] if kind == DIGEST else [_line(kind, payload)]:
            counts[line["kind"]] += line["count"]
            for amount in line["sums"]:
                sums[line["kind"]][amount.currency] += amount.minor
    return {
        "lines": [
            {
                "kind": kind,
                "count": count,
                "sums": [Money(minor, currency) for currency, minor in sums[kind].items()],
            }
            for kind, count in counts.items()
        ]
    }


def _line(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    amount = payload.get("amount")
    kind = FROM_BALANCE if payload.get("method") == "balance" else kind
    return {"kind": kind, "count": 1, "sums": [amount] if isinstance(amount, Money) else []}
