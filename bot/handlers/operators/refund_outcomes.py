"""Cards of refunds that no provider tells the end of: sent by hand, lost on the way, or failed."""

from __future__ import annotations

from typing import TypeVar

from aiogram import Bot, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from bot.domain.desk import Card
from bot.domain.states import Role
from bot.handlers.operators import prompts
from bot.handlers.operators.board import redraw, show_buttons
from bot.handlers.operators.prompts import Told, asked_for
from bot.i18n import _, money
from bot.i18n.refund_words import outcome_words
from bot.keyboards import operators as buttons
from bot.keyboards import refunds as screens
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService
from bot.services.refund.outcomes import SAID, RefundOutcomeService

router = Router(name="operators_refund_outcomes")

SENT, WENT = "refund_sent", "refund_went"
Press = TypeVar("Press", bound=CallbackData)


@router.callback_query(screens.SentByHand.filter())
async def sent_tapped(
    query: CallbackQuery, callback_data: screens.SentByHand, bot: Bot, desk: DeskService, state: FSMContext
) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.CASHIER)
    words = _("which number and date has the payment order? Reply to this message: 118/22.11.2026")
    await prompts.ask(query, bot, state, prompts.Prompt(SENT, card.id, words))


@asked_for(SENT)
async def sent_told(told: Told, bot: Bot, desk: DeskService, refund_outcomes: RefundOutcomeService) -> None:
    await refund_outcomes.sent_by_hand(told.who, told.card, told.words)
    await told.message.reply(_("✔️ Booked. The customer hears of it."))
    await redraw(bot, await desk.card(told.card), told.message.chat.id, closer=told.person.full_name)


@router.callback_query(screens.NotByHand.filter())
async def not_sent_tapped(
    query: CallbackQuery,
    callback_data: screens.NotByHand,
    bot: Bot,
    desk: DeskService,
    refund_outcomes: RefundOutcomeService,
) -> None:
    if await _is_sure(query, callback_data, bot, desk, _("Yes, it won't be sent")):
        await refund_outcomes.not_by_hand(query.from_user.id, callback_data.card)
        await _done(query, bot, desk, callback_data.card)


@router.callback_query(screens.LostWent.filter())
async def went_tapped(
    query: CallbackQuery, callback_data: screens.LostWent, bot: Bot, desk: DeskService, state: FSMContext
) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.CASHIER)
    words = _("which number has this refund in the provider's cabinet? Reply to this message.")
    await prompts.ask(query, bot, state, prompts.Prompt(WENT, card.id, words))


@asked_for(WENT)
async def went_told(told: Told, bot: Bot, desk: DeskService, refund_outcomes: RefundOutcomeService) -> None:
    is_over = await refund_outcomes.say(told.who, told.card, told.words)
    if is_over:
        await told.message.reply(_("✔️ Booked. The customer hears of it."))
    else:
        await told.message.reply(_("✔️ Noted. A second person has to look."))
    await redraw(bot, await desk.card(told.card), told.message.chat.id, closer=told.person.full_name)


@router.callback_query(screens.LostMissing.filter())
async def missing_tapped(
    query: CallbackQuery,
    callback_data: screens.LostMissing,
    bot: Bot,
    desk: DeskService,
    refund_outcomes: RefundOutcomeService,
) -> None:
    if await _is_sure(query, callback_data, bot, desk, _("Yes, the provider has nothing of it")):
        await refund_outcomes.say(query.from_user.id, callback_data.card, "")
        await _done(query, bot, desk, callback_data.card)


@router.callback_query(screens.LostAgreed.filter())
async def agreed_tapped(
    query: CallbackQuery,
    callback_data: screens.LostAgreed,
    bot: Bot,
    desk: DeskService,
    refund_outcomes: RefundOutcomeService,
) -> None:
    if await _is_sure(query, callback_data, bot, desk, _("Yes, I have looked there myself")):
        card = await desk.card_for(query.from_user.id, callback_data.card, Role.CASHIER)
        said = card.payload.get(SAID) or {}
        await refund_outcomes.say(query.from_user.id, card.id, str(said.get("number") or ""))
        await _done(query, bot, desk, callback_data.card)


@router.callback_query(screens.FailedAgain.filter())
async def again_tapped(
    query: CallbackQuery,
    callback_data: screens.FailedAgain,
    bot: Bot,
    desk: DeskService,
    refund_outcomes: RefundOutcomeService,
) -> None:
    yes = _("Yes, send it by hand") if callback_data.by_hand else _("Yes, try once more")
    if await _is_sure(query, callback_data, bot, desk, yes):
        who, by_hand = query.from_user.id, callback_data.by_hand
        request = await refund_outcomes.again(who, callback_data.card, by_hand=by_hand)
        await _done(query, bot, desk, callback_data.card, outcome_words(request))


@router.callback_query(screens.FailedRests.filter())
async def rests_tapped(
    query: CallbackQuery,
    callback_data: screens.FailedRests,
    bot: Bot,
    desk: DeskService,
    refund_outcomes: RefundOutcomeService,
) -> None:
    if await _is_sure(query, callback_data, bot, desk, _("Yes, it stays on the balance")):
        await refund_outcomes.leave_on_balance(query.from_user.id, callback_data.card)
        await _done(query, bot, desk, callback_data.card)


async def _is_sure(query: CallbackQuery, pressed: Press, bot: Bot, desk: DeskService, yes: str) -> bool:
    """Money is moved by a second tap, which says how much."""
    assert query.message is not None, "the router takes buttons under messages alone"
    if getattr(pressed, "sure", False):
        return True
    card: Card = await desk.card_for(query.from_user.id, int(getattr(pressed, "card", 0)), Role.CASHIER)
    words = f"{yes}: {money(card.payload['amount'])}"
    await show_buttons(
        bot, query.message, buttons.sure(words, pressed.model_copy(update={"sure": True}), card.id)
    )
    await answer_tap(bot, query)
    return False


async def _done(query: CallbackQuery, bot: Bot, desk: DeskService, card_id: int, words: str = "") -> None:
    assert query.message is not None, "the router takes buttons under messages alone"
    place = query.message
    await answer_tap(bot, query, words or _("Done."))
    await redraw(bot, await desk.card(card_id), place.chat.id, closer=query.from_user.full_name, at=place)
