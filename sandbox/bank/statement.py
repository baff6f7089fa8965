"""The statement of an account over some days: what happened, before it is written in one of the forms."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sandbox.bank.accounts import Account
from sandbox.bank.mishaps import BOTH, FOREIGN, LUMP_SUM, OUTGOING, TWICE, WRONG_TOTALS
from sandbox.bank.transfers import Transfer, Transfers
from sandbox.faults import Faults

SOMEBODY = "40702810900000002851"


@dataclass(frozen=True)
class Statement:
    """`came` and `went` are the totals it tells, which on a bad day are not those of its rows."""

    account: Account
    since: date
    until: date
    opening: Decimal
    rows: tuple[Transfer, ...]
    came: Decimal
    went: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.came - self.went


def statement(transfers: Transfers, account: Account, since: date, until: date, faults: Faults) -> Statement:
    rows = [*transfers.came_to(account, since, until), *_besides(account, until, faults["besides"].value)]
    came = sum((each.amount for each in rows if not each.outgoing), Decimal("0.00"))
    went = sum((each.amount for each in rows if each.outgoing), Decimal("0.00"))
    if faults["statement"].value == WRONG_TOTALS:
        came += 1
    if faults["statement"].value == TWICE:
        rows = [row for row in rows for _ in range(2)]
    if faults["account"].value == FOREIGN:
        account = replace(account, number=SOMEBODY, holder="Чужая фирма")
        rows = [replace(row, account=SOMEBODY) for row in rows]
    opening = transfers.balance_before(account, since)
    return Statement(account, since, until, opening, tuple(rows), came, went)


def _besides(account: Account, day: date, wanted: str) -> Iterator[Transfer]:
    """Always the same rows of a day, so that the statement may be loaded again."""
    usual = Transfer(
        number=9001,
        day=day,
        amount=Decimal("48211.35"),
        currency=account.currency,
        payer="НКО «ЮМани»",
        payer_tax_number="7750005725",
        payer_account=SOMEBODY,
        account=account.number,
        bic=account.bic,
        purpose="Реестр платежей за день по договору эквайринга",
    )
    if wanted in (LUMP_SUM, BOTH):
        yield usual
    if wanted in (OUTGOING, BOTH):
        yield replace(
            usual,
            number=9002,
            amount=Decimal("30000.00"),
            payer="ООО «Крыша»",
            payer_tax_number="7707083893",
            purpose="Аренда за месяц. Без НДС",
            outgoing=True,
        )
