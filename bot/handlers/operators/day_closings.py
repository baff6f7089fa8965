"""/day: the books of a day against every provider's own list; «Закрыть день»."""

from __future__ import annotations

from datetime import date, timedelta

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalogue import Catalogue
from bot.domain.day_closing import DayClosing, DayState
from bot.domain.states import Role
from bot.handlers.operators import prompts
from bot.handlers.operators.board import name_of
from bot.handlers.operators.counter import known_person
from bot.handlers.operators.takings import typed_span
from bot.i18n import _
from bot.i18n.day_closing_words import closing_words, difference_words
from bot.keyboards import day_closings as buttons
from bot.keyboards.day_closings import (
    AcceptDifference,
    BookDifference,
    CloseDay,
    CompareDay,
    ShowDifference,
)
from bot.middlewares.living import answer_tap
from bot.services.day_closings import DayClosingService
from bot.services.desk import DeskService
from bot.services.takings import TakingsService

router = Router(name="operators_day_closings")

DIFFERENCE = "difference"


@router.message(Command("day"))
async def day_asked(
    message: Message,
    command: CommandObject,
    *,
    bot: Bot,
    catalogue: Catalogue,
    desk: DeskService,
    day_closings: DayClosingService,
    takings: TakingsService,
) -> None:
    """Yesterday, or the day that is named; asking the providers takes a while."""
    who, today = known_person(message).id, takings.today()
    desk.demand(who, Role.CASHIER)
    day = typed_span(command.args, today).first if command.args else today - timedelta(days=1)
    placeholder = await message.reply(_("⏳ Asking the providers for their lists…"))
    found = await day_closings.compare(who, day)
    await _show(bot, placeholder, catalogue, found)


@router.callback_query(CompareDay.filter())
async def compare_tapped(
    query: CallbackQuery,
    callback_data: CompareDay,
    *,
    bot: Bot,
    catalogue: Catalogue,
    desk: DeskService,
    day_closings: DayClosingService,
) -> None:
    assert isinstance(query.message, Message)
    desk.demand(query.from_user.id, Role.CASHIER)
    waits = _("⏳ Asking the providers for their lists…")
    await answer_tap(bot, query, waits)
    place = await query.message.reply(waits) if callback_data.anew else query.message
    found = await day_closings.compare(query.from_user.id, date.fromisoformat(callback_data.day))
    await _show(bot, place, catalogue, found)


@router.callback_query(ShowDifference.filter())
async def difference_tapped(
    query: CallbackQuery,
    callback_data: ShowDifference,
    bot: Bot,
    catalogue: Catalogue,
    day_closings: DayClosingService,
) -> None:
    assert isinstance(query.message, Message)
    day, provider, found = await day_closings.difference(query.from_user.id, callback_data.difference)
    words = difference_words(catalogue, provider, found)
    await answer_tap(bot, query)
    await _edit(bot, query.message, words, buttons.difference(day, found))


@router.callback_query(BookDifference.filter())
async def book_tapped(
    query: CallbackQuery,
    callback_data: BookDifference,
    bot: Bot,
    catalogue: Catalogue,
    day_closings: DayClosingService,
) -> None:
    assert isinstance(query.message, Message)
    found = await day_closings.book(query.from_user.id, callback_data.difference)
    await answer_tap(bot, query, _("Booked."))
    await _show(bot, query.message, catalogue, found)


@router.callback_query(AcceptDifference.filter())
async def accept_tapped(
    query: CallbackQuery,
    callback_data: AcceptDifference,
    *,
    bot: Bot,
    state: FSMContext,
    day_closings: DayClosingService,
) -> None:
    await day_closings.difference(query.from_user.id, callback_data.difference)
    words = _("why do they differ? Reply to this message: it is kept with the day.")
    await prompts.ask(
        query, bot, state, prompts.Prompt(DIFFERENCE, 0, words, about=str(callback_data.difference))
    )


@prompts.asked_for(DIFFERENCE)
async def difference_explained(told: prompts.Told, day_closings: DayClosingService) -> None:
    await day_closings.accept(told.who, int(told.about), told.words)
    await told.message.reply(_("Noted. Compare again under the day to see what is left."))


@router.callback_query(CloseDay.filter())
async def close_tapped(
    query: CallbackQuery,
    callback_data: CloseDay,
    bot: Bot,
    catalogue: Catalogue,
    day_closings: DayClosingService,
) -> None:
    """Where a provider could not be asked, one more tap says that this is known."""
    assert isinstance(query.message, Message)
    who, day = query.from_user.id, date.fromisoformat(callback_data.day)
    found = await day_closings.get(who, day)
    is_known = all(each.state is not DayState.UNKNOWN for each in found.providers)
    if not callback_data.sure and not is_known:
        await answer_tap(bot, query, _("Not every provider could be asked. Close the day all the same?"))
        await _edit(bot, query.message, closing_words(catalogue, found), buttons.sure(day))
        return
    closed = await day_closings.close(who, day)
    await answer_tap(bot, query, _("Done."))
    await _show(bot, query.message, catalogue, closed)


async def _show(bot: Bot, place: Message, catalogue: Catalogue, found: DayClosing) -> None:
    closer = await name_of(bot, place.chat.id, found.closed_by) if found.closed_by else ""
    await _edit(bot, place, closing_words(catalogue, found, closer), buttons.closing(found))


async def _edit(bot: Bot, place: Message, words: str, keyboard: InlineKeyboardMarkup) -> None:
    chat, number = place.chat.id, place.message_id
    await bot(EditMessageText(chat_id=chat, message_id=number, text=words, reply_markup=keyboard))
