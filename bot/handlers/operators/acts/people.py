"""Joining two payers, and moving a customer to another Telegram account: what can't be taken apart again."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.customers import Payer
from bot.domain.errors import CustomerError
from bot.handlers.operators.acts.asking import Agreed, agreed_to, ask_sure
from bot.handlers.operators.board import redraw
from bot.handlers.operators.prompts import Prompt, Told, ask, asked_for
from bot.i18n import _, shown
from bot.keyboards import acts as buttons
from bot.keyboards.acts import Act, JoinWith, Second, What
from bot.middlewares.living import answer_tap
from bot.services.acts.customer_moves import KIND as MOVES
from bot.services.acts.house import Acts
from bot.services.desk import DeskService

router = Router(name="operators_acts_people")

MOVE, JOIN_FIND, JOIN_WHY = "act_move", "act_join_find", "act_join_why"


@router.callback_query(Act.filter(F.what == What.JOIN))
async def join_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, acts: Acts) -> None:
    payer_id = int(callback_data.about)
    others = await acts.payers.others(query.from_user.id, payer_id)
    if not isinstance(query.message, Message):
        raise CustomerError("card_gone")
    await answer_tap(bot, query)
    words = _("Which one stays? All that this payer has goes to it, and both payment codes lead there.")
    await query.message.reply(words, reply_markup=buttons.to_join(payer_id, others))


@router.callback_query(Act.filter(F.what == What.JOIN_FOUND))
async def other_wanted(query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext) -> None:
    words = _("which payer? Send its number, payment code, tax number, e-mail, or a connector's name.")
    await ask(query, bot, state, Prompt(JOIN_FIND, 0, words, about=callback_data.about))


@asked_for(JOIN_FIND)
async def other_named(told: Told, acts: Acts) -> None:
    found = await acts.payers.others(told.who, int(told.about), told.words)
    none = _("Nothing was found. Reply to the question again, with other words.")
    keyboard = buttons.to_join(int(told.about), found)
    await told.message.reply(_("Which one stays?") if found else none, reply_markup=keyboard)


@router.callback_query(JoinWith.filter())
async def pair_tapped(
    query: CallbackQuery, callback_data: JoinWith, bot: Bot, *, state: FSMContext, acts: Acts
) -> None:
    goal = callback_data
    dropped, kept = await acts.payers.pair(query.from_user.id, goal.dropped, goal.kept)
    words = _(
        "{dropped} is joined into {kept}, for ever. Why? In a few words.",
        dropped=_named(dropped),
        kept=_named(kept),
    )
    await ask(query, bot, state, Prompt(JOIN_WHY, goal.dropped, words, line=goal.kept))


@asked_for(JOIN_WHY)
async def join_why(told: Told, state: FSMContext, acts: Acts) -> None:
    dropped, kept = await acts.payers.pair(told.who, told.card, told.line)
    words = _(
        "Join {dropped} into {kept}? Connectors, balances, orders, invoices and autopays go over. "
        "It can't be taken back.",
        dropped=_named(dropped),
        kept=_named(kept),
    )
    facts = {"dropped": told.card, "kept": told.line, "why": told.words}
    await ask_sure(told.message, state, What.JOIN, words, _("Yes, join them"), **facts)


@agreed_to(What.JOIN)
async def join_agreed(agreed: Agreed, acts: Acts) -> str:
    facts = agreed.facts
    kept = await acts.payers.join(agreed.who, facts["dropped"], facts["kept"], facts["why"])
    return _("✔️ Joined: {kept} has all of it now.", kept=_named(kept))


@router.callback_query(Act.filter(F.what == What.MOVE))
async def move_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext) -> None:
    words = _(
        "to which account? Send its Telegram number or @name, and the reason: “123456789 the telephone was "
        "lost”. Its owner has to have opened the bot once."
    )
    await ask(query, bot, state, Prompt(MOVE, 0, words, about=callback_data.about))


@asked_for(MOVE)
async def move_told(told: Told, state: FSMContext, acts: Acts) -> None:
    account, _space, why = told.words.strip().partition(" ")
    old, new = await acts.moves.both(told.who, int(told.about), account)
    if not why.strip():
        raise CustomerError("reason_missing")
    words = _(
        "Move everything of {old} ({number}) to {new} ({to_number})? A second person will be asked.",
        old=shown(old.name, 64) or "…",
        number=old.id,
        new=shown(new.name, 64) or "…",
        to_number=new.id,
    )
    facts = {"old": old.id, "new": new.id, "why": why}
    await ask_sure(told.message, state, What.MOVE, words, _("Yes, ask a second person"), **facts)


@agreed_to(What.MOVE)
async def move_agreed(agreed: Agreed, acts: Acts) -> str:
    facts = agreed.facts
    await acts.moves.ask(agreed.who, facts["old"], facts["new"], facts["why"])
    return _("A second person has to confirm it: see the card below.")


@router.callback_query(Second.filter())
async def second_tapped(
    query: CallbackQuery, callback_data: Second, bot: Bot, *, desk: DeskService, acts: Acts
) -> None:
    asked = await desk.card(callback_data.card)
    second = acts.moves.second if asked.kind == MOVES else acts.money.second
    await second(query.from_user.id, callback_data.card)
    assert query.message is not None
    await answer_tap(bot, query, _("Done."))
    card, place = await desk.card(callback_data.card), query.message
    await redraw(bot, card, place.chat.id, closer=query.from_user.full_name, at=place)


def _named(payer: Payer) -> str:
    name = shown(payer.shown_name, 64) or "…"
    return _("payer {id} ({name})", id=payer.id, name=name)
