"""How each notice reads: `registry` is their shape, and every other module registers writers."""

from bot.notices import (
    acts,
    autopay,
    autopay_reports,
    billing,
    by_hand,
    cards,
    customers,
    invoices,
    letters,
    operators,
    operators_autopay,
    papers,
    renewals,
    service,
    statements,
    unknown_charges,
)

__all__ = [
    "acts",
    "autopay",
    "autopay_reports",
    "billing",
    "by_hand",
    "cards",
    "customers",
    "invoices",
    "letters",
    "operators",
    "operators_autopay",
    "papers",
    "renewals",
    "service",
    "statements",
    "unknown_charges",
]
