"""A network's daily register: what it says it took for us, line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import BadAmount
from bot.domain.money import Money, zero

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOTAL = re.compile(r"(?:total|итого)\s*:?\s*(\d{1,9})\s+(\d{1,15}(?:\.\d{1,2})?)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_SUM = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y%m%d %H%M%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M")

MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One payment as the network tells it; `account` as it stands in the file, often without its zeros."""

    txn_id: str
    at: datetime
    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Register:
    """`unread` are numbers of lines that mean nothing to us; the totals are None where no line tells them."""

    lines: tuple[RegisterLine, ...]
    told_count: int | None = None
    told_sum: Money | None = None
    unread: tuple[int, ...] = ()
    twice: tuple[str, ...] = ()
    """Payments that stand in it more than once."""

    @property
    def adds_up(self) -> bool:
        """Whether its last line agrees with the others; a file without that line may be cut."""
        if self.told_sum is None:
            return False
        total = sum((line.amount for line in self.lines), zero(self.told_sum.currency))
        return (self.told_count, self.told_sum) == (len(self.lines), total)


@dataclass(frozen=True, slots=True)
class Ours:
    """A payment of the books that the register does not tell of."""

    txn_id: str
    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Difference:
    """A payment both know, of another sum or by another code; `booked` is None where it was cancelled."""

    line: RegisterLine
    booked: Money | None
    booked_account: str


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What came out; `card` is the operators' card about it, where there is something to do."""

    network: str
    register: Register
    matched: int
    only_register: tuple[RegisterLine, ...]
    only_ours: tuple[Ours, ...]
    differ: tuple[Difference, ...]
    card: int | None = None

    @property
    def clean(self) -> bool:
        told_right = self.register.adds_up and not self.register.unread and not self.register.twice
        return told_right and not (self.only_register or self.only_ours or self.differ)


def read_register(content: bytes, currency: str, zone: ZoneInfo) -> Register:
    """Tabs between the columns, any line ends, UTF-8 or cp1251; nothing in it makes it fail as a whole."""
    lines: list[RegisterLine] = []
    unread: list[int] = []
    count, total = None, None
    for number, text in enumerate(_LINE_END.split(_decoded(content[:MOST_BYTES])), 1):
        told = _TOTAL.fullmatch(text.strip())
        if told:
            count, total = int(told[1]), Money.parse(told[2], currency)
        elif text.strip():
            line = _line(text, currency, zone)
            if line is None:
                unread.append(number)
            else:
                lines.append(line)
    return Register(tuple(lines), count, total, tuple(unread), tuple(_repeated(lines)))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def _line(text: str, currency: str, zone: ZoneInfo) -> RegisterLine | None:
    columns = [column.strip().strip('"') for column in text.split("\t")]
    if len(columns) != 5:
        return None
    txn_id, day, clock, account, amount = columns
    at = _moment(f"{day} {clock}", zone)
    if at is None or not _NUMBER.fullmatch(txn_id) or not _SUM.fullmatch(amount):
        return None
    try:
        paid = Money.parse(amount, currency)
    except BadAmount:
        return None
    return RegisterLine(txn_id, at, account, paid) if paid else None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    for shape in _MOMENTS:
        try:
            return datetime.strptime(text, shape).replace(tzinfo=zone)
        except ValueError:
            continue
    return None


def _repeated(lines: Iterable[RegisterLine]) -> list[str]:
    counted = Counter(line.txn_id for line in lines)
    return [txn_id for txn_id, times in counted.items() if times > 1]
