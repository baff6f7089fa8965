"""Acts under records: a button, a question, sometimes one more tap; `asking` is what all of them share."""

from __future__ import annotations

from aiogram import Router

from bot.handlers.operators.acts import asking, callers, dates, money, papers, people, stopping

router = Router(name="operators_acts")
router.include_routers(
    asking.router, callers.router, dates.router, money.router, papers.router, people.router, stopping.router
)

__all__ = ["router"]
