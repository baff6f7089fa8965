"""Records in the group: shown in place, leading to each other, with what happened and the way back."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalogue import Catalogue
from bot.domain.records import Record
from bot.handlers.operators.board import name_of, show_text
from bot.i18n import _, fit
from bot.i18n.happening_words import history_words
from bot.i18n.record_words import contact_words, record_words
from bot.keyboards import records as buttons
from bot.keyboards.records import ShowContacts, ShowHistory, ShowRecord
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService
from bot.services.records import RecordService

router = Router(name="operators_records")


def screen_of(
    catalogue: Catalogue, desk: DeskService, who: int, record: Record, trail: str = ""
) -> tuple[str, InlineKeyboardMarkup]:
    """The record as it may be seen by whoever asked; others who press are asked for their role then."""
    role = desk.role(who)
    assert role is not None, "the service has refused everybody else"
    return fit(record_words(catalogue, record)), buttons.record_screen(record, role, trail)


@router.callback_query(ShowRecord.filter())
async def record_tapped(
    query: CallbackQuery,
    callback_data: ShowRecord,
    *,
    bot: Bot,
    desk: DeskService,
    records: RecordService,
    catalogue: Catalogue,
) -> None:
    """Under a card it comes below; among records it takes their place."""
    place = query.message
    assert place is not None, "the router takes buttons under messages alone"
    who = query.from_user.id
    record = await records.get(who, callback_data.kind, callback_data.id)
    await answer_tap(bot, query)
    text, keyboard = screen_of(catalogue, desk, who, record, callback_data.trail)
    if callback_data.anew and isinstance(place, Message):
        await place.reply(text, reply_markup=keyboard)
    else:
        await show_text(bot, place, text, keyboard)


@router.callback_query(ShowHistory.filter())
async def history_tapped(
    query: CallbackQuery, callback_data: ShowHistory, bot: Bot, records: RecordService, desk: DeskService
) -> None:
    place = query.message
    assert place is not None, "the router takes buttons under messages alone"
    who, goal = query.from_user.id, callback_data
    page = await records.history(who, goal.kind, goal.id, goal.page)
    await answer_tap(bot, query)
    doers = {each.who for each in page.items if each.who and desk.role(each.who) is not None}
    names = {doer: await name_of(bot, place.chat.id, doer) for doer in sorted(doers)}
    text = history_words(_("History"), page, names)
    await show_text(bot, place, fit(text), buttons.history_screen(page, goal))


@router.callback_query(ShowContacts.filter())
async def contacts_tapped(
    query: CallbackQuery, callback_data: ShowContacts, bot: Bot, records: RecordService
) -> None:
    """Over the chat, where nobody else reads it."""
    customer = await records.contacts(query.from_user.id, callback_data.customer)
    await answer_tap(bot, query, contact_words(customer), alert=True)
