"""The shape of a network of terminals or wallets: it calls us, asks by a code, and tells of money it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.errors import KassirError
from bot.domain.events import Callback
from bot.domain.money import Money


class Command(StrEnum):
    CHECK = "check"
    PAY = "pay"
    CANCEL = "cancel"
    STATUS = "status"


class Result(IntEnum):
    """What it is answered; after a final one to `pay` other than DONE the payer gets his money back."""

    DONE = 0
    TRY_LATER = 1
    BAD_ACCOUNT = 4
    NO_ACCOUNT = 5
    CLOSED = 8
    TOO_SMALL = 241
    TOO_LARGE = 242
    CANNOT_CANCEL = 251
    REFUSED = 300

    @property
    def final(self) -> bool:
        return self is not Result.TRY_LATER


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """One question of a network. `account` is what the payer typed, whatever it is.

    `amount` is None where a check names no sum. A cancel names the payment by the network's own number
    (`cancelled`) or by ours (`number`).
    """

    command: Command
    txn_id: str
    account: str = ""
    amount: Money | None = None
    happened_at: datetime | None = None
    cancelled: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """`number` is ours of the credit, the same at every repeat; `payer` is a name that shows little."""

    txn_id: str
    result: Result
    number: str = ""
    amount: Money | None = None
    payer: str = ""
    comment: str = ""


class BadRequest(KassirError):
    """A request of another shape; `answer` says so to the network."""

    def __init__(self, txn_id: str, comment: str) -> None:
        super().__init__(comment)
        self.answer = NetworkAnswer(txn_id, Result.REFUSED, comment=comment)


class Network(Protocol):
    """One network under contract."""

    @property
    def name(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def least(self) -> Money: ...
    @property
    def most(self) -> Money | None: ...
    @property
    def zone(self) -> ZoneInfo:
        """By which its days begin and end."""
        ...

    @property
    def shows_payer(self) -> bool: ...
    @property
    def registers(self) -> Path | None:
        """The folder its daily registers are put into."""
        ...

    def admits(self, secret: str, callback: Callback) -> bool:
        """Whether the caller is this network: its path, its address, its password."""
        ...

    def is_token(self, amount: Money) -> bool:
        """A sum that its checks name when the payer's is not known yet."""
        ...

    def read(self, callback: Callback) -> NetworkRequest:
        """What it asks; raises BadRequest."""
        ...

    def write(self, answer: NetworkAnswer) -> bytes: ...
