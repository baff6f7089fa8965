"""Sums over all autopays, each read from one index without a look at the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from bot.domain.autopay_reports import Standing
from bot.domain.autopays import AutopayState
from bot.storage.autopays import STANDS
from bot.storage.tables import autopays, payments


@dataclass(frozen=True, slots=True)
class Planned:
    """Charges on one day; those onto a balance come again after so many `days`."""

    on: date
    currency: str
    days: int
    charges: int
    minor: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Charges that came to this state, `refusal` says why where they were refused."""

    currency: str
    state: str
    refusal: str
    charges: int
    minor: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Autopays whose time has come for a step, and the longest waiting of them."""

    step: str
    autopays: int
    oldest: datetime


class AutopayReports:
    """Sums alone; nothing here names a person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def planned(self, on: date) -> list[Planned]:
        """What the clock is to charge on that day."""
        its = autopays.c
        query = (
            select(its.currency, its.days, func.count(), func.sum(its.minor))
            .where(STANDS, its.state == AutopayState.ACTIVE.value, its.charge_on == on)
            .group_by(its.currency, its.days)
        )
        return [Planned(on, row[0], row[1], row[2], int(row[3])) for row in self._connection.execute(query)]

    def standing(self) -> list[Standing]:
        """By state; those that are paused by reason as well."""
        its, paused = autopays.c, AutopayState.PAUSED
        by_state = (
            select(its.state, func.count()).where(STANDS, its.state != paused.value).group_by(its.state)
        )
        by_reason = select(its.reason, func.count()).where(STANDS, its.state == paused.value)
        return [
            *(
                Standing(AutopayState(state), "", count)
                for state, count in self._connection.execute(by_state)
            ),
            *(
                Standing(paused, reason, count)
                for reason, count in self._connection.execute(by_reason.group_by(its.reason))
            ),
        ]

    def waiting(self, by: datetime) -> list[Waiting]:
        """What is due and not done yet; a charge under way is not among it."""
        its = autopays.c
        query = select(its.step, func.count(), func.min(its.due_at))
        due = query.where(its.due_at.is_not(None), its.due_at <= by).group_by(its.step)
        return [Waiting(*row) for row in self._connection.execute(due)]

    def ended(self, since: datetime, until: datetime) -> list[Ended]:
        """What became of the charges that were begun in that time."""
        its = payments.c
        query = (
            select(its.currency, its.state, its.refusal, func.count(), func.sum(its.minor))
            .where(its.autopay_id.is_not(None), its.created_at >= since, its.created_at < until)
            .group_by(its.currency, its.state, its.refusal)
        )
        return [Ended(row[0], row[1], row[2], row[3], int(row[4])) for row in self._connection.execute(query)]
