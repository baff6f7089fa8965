"""How each notice reads: `registry` is their shape, and every other module registers writers."""

from bot.notices import by_hand, cards, customers, invoices, letters, operators, papers

__all__ = ["by_hand", "cards", "customers", "invoices", "letters", "operators", "papers"]
