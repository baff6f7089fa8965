"""A network's register against the books: its card's buttons credit what only the register tells of."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.types import CallbackQuery

from bot.handlers.operators.board import redraw, show_buttons
from bot.i18n import _, money
from bot.keyboards import operators as buttons
from bot.keyboards.operators import BookLine
from bot.middlewares.living import answer_tap
from bot.services.registers import RegisterService

router = Router(name="operators_registers")


@router.callback_query(BookLine.filter())
async def line_tapped(
    query: CallbackQuery, callback_data: BookLine, bot: Bot, registers: RegisterService
) -> None:
    """One more tap, then the money is booked as if the network had told of it in time."""
    who, goal, place = query.from_user.id, callback_data, query.message
    assert place is not None, "the router takes buttons under messages alone"
    if not goal.sure:
        line = await registers.missing_line(who, goal.card, goal.txn)
        yes = _("Yes, credit {amount} by code {code}", amount=money(line.amount), code=line.account)
        sure = goal.model_copy(update={"sure": True})
        await show_buttons(bot, place, buttons.sure(yes, sure, goal.card))
        await answer_tap(bot, query)
        return
    card = await registers.book_from_card(who, goal.card, goal.txn)
    await answer_tap(bot, query, _("Done."))
    await redraw(bot, card, place.chat.id, at=place)
