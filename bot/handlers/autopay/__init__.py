"""Autopays and saved cards: what stands, connecting, changing, and stopping at once."""

from aiogram import Router

from bot.handlers.autopay import (
    cards,
    changing,
    connecting,
    one,
    opening,
    resuming,  # noqa: F401 (for the screens it shows again)
    stopping,
)

router = Router(name="autopay")
router.include_routers(opening.router, one.router, connecting.router, changing.router, cards.router)
words = stopping.router
"""Before every dialog: who writes that he wants to stop is heard wherever he is."""

__all__ = ["router", "words"]
