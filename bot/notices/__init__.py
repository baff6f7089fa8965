"""How each notice reads: `registry` is their shape, and every other module registers writers."""

from bot.notices import cards, customers, invoices, operators

__all__ = ["cards", "customers", "invoices", "operators"]
