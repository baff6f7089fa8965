"""What operators may do alone, when they answer and when the group is quiet; from [desk] of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from bot.domain.money import Money
from bot.domain.states import Role


@dataclass(frozen=True, slots=True)
class Hours:
    """From when till when, by the seller's clock; past midnight where `until` is the earlier one."""

    since: time
    until: time

    def includes(self, moment: time) -> bool:
        if self.since <= self.until:
            return self.since <= moment < self.until
        return moment >= self.since or moment < self.until


@dataclass(frozen=True, slots=True)
class DeskTerms:
    """Without [desk] in the catalogue everything counts that stands here."""

    work: Hours = Hours(time(9), time(18))
    """When somebody sits at the desk: what customers are promised is counted in these hours."""
    weekend: bool = False
    """Whether they work on Saturdays and Sundays as well."""
    reply_hours: int = 4
    """Within how many working hours a customer is answered."""
    quiet: Hours | None = None
    """When the group makes no sound; cards come all the same."""
    second_from: Mapping[str, Money] = field(default_factory=dict)
    """From these sums on a refund, or money moved by hand, needs a second person."""
    most: Mapping[Role, Mapping[str, Money]] = field(default_factory=dict)
    """The most that a role may refund or move at once; the owner has no limit."""
    summary_at: tuple[time, ...] = (time(9), time(20))
    """When the group is told what waits and what came."""

    def needs_second(self, amount: Money) -> bool:
        limit = self.second_from.get(amount.currency)
        return limit is not None and amount >= limit

    def allows(self, role: Role, amount: Money) -> bool:
        """Whether this role may move that much at once."""
        limit = self.most.get(role, {}).get(amount.currency)
        return limit is None or role is Role.OWNER or amount <= limit
