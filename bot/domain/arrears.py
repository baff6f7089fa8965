"""A connector that an autopay could not pay for: its grace, what follows, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.autopay_terms import AutopayTerms


class ArrearsStage(StrEnum):
    NOTED = "noted"
    """Written down, but told to nobody yet: that is done by day."""
    GRACE = "grace"
    """It works as ever."""
    LIMITED = "limited"
    """It works in part; in which, the seller decides."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Arrears:
    """What a connector owes since a day. `next_at` is when its next stage is due, None after the last."""

    id: int
    connector_id: str
    autopay_id: int
    customer_id: int
    since: date
    stage: ArrearsStage
    next_at: datetime | None

    @property
    def is_in_grace(self) -> bool:
        """Whether all of it works as if it were paid."""
        return self.stage in (ArrearsStage.NOTED, ArrearsStage.GRACE)


@dataclass(frozen=True, slots=True)
class Course:
    """The days on which arrears go on, all counted from the first that is not paid for."""

    since: date
    limited_on: date
    stopped_on: date
    kept_until: date

    def stage_on(self, day: date) -> ArrearsStage:
        if day >= self.stopped_on:
            return ArrearsStage.STOPPED
        return ArrearsStage.LIMITED if day >= self.limited_on else ArrearsStage.GRACE

    def ends_on(self, stage: ArrearsStage) -> date | None:
        """When the next stage begins; the last has none."""
        following = {
            ArrearsStage.GRACE: min(self.limited_on, self.stopped_on),
            ArrearsStage.LIMITED: self.stopped_on,
        }
        return following.get(stage)


def course(since: date, terms: AutopayTerms) -> Course:
    stopped_on = since + timedelta(days=terms.limited_days)
    return Course(
        since=since,
        limited_on=since + timedelta(days=terms.grace_days),
        stopped_on=stopped_on,
        kept_until=stopped_on + timedelta(days=terms.kept_days),
    )
