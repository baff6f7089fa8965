"""A bank's statement: what came onto the seller's accounts, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.domain.invoices import OPEN_INVOICES, InvoiceState
from bot.domain.money import Money, sums

NOBODY = ("", "0")
"""What banks write where a payer has no tax number."""


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


class Remark(StrEnum):
    """Things of a file that are no lines of ours and change no sum."""

    NO_TOTALS = "no_totals"
    """An account without control totals: whether all its lines are there, nobody can say."""
    NO_MONEY = "no_money"
    """Documents with a sum of zero."""
    TAKEN_BACK = "taken_back"
    """Entries that undo an earlier one; a person looks at what they undid."""
    PENDING = "pending"
    """Entries that the bank has not booked yet; a later file will tell of them."""
    OTHER_ACCOUNTS = "other_accounts"
    """Accounts that are not in the catalogue; their lines are left out."""


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
    encoding: str = ""
    currencies: tuple[str, ...] = ()
    """Of the accounts, in their order."""
    remarks: Mapping[Remark, int] = field(default_factory=dict)
    """What is worth telling of a file that was taken, and how often it was met."""


class StatementReader(Protocol):
    """Reads a file twice, in bounded memory; raises `BadStatement` for every file that is not taken."""

    def inspect(self, path: Path, accounts: Mapping[str, str]) -> StatementHead:
        """The whole file to its end; `accounts` are the seller's, each with its currency."""
        ...

    def lines(self, path: Path, head: StatementHead) -> Iterator[StatementLine]:
        """What came in, one at a time, in the order of the file."""
        ...


class Doubt(StrEnum):
    """Why a line was not sure enough to be booked by itself, or in what it is remarkable all the same."""

    NO_NUMBER = "no_number"
    FITS = "fits"
    """It names no invoice, but its sum and tax number fit exactly one."""
    UNKNOWN_NUMBER = "unknown_number"
    TWO_NUMBERS = "two_numbers"
    VOID = "void"
    PAID = "paid"
    """The invoice that it names is paid already."""
    PART = "part"
    OVER = "over"
    OTHER_CURRENCY = "other_currency"
    OTHER_PAYER = "other_payer"
    """Number and sum are right, but somebody else's tax number stands there."""
    TOLD_ELSEWHERE = "told_elsewhere"
    """A file of another format tells of the same day and sum: it may be the same transfer."""
    UNDONE = "undone"
    """An operator took the booking back."""
    REFUSED = "refused"
    """The books would not take it so."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line of the books. `invoice_id` is what it pays, or, while it waits, what is proposed for it."""

    id: int
    key: str
    line: StatementLine
    state: LineState
    invoice_id: int | None = None
    event_id: int | None = None
    provider: str = ""
    why: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None

    @property
    def amount(self) -> Money:
        return self.line.amount


@dataclass(frozen=True, slots=True)
class Candidate:
    """What has to be known of an invoice to say whether a line pays it; `missing` is what it still asks."""

    id: int
    number: str
    state: InvoiceState
    total: Money
    missing: Money
    tax_number: str
    order_id: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_INVOICES


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A file that was brought. Until it is `loaded` none of its lines is used."""

    id: int
    name: str
    loaded: bool
    since: date | None
    until: date | None
    incoming: int
    sums: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines of one file that share their fate; `told_before` are those that an earlier file told of."""

    state: LineState
    told_before: bool
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class StatementReport:
    """What became of a file. `again` says that the very same one had been brought before."""

    statement: KeptStatement
    groups: tuple[LineGroup, ...]
    again: bool = False
    remarks: Mapping[Remark, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return sum(group.count for group in self.groups if group.state is LineState.WAITING)

    @property
    def repeated(self) -> int:
        """Lines that stand in the file more than once under one number of the bank's."""
        return self.statement.incoming - sum(group.count for group in self.groups)

    @property
    def adds_up(self) -> bool:
        """Whether the sums of all groups are what the bank says came in."""
        told = {amount for amount in self.statement.sums if amount}
        return self.repeated == 0 and told == set(sums(group.amount for group in self.groups))


def looks_like_a_statement(beginning: bytes) -> bool:
    """Whether these first bytes are of 1CClientBankExchange or camt.053, whatever the file is called."""
    text = beginning[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text.startswith(b"1CClientBankExchange"):
        return True
    return text.startswith(b"<") and (b"camt.053" in text or b"BkToCstmrStmt" in text)
