"""Words and amounts of the catalogue, read where a table has them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.errors import BadAmount
from bot.domain.money import EXPONENTS, Limits, Money
from bot.domain.texts import Text
from bot.domain.toml_table import Table

_LANGUAGE = re.compile(r"[a-z]{2}")


def optional_words(table: Table, key: str) -> Text | None:
    return words(table, key) if key in table else None


def words(table: Table, key: str) -> Text:
    """A text per language, `{ ru = "…", en = "…" }`, or one text for all."""
    if key not in table:
        table.wrong(None, f'"{key}" is missing in [{table.name}]', f'add {key} = {{ ru = "…", en = "…" }}')
    if isinstance(table.values[key], str):
        return Text({"en": table.string(key)})
    if not table.table(key).values:
        table.wrong(key, f'"{key}" is empty', f'write {key} = {{ ru = "…", en = "…" }}')
    return by_language(table.table(key))


def by_language(languages: Table) -> Text:
    """The text that a table of languages holds."""
    for language in languages.values:
        if _LANGUAGE.fullmatch(language) is None:
            languages.wrong(language, f'"{language}" is not a language', "use two letters: ru, en, be, ky")
    return Text({language: languages.string(language) for language in languages.values})


def read_money(table: Table, key: str, currency: str) -> Money:
    """Exact, in quotes or without; a float or a comma is told with what was most likely meant."""
    value = table.values[key]
    written = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    try:
        return Money.parse(written, currency)
    except BadAmount:
        table.wrong(key, f'price "{value}"', f'write "{_most_likely(written, currency)}"')


def _most_likely(written: str, currency: str) -> str:
    """What was most likely meant: without spaces, a point for the comma."""
    plain = re.sub(r"[^\d.]", "", written.replace(",", "."))
    try:
        return Money.parse(plain, currency).decimal()
    except BadAmount:
        return "990" if EXPONENTS[currency] == 0 else "990.00"


def read_limits(table: Table) -> Mapping[str, Limits]:
    """`RUB = { least = "10.00", most = "10000.00" }`, for each currency that the table names."""
    table.only(tuple(EXPONENTS))
    return {code: _limit(table.table(code), code) for code in table.values}


def _limit(table: Table, currency: str) -> Limits:
    table.only(("least", "most"))
    for key in ("least", "most"):
        if key not in table:
            table.wrong(None, f'"{key}" is missing', f'add {key} = "10.00"')
    limits = Limits(read_money(table, "least", currency), read_money(table, "most", currency))
    if not Money(0, currency) < limits.least <= limits.most:
        table.wrong("least", "least is more than most, or nothing", "write the smaller amount as least")
    return limits
