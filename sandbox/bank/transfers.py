"""Transfers that were made here, in the order in which they were made."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from sandbox.bank.accounts import Account

OPENING = Decimal("1000000.00")
"""What lay on each account of the seller before the first transfer."""


@dataclass(frozen=True)
class Transfer:
    """`account` and `bic` are where it went; the payer's own stand beside his name."""

    number: int
    day: date
    amount: Decimal
    currency: str
    payer: str
    payer_tax_number: str
    payer_account: str
    account: str
    bic: str
    purpose: str
    outgoing: bool = False

    @property
    def reference(self) -> str:
        """The receiving bank's own id of the movement."""
        return f"PR{self.day:%y%m%d}{self.number:06}"

    def shown(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()} | {"reference": self.reference}


@dataclass
class Transfers:
    accounts: Sequence[Account]
    made: list[Transfer] = field(default_factory=list)

    @property
    def next_number(self) -> int:
        return 101 + len(self.made)

    def of_seller(self, number: str) -> Account | None:
        return next((each for each in self.accounts if each.number == number), None)

    def came_to(self, account: Account, since: date, until: date) -> list[Transfer]:
        return [each for each in self.made if each.account == account.number and since <= each.day <= until]

    def balance_before(self, account: Account, day: date) -> Decimal:
        came = (each.amount for each in self.made if each.account == account.number and each.day < day)
        return sum(came, OPENING)
