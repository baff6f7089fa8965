"""How each notice reads: `registry` is their shape, and every other module registers writers."""

from bot.notices import customers

__all__ = ["customers"]
