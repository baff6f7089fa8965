"""The paged card of bank lines: turned, decided line by line, and every decision taken back by its button."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, ReplyParameters

from bot.domain.errors import CustomerError
from bot.handlers.operators import prompts, statement_answers
from bot.handlers.operators.board import Spot, name_of, redraw, show_buttons, thread_of
from bot.i18n import _, money, shown
from bot.i18n.statement_words import booked_words, fate_words
from bot.keyboards import statements as buttons
from bot.keyboards.statements import (
    LineNotOurs,
    LineToInvoice,
    LineToPayer,
    NameInvoice,
    NamePayer,
    PickPayer,
    ShowBooked,
    ShowLine,
    UndoLine,
)
from bot.middlewares.living import answer_tap
from bot.services.statement.desk import Decision, StatementDesk

router = Router(name="operators_statement_lines")


@router.callback_query(ShowLine.filter())
async def page_turned(
    query: CallbackQuery, callback_data: ShowLine, bot: Bot, statement_desk: StatementDesk
) -> None:
    card = await statement_desk.page(query.from_user.id, callback_data.card, callback_data.line)
    await answer_tap(bot, query)
    await redraw(bot, card, _place(query).chat.id, at=_place(query))


@router.callback_query(LineToInvoice.filter())
async def invoice_tapped(
    query: CallbackQuery, callback_data: LineToInvoice, bot: Bot, statement_desk: StatementDesk
) -> None:
    who, goal = query.from_user.id, callback_data
    if goal.sure:
        await _decided(query, bot, await statement_desk.to_invoice(who, goal.card, goal.line, goal.invoice))
        return
    line = await statement_desk.waiting(who, goal.line)
    invoice = await statement_desk.invoice(who, goal.invoice)
    yes = _("Yes, {amount} to {number}", amount=money(line["amount"]), number=invoice["number"])
    await _ask_sure(query, bot, yes, goal)


@router.callback_query(PickPayer.filter())
async def balance_tapped(
    query: CallbackQuery, callback_data: PickPayer, bot: Bot, statement_desk: StatementDesk
) -> None:
    who, goal = query.from_user.id, callback_data
    await statement_desk.waiting(who, goal.line)
    found = await statement_desk.payers(who, goal.line)
    await show_buttons(bot, _place(query), buttons.payers(goal.card, goal.line, found))
    await answer_tap(bot, query, _("Onto whose balance?"))


@router.callback_query(LineToPayer.filter())
async def payer_tapped(
    query: CallbackQuery, callback_data: LineToPayer, bot: Bot, statement_desk: StatementDesk
) -> None:
    who, goal = query.from_user.id, callback_data
    if goal.sure:
        await _decided(query, bot, await statement_desk.to_payer(who, goal.card, goal.line, goal.payer))
        return
    line = await statement_desk.waiting(who, goal.line)
    name = shown(await statement_desk.payer_name(who, goal.payer), buttons.NAME_LENGTH)
    await _ask_sure(query, bot, _("Yes, {amount} to {name}", amount=money(line["amount"]), name=name), goal)


@router.callback_query(LineNotOurs.filter())
async def not_ours_tapped(
    query: CallbackQuery, callback_data: LineNotOurs, bot: Bot, statement_desk: StatementDesk
) -> None:
    who, goal = query.from_user.id, callback_data
    if goal.sure:
        await _decided(query, bot, await statement_desk.not_ours(who, goal.card, goal.line))
        return
    line = await statement_desk.waiting(who, goal.line)
    await _ask_sure(query, bot, _("Yes, {amount} is not ours", amount=money(line["amount"])), goal)


@router.callback_query(NameInvoice.filter())
async def other_invoice_sought(
    query: CallbackQuery,
    callback_data: NameInvoice,
    bot: Bot,
    statement_desk: StatementDesk,
    state: FSMContext,
) -> None:
    await statement_desk.waiting(query.from_user.id, callback_data.line)
    words = _("which invoice does it pay? Send its number, such as INV-2026-000123 or its last digits.")
    await prompts.ask(query, bot, state, _prompt(statement_answers.INVOICE, callback_data, words))


@router.callback_query(NamePayer.filter())
async def payer_sought(
    query: CallbackQuery,
    callback_data: NamePayer,
    bot: Bot,
    statement_desk: StatementDesk,
    state: FSMContext,
) -> None:
    await statement_desk.waiting(query.from_user.id, callback_data.line)
    words = _("onto whose balance? Send a payment code or a tax number.")
    await prompts.ask(query, bot, state, _prompt(statement_answers.PAYER, callback_data, words))


@router.callback_query(ShowBooked.filter())
async def booked_shown(
    query: CallbackQuery, callback_data: ShowBooked, bot: Bot, statement_desk: StatementDesk
) -> None:
    """From the summary as a message of its own; its pages turn in place."""
    goal = callback_data
    found = await statement_desk.booked(query.from_user.id, goal.statement, goal.place)
    await answer_tap(bot, query)
    if found is None:
        await _show(query, bot, _("Nothing of this file is booked any more."), anew=goal.anew)
        return
    words = "\n".join(filter(None, booked_words(found.line)))
    turner = buttons.booked(goal.statement, found.place, found.total, int(found.line["line"]))
    await _show(query, bot, words, turner, anew=goal.anew)


@router.callback_query(UndoLine.filter())
async def undo_tapped(
    query: CallbackQuery, callback_data: UndoLine, bot: Bot, statement_desk: StatementDesk
) -> None:
    """One more tap, then the line waits again and the customer is told."""
    who, goal = query.from_user.id, callback_data
    if not goal.sure:
        await statement_desk.undoable(who, goal.line)
        await show_buttons(bot, _place(query), buttons.really_undo(goal))
        await answer_tap(bot, query)
        return
    line = await statement_desk.undo(who, goal.line)
    await answer_tap(bot, query, _("Done."))
    await _show(query, bot, fate_words(line, query.from_user.full_name))


async def _ask_sure(
    query: CallbackQuery, bot: Bot, yes: str, goal: LineToInvoice | LineToPayer | LineNotOurs
) -> None:
    sure = goal.model_copy(update={"sure": True})
    await show_buttons(bot, _place(query), buttons.sure(yes, sure, goal.card, goal.line))
    await answer_tap(bot, query)


async def _decided(query: CallbackQuery, bot: Bot, decision: Decision) -> None:
    """Say it where it can be undone, and turn the card to the next line wherever it hangs."""
    place, card = _place(query), decision.card
    if not decision.first:
        by = await name_of(bot, place.chat.id, decision.decided_by) if decision.decided_by else "…"
        await answer_tap(bot, query, fate_words(decision.line, by), alert=True)
        await redraw(bot, card, place.chat.id, closer="", at=place)
        return
    await answer_tap(bot, query, _("Done."))
    words = fate_words(decision.line, query.from_user.full_name)
    is_card = card.message_id in (None, place.message_id)
    await _show(query, bot, words, buttons.undo(int(decision.line["line"])), anew=is_card)
    await redraw(bot, card, place.chat.id, at=place if is_card else None)


async def _show(
    query: CallbackQuery,
    bot: Bot,
    words: str,
    keyboard: InlineKeyboardMarkup | None = None,
    *,
    anew: bool = False,
) -> None:
    place = _place(query)
    if anew:
        reply = ReplyParameters(message_id=place.message_id, allow_sending_without_reply=True)
        await bot(
            SendMessage(
                chat_id=place.chat.id,
                message_thread_id=thread_of(place),
                text=words,
                reply_markup=keyboard,
                reply_parameters=reply,
            )
        )
        return
    chat_id, message_id = place.chat.id, place.message_id
    await bot(EditMessageText(chat_id=chat_id, message_id=message_id, text=words, reply_markup=keyboard))


def _prompt(what: str, goal: NameInvoice | NamePayer, words: str) -> prompts.Prompt:
    return prompts.Prompt(what, goal.card, words, line=goal.line)


def _place(query: CallbackQuery) -> Spot:
    if query.message is None:
        raise CustomerError("card_gone")
    return query.message
