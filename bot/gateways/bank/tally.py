"""What is counted while a file is read for the first time; both formats end in the same head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from bot.domain.errors import BadStatement
from bot.domain.money import Money
from bot.domain.statements import Remark, StatementHead, StatementLine
from bot.gateways.bank.totals import Totals


class Tally:
    """`accounts` are the seller's, each with its currency; the file may speak of others as well."""

    def __init__(self, accounts: Mapping[str, str]) -> None:
        self.accounts = accounts
        self.totals = Totals()
        self.remarks: Counter[Remark] = Counter()
        self._named: set[str] = set()
        self._days: set[date] = set()
        self._sums: Counter[str] = Counter()
        self._incoming = 0
        self._outgoing = 0

    def name(self, account: str) -> None:
        """The file says that it is about that account."""
        self._named.add(account)

    def covers(self, day: date) -> None:
        self._days = {min(self._days | {day}), max(self._days | {day})}

    def take(self, line: StatementLine) -> None:
        self._named.add(line.account)
        self._incoming += 1
        self._sums[line.amount.currency] += line.amount.minor

    def went(self) -> None:
        self._outgoing += 1

    def head(self, form: str, encoding: str) -> StatementHead:
        """Refuses a file of somebody else, and one that does not add up."""
        ours = self._ours()
        self.remarks[Remark.OTHER_ACCOUNTS] = len(self._named) - len(ours)
        self.remarks[Remark.NO_TOTALS] = self.totals.check(ours)
        return StatementHead(
            format=form,
            accounts=ours,
            since=min(self._days, default=None),
            until=max(self._days, default=None),
            incoming=self._incoming,
            sums=tuple(Money(minor, currency) for currency, minor in sorted(self._sums.items())),
            outgoing=self._outgoing,
            encoding=encoding,
            currencies=tuple(self.accounts[account] for account in ours),
            remarks={remark: count for remark, count in self.remarks.items() if count},
        )

    def _ours(self) -> tuple[str, ...]:
        if not self._named:
            raise BadStatement("no_accounts")
        ours = tuple(sorted(self._named & self.accounts.keys()))
        if not ours:
            raise BadStatement("foreign_account", account=_shown(self._named))
        return ours


def _shown(accounts: Iterable[str]) -> str:
    """Enough to recognise it, and no more: it is somebody else's."""
    first = min(accounts)
    return f"{first[:5]}…{first[-4:]}" if len(first) > 12 else first
