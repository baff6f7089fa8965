"""Orders by a form in the chat: what is ordered, its questions, its summary, and what became of it."""

from aiogram import Router

from bot.handlers.order_form import answering, listing, opening, replying, summary

router = Router(name="order_form")
router.include_routers(opening.router, answering.router, summary.router, replying.router, listing.router)

__all__ = ["router"]
