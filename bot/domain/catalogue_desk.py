"""[desk] of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time

from bot.domain.catalogue_values import read_money
from bot.domain.desk_terms import DeskTerms, Hours
from bot.domain.money import EXPONENTS, Money
from bot.domain.states import Role
from bot.domain.toml_table import Table

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LIMITED = (Role.OPERATOR, Role.CASHIER)
MOST_HOURS = 240


def read_desk(table: Table) -> DeskTerms:
    """The usual terms, where the catalogue says nothing else."""
    table.only(("work", "weekend", "reply_hours", "quiet", "second_from", "most", "summary_at"))
    usual = DeskTerms()
    most = table.table("most")
    most.only([role.value for role in _LIMITED])
    return DeskTerms(
        work=_hours(table, "work") or usual.work,
        weekend=table.flag("weekend"),
        reply_hours=table.number("reply_hours", usual.reply_hours, most=MOST_HOURS),
        quiet=_hours(table, "quiet"),
        second_from=_sums(table.table("second_from")),
        most={Role(name): _sums(most.table(name)) for name in most.values},
        summary_at=tuple(_clock(table, "summary_at", each) for each in table.strings("summary_at"))
        or usual.summary_at,
    )


def _hours(table: Table, key: str) -> Hours | None:
    if key not in table:
        return None
    parts = table.string(key, example="09:00-18:00").replace("–", "-").split("-")
    if len(parts) != 2:
        table.wrong(key, f'{key} "{table.values[key]}"', f'write {key} = "09:00-18:00"')
    since, until = (_clock(table, key, part) for part in parts)
    if since == until:
        table.wrong(key, "it begins when it ends", f'write {key} = "09:00-18:00"')
    return Hours(since, until)


def _clock(table: Table, key: str, written: str) -> time:
    found = _CLOCK.fullmatch(written.strip())
    if found is None:
        table.wrong(key, f'"{written}" is no time of day', "write hours and minutes: 09:00")
    return time(int(found[1]), int(found[2]))


def _sums(table: Table) -> Mapping[str, Money]:
    table.only(tuple(EXPONENTS))
    return {code: read_money(table, code, code) for code in table.values}
