"""How each notice reads: `registry` is their shape, and every other module registers writers."""

from bot.notices import (
    autopay_reports,
    billing,
    by_hand,
    cards,
    customers,
    invoices,
    letters,
    operators,
    papers,
    renewals,
    statements,
    unknown_charges,
)

__all__ = [
    "autopay_reports",
    "billing",
    "by_hand",
    "cards",
    "customers",
    "invoices",
    "letters",
    "operators",
    "papers",
    "renewals",
    "statements",
    "unknown_charges",
]
