"""What became of a charge of an autopay that its provider is silent about: seen by a cashier, said once."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from bot.domain.states import Role
from bot.handlers.operators import charge_answers, prompts
from bot.handlers.operators.board import redraw, show_buttons
from bot.i18n import _, money
from bot.keyboards import operators as buttons
from bot.keyboards.unknown_charges import ChargeArrived, ChargeMissing
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService
from bot.services.unknown_charges import UnknownCharges

router = Router(name="operators_unknown_charges")


@router.callback_query(ChargeArrived.filter())
async def arrived_tapped(
    query: CallbackQuery, callback_data: ChargeArrived, bot: Bot, desk: DeskService, state: FSMContext
) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.CASHIER)
    words = _("which number has this payment in the provider's cabinet? Reply to this message.")
    await prompts.ask(query, bot, state, prompts.Prompt(charge_answers.CHARGE, card.id, words))


@router.callback_query(ChargeMissing.filter())
async def missing_tapped(
    query: CallbackQuery,
    callback_data: ChargeMissing,
    bot: Bot,
    desk: DeskService,
    unknown_charges: UnknownCharges,
) -> None:
    """One more tap: what is charged again on a mistake is charged twice."""
    assert query.message is not None, "the router takes buttons under messages alone"
    who, place = query.from_user.id, query.message
    card = await desk.card_for(who, callback_data.card, Role.CASHIER)
    if not callback_data.sure:
        yes = _("Yes, {amount} did not come", amount=money(card.payload["amount"]))
        sure = callback_data.model_copy(update={"sure": True})
        await show_buttons(bot, place, buttons.sure(yes, sure, card.id))
        await answer_tap(bot, query)
        return
    await unknown_charges.decide(who, int(card.payload["payment_id"]))
    await answer_tap(bot, query, _("Done."))
    closed = await desk.card(card.id)
    await redraw(bot, closed, place.chat.id, closer=query.from_user.full_name, at=place)
