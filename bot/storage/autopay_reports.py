"""Sums over all autopays, each read from one index without a look at the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.autopay_reports import Standing
from bot.domain.autopays import STANDING, AutopayState
from bot.storage.tables import autopays, payments

_STANDS = autopays.c.state.in_(  # in words, as the index has it
    bindparam("standing", [state.value for state in STANDING], expanding=True, literal_execute=True)
)


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


class AutopayReports:
    """Sums alone; nothing here names a person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def planned(self, first: date, end: date) -> Iterable[Planned]:
        """What the clock is to charge from that day on, before the other."""
        query = (
            select(
                autopays.c.charge_on,
                autopays.c.currency,
                autopays.c.days,
                func.count(),
                func.sum(autopays.c.minor),
            )
            .where(
                _STANDS,
                autopays.c.state == AutopayState.ACTIVE.value,
                autopays.c.charge_on >= first,
                autopays.c.charge_on < end,
            )
            .group_by(autopays.c.charge_on, autopays.c.currency, autopays.c.days)
        )
        for on, currency, days, charges, minor in self._connection.execute(query):
            yield Planned(on, currency, days, charges, int(minor))

    def standing(self) -> list[Standing]:
        query = select(autopays.c.state, autopays.c.reason, func.count()).where(_STANDS)
        rows = self._connection.execute(query.group_by(autopays.c.state, autopays.c.reason))
        return [Standing(AutopayState(state), reason, count) for state, reason, count in rows]

    def ended(self, since: datetime, until: datetime) -> list[Ended]:
        """What became of the charges that were begun in that time."""
        its = payments.c
        query = (
            select(its.currency, its.state, its.refusal, func.count(), func.sum(its.minor))
            .where(its.autopay_id.is_not(None), its.created_at >= since, its.created_at < until)
            .group_by(its.currency, its.state, its.refusal)
        )
        return [Ended(row[0], row[1], row[2], row[3], int(row[4])) for row in self._connection.execute(query)]
