"""Control totals: what a bank says came and went on an account, against the lines of its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.domain.errors import BadStatement


@dataclass(slots=True)
class Told:
    """What one part of a file says of an account, in hundredths; None where it does not."""

    opening: int | None = None
    came: int | None = None
    went: int | None = None
    closing: int | None = None
    came_count: int | None = None
    went_count: int | None = None
    line: int = 0

    @property
    def change(self) -> int | None:
        return None if self.opening is None or self.closing is None else self.closing - self.opening


@dataclass(slots=True)
class Found:
    came: int = 0
    went: int = 0
    came_count: int = 0
    went_count: int = 0

    @property
    def change(self) -> int:
        return self.came - self.went


@dataclass(slots=True)
class Totals:
    """Sums of a file by account; several parts of a file may tell of one account, a day each."""

    told: defaultdict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    found: defaultdict[str, Found] = field(default_factory=lambda: defaultdict(Found))

    def tell(self, account: str, told: Told) -> None:
        self.told[account].append(told)
        if told.change is None or told.came is None or told.went is None:
            return
        if told.change != told.came - told.went:
            raise _differs("balance", account, told.line, told.change, told.came - told.went)

    def came(self, account: str, minor: int) -> None:
        found = self.found[account]
        found.came += minor
        found.came_count += 1

    def went(self, account: str, minor: int) -> None:
        found = self.found[account]
        found.went += minor
        found.went_count += 1

    def check(self, accounts: Collection[str]) -> int:
        """Refuse a file that contradicts itself; how many of these accounts say too little to know."""
        proven = {account for account, parts in self.told.items() if self._agrees(account, parts)}
        return len(set(accounts) - proven)

    def _agrees(self, account: str, parts: list[Told]) -> bool:
        """Whether the sum of what came in is proven, by its own total or by the balances."""
        agreed = {what for what in _BY_NAME if self._is_told_right(what, account, parts)}
        return not agreed.isdisjoint(("came", "change"))

    def _is_told_right(self, what: str, account: str, parts: list[Told]) -> bool:
        told = [getattr(part, what) for part in parts]
        if None in told:
            return False
        found = getattr(self.found[account], what)
        if sum(told) != found:
            raise _differs(_BY_NAME[what], account, parts[0].line, sum(told), found)
        return True


_BY_NAME = {
    "came": "incoming",
    "went": "outgoing",
    "came_count": "count",
    "went_count": "count",
    "change": "balance",
}


def _differs(which: str, account: str, line: int, told: int, found: int) -> BadStatement:
    shown = str if which == "count" else _sum
    return BadStatement(f"{which}_differs", line, account=account, told=shown(told), found=shown(found))


def _sum(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"
