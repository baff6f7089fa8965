"""Switching an autopay off, unlinking a card, blocking a customer: a button, then the reason in words."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import CustomerError
from bot.handlers.operators.prompts import Prompt, Told, ask, asked_for
from bot.i18n import _, shown
from bot.i18n.autopay_words import thing_words
from bot.keyboards import acts as buttons
from bot.keyboards.acts import Act, What
from bot.middlewares.living import answer_tap
from bot.services.acts.house import Acts

router = Router(name="operators_acts_stopping")

AUTOPAY_OFF, UNLINK, BLOCK, UNBLOCK = "act_autopay_off", "act_unlink", "act_block", "act_unblock"


@router.callback_query(Act.filter(F.what == What.AUTOPAY_OFF))
async def autopay_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext) -> None:
    words = _("the autopay is switched off at once, and its consent ends. Why? In a few words.")
    await ask(query, bot, state, Prompt(AUTOPAY_OFF, 0, words, about=callback_data.about))


@asked_for(AUTOPAY_OFF)
async def autopay_why(told: Told, acts: Acts) -> None:
    await acts.autopays.end(told.who, int(told.about), told.words)
    await told.message.reply(_("✔️ The autopay is switched off. The customer hears of it."))


@router.callback_query(Act.filter(F.what == What.CARDS))
async def cards_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, acts: Acts) -> None:
    found = await acts.autopays.of_customer(query.from_user.id, int(callback_data.about))
    if not isinstance(query.message, Message):
        raise CustomerError("card_gone")
    saved = [(card, buttons.named_card(card)) for card in found.cards]
    autopays = [(each, thing_words(thing)) for each, thing in found.autopays]
    words = _("Cards and autopays of {name}:", name=shown(found.customer.name) or "…")
    await answer_tap(bot, query)
    await query.message.reply(words, reply_markup=buttons.to_stop(saved, autopays))


@router.callback_query(Act.filter(F.what == What.UNLINK))
async def unlink_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext) -> None:
    words = _("the card is unlinked at once, and its autopays stop. Why? In a few words.")
    await ask(query, bot, state, Prompt(UNLINK, 0, words, about=callback_data.about))


@asked_for(UNLINK)
async def unlink_why(told: Told, acts: Acts) -> None:
    await acts.autopays.unlink(told.who, int(told.about), told.words)
    await told.message.reply(_("✔️ The card is unlinked. The customer hears of it."))


@router.callback_query(Act.filter(F.what == What.BLOCK))
async def block_tapped(
    query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext, acts: Acts
) -> None:
    customer = await acts.blocking.of(query.from_user.id, int(callback_data.about))
    words = _(
        "{name} will be able to order and pay nothing new; what is paid for works on. "
        "Why? Only operators see the reason.",
        name=shown(customer.name) or "…",
    )
    await ask(query, bot, state, Prompt(BLOCK, 0, words, about=callback_data.about))


@asked_for(BLOCK)
async def block_why(told: Told, acts: Acts) -> None:
    await acts.blocking.block(told.who, int(told.about), told.words)
    await told.message.reply(_("✔️ Blocked. The customer is asked to write to you."))


@router.callback_query(Act.filter(F.what == What.UNBLOCK))
async def unblock_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext) -> None:
    words = _("the customer may order and pay again. Why? In a few words.")
    await ask(query, bot, state, Prompt(UNBLOCK, 0, words, about=callback_data.about))


@asked_for(UNBLOCK)
async def unblock_why(told: Told, acts: Acts) -> None:
    await acts.blocking.unblock(told.who, int(told.about), told.words)
    await told.message.reply(_("✔️ Unblocked. The customer hears of it."))
