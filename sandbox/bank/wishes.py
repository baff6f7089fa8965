"""What a person or a test typed as a transfer, checked as an internet bank does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.bank.accounts import can_exist
from sandbox.bank.transfers import Transfer, Transfers

LONGEST_PURPOSE, LONGEST_NAME = 210, 160
FIELDS = ("payer", "inn", "payer_account", "account", "bic", "sum", "purpose", "day")


class BadWish(Exception):
    """`field` is wrong; the page marks it and says why."""

    def __init__(self, field: str) -> None:
        super().__init__(f"this is no {field} that a bank would take")
        self.field = field


@dataclass(frozen=True)
class Typed:
    """The form as it was sent; what is empty in an address or a test has its usual value."""

    values: Mapping[str, str]

    def transfer(self, transfers: Transfers) -> Transfer:
        account, bic = self._bare("account"), self._bare("bic")
        if not can_exist(account, bic):
            raise BadWish("account")
        receiver = transfers.of_seller(account)
        return Transfer(
            number=transfers.next_number,
            day=self._day(),
            amount=self._sum(),
            currency=receiver.currency if receiver else "RUB",
            payer=self._text("payer", LONGEST_NAME),
            payer_tax_number=self._tax_number(),
            payer_account=self._bare("payer_account"),
            account=account,
            bic=bic,
            purpose=self._text("purpose", LONGEST_PURPOSE),
        )

    def _bare(self, name: str) -> str:
        return "".join(self.values.get(name, "").split()).upper()

    def _text(self, name: str, longest: int) -> str:
        text = " ".join(self.values.get(name, "").split())
        if not text or len(text) > longest:
            raise BadWish(name)
        return text

    def _tax_number(self) -> str:
        """A person may have none; this bank does not look at control digits."""
        number = self._bare("inn")
        if number and not re.fullmatch(r"\d{9,14}|[A-Z]{2}\d{7}", number):
            raise BadWish("inn")
        return number

    def _sum(self) -> Decimal:
        text = "".join(self.values.get("sum", "").split()).replace(",", ".")
        if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text) or not Decimal(text):
            raise BadWish("sum")
        return Decimal(text).quantize(Decimal("0.01"))

    def _day(self) -> date:
        try:
            return date.fromisoformat(self.values.get("day", ""))
        except ValueError:
            raise BadWish("day") from None
