"""The promo codes of the catalogue."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from bot.domain.catalogue_values import read_money
from bot.domain.money import EXPONENTS, Money
from bot.domain.promos import CODE, Promo, normal
from bot.domain.toml_table import Table

_KEYS = ("percent", "sums", "since", "until", "most", "tariffs")


def read_promos(top: Table, tariffs: Sequence[str]) -> Mapping[str, Promo]:
    table = top.table("promos")
    promos = [_promo(table, key, tariffs) for key in table.values]
    return {promo.code: promo for promo in promos}


def _promo(promos: Table, key: str, tariffs: Sequence[str]) -> Promo:
    code, table = normal(key), promos.table(key)
    if CODE.fullmatch(code) is None:
        promos.wrong(key, f'promo code "{key}"', "use 2 to 32 of A-Z, 0-9, - and _")
    table.only(_KEYS)
    if ("percent" in table) == ("sums" in table):
        table.wrong(None, f'promo code "{code}" takes nothing off, or both', "write either percent or sums")
    percent = _count(table, "percent", most=100) if "percent" in table else 0
    unknown = next((name for name in table.strings("tariffs") if name not in tariffs), None)
    if unknown is not None:
        table.wrong("tariffs", f'there is no tariff "{unknown}"', f"known: {', '.join(tariffs)}")
    since, until = _day(table, "since"), _day(table, "until")
    if since and until and until < since:
        table.wrong("until", "it ends before it begins", "write the later day as until")
    return Promo(
        code=code,
        percent=percent or 0,
        sums=_sums(table.table("sums")),
        since=since,
        until=until,
        most=_count(table, "most", most=10**9) if "most" in table else None,
        tariffs=table.strings("tariffs"),
    )


def _count(table: Table, key: str, *, most: int) -> int:
    value = table.values[key]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        table.wrong(key, f'{key} "{value}"', f"write a whole number from 1 to {most}")
    return value


def _sums(table: Table) -> tuple[Money, ...]:
    table.only(tuple(EXPONENTS))
    sums = tuple(read_money(table, code, code) for code in table.values)
    for amount in sums:
        if amount.minor <= 0:
            table.wrong(amount.currency, f'sum "{amount.decimal()}"', "write more than nothing")
    return sums


def _day(table: Table, key: str) -> datetime.date | None:
    if key not in table:
        return None
    value = table.values[key]
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        table.wrong(key, f'{key} "{value}"', f"write a day without quotes: {key} = 2026-12-31")
    return value
