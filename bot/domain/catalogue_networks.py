"""The networks of the catalogue: where a payment code is typed, and the steps that lead to the seller."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.catalogue import NetworkTerms
from bot.domain.catalogue_values import by_language, words
from bot.domain.money import EXPONENTS, STARS
from bot.domain.toml_table import Table

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,31}")


def read_networks(top: Table) -> Mapping[str, NetworkTerms]:
    table = top.table("networks")
    for name in table.values:
        if _NAME.fullmatch(name) is None:
            table.wrong(
                name, f'network "{name}"', "use 1 to 32 of a-z, 0-9 and _, as in TERMINALS__<NAME>__SECRET"
            )
    return {name: _network(table.table(name)) for name in table.values}


def _network(table: Table) -> NetworkTerms:
    table.only(("title", "currency", "steps", "refunds"))
    steps = tuple(by_language(step) for step in table.tables("steps") if step.values)
    if not steps:
        table.wrong(None, f"[{table.name}] has no steps", 'add steps = [{ ru = "…", en = "…" }, …]')
    return NetworkTerms(
        title=words(table, "title"),
        currency=table.choice("currency", [code for code in EXPONENTS if code != STARS]),
        steps=steps,
        refunds_by_hand="refunds" in table and table.choice("refunds", ["balance", "by_hand"]) == "by_hand",
    )
