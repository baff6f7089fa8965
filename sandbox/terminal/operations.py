"""One person at one terminal: a code, a sum, and what the seller answered."""

import enum
import itertools
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sandbox import clock
from sandbox.terminal.networks import Network
from sandbox.terminal.protocol import DONE, Answer

Json = dict[str, object]

_counted = itertools.count(1)


class Stage(enum.Enum):
    CHECKED = "checked"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    PAYING = "paying"
    PAID = "paid"
    RETURNED = "returned"


def new_txn_id() -> str:
    """Twenty digits, as the longest there are; never used before, not even by the demo of yesterday."""
    return f"{time.time_ns() // 1_000_000}{next(_counted) % 1000:03d}{secrets.randbelow(10_000):04d}"


@dataclass
class Talk:
    """One question to the seller, and what came of it."""

    at: datetime
    command: str
    said: str


@dataclass
class Operation:
    network: Network
    account: str
    amount: Decimal
    txn_id: str = field(default_factory=new_txn_id)
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    stage: Stage = Stage.UNKNOWN
    payer: str = ""
    result: int | None = None
    prv_txn: str = ""
    paid_at: datetime | None = None
    talks: list[Talk] = field(default_factory=list)

    def now(self) -> datetime:
        return clock.now().astimezone(self.network.zone)

    def note_check(self, answer: Answer) -> None:
        self.result, self.payer = answer.result, answer.payer
        if answer.result == DONE:
            self.stage = Stage.CHECKED
        else:
            self.stage = Stage.REFUSED if answer.final else Stage.UNKNOWN

    def note_pay(self, answer: Answer) -> None:
        """A repeat never takes back what an earlier answer has settled."""
        if self.stage is not Stage.PAYING or not answer.final:
            return
        self.result, self.prv_txn = answer.result, answer.prv_txn
        self.stage = Stage.PAID if answer.result == DONE else Stage.RETURNED

    def shown(self) -> Json:
        return {
            "key": self.key,
            "network": self.network.name,
            "txn_id": self.txn_id,
            "account": self.account,
            "sum": f"{self.amount:.2f}",
            "stage": self.stage.value,
            "result": self.result,
            "payer": self.payer,
            "prv_txn": self.prv_txn,
            "talks": [{"command": talk.command, "said": talk.said} for talk in self.talks],
        }
