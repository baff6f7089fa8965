"""[autopay] and [suspension] of the catalogue."""

from __future__ import annotations

from bot.domain.autopay_terms import AutopayTerms, SuspensionTerms
from bot.domain.catalogue_values import read_limits
from bot.domain.toml_table import Table

_DAYS = ("grace_days", "limited_days", "kept_days")


def read_autopay(table: Table) -> AutopayTerms:
    """The usual terms, where the catalogue says nothing else."""
    table.only((*_DAYS, "limits"))
    usual = AutopayTerms()
    terms = AutopayTerms(
        limits=read_limits(table.table("limits")),
        grace_days=table.number("grace_days", usual.grace_days, most=365),
        limited_days=table.number("limited_days", usual.limited_days, most=365),
        kept_days=table.number("kept_days", usual.kept_days, most=365),
    )
    if terms.grace_days > terms.limited_days:
        table.wrong("limited_days", "it would be limited before the grace is over", "write the larger number")
    return terms


def read_suspension(top: Table) -> SuspensionTerms | None:
    """None without [suspension]: then nobody is offered to do without."""
    if "suspension" not in top:
        return None
    table, usual = top.table("suspension"), SuspensionTerms()
    table.only(("least_days", "most_months"))
    return SuspensionTerms(
        least_days=table.number("least_days", usual.least_days, most=365),
        most_months=table.number("most_months", usual.most_months, most=24),
    )
