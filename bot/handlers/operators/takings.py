"""What came and what waits: /today, /week, /month, /report of any days, /todo."""

from __future__ import annotations

from datetime import date, timedelta

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import CustomerError
from bot.domain.takings import MOST_DAYS, Span
from bot.domain.to_do import Duty
from bot.handlers.operators import board
from bot.handlers.operators.counter import known_person
from bot.i18n import _
from bot.i18n.to_do_words import undelivered_words, waiting_words
from bot.keyboards import takings as buttons
from bot.keyboards.takings import ShowWaiting, TakingsTable
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService
from bot.services.takings import TakingsService
from bot.services.to_do import ToDoService

router = Router(name="operators_takings")

WEEK, MONTH = 7, 30


@router.message(Command("today", "week", "month"))
async def takings_asked(message: Message, command: CommandObject, takings: TakingsService) -> None:
    """The days up to and with today; the picture comes by the outbox: it takes a moment to draw."""
    days = {"today": 1, "week": WEEK, "month": MONTH}[command.command.lower()]
    today = takings.today()
    await takings.send(known_person(message).id, Span(today - timedelta(days=days - 1), today))


@router.message(Command("report"))
async def report_asked(message: Message, command: CommandObject, takings: TakingsService) -> None:
    """Any days: one, or the first and the last."""
    who = known_person(message).id
    await takings.send(who, typed_span(command.args or "", takings.today()))


@router.callback_query(TakingsTable.filter())
async def table_tapped(
    query: CallbackQuery, callback_data: TakingsTable, bot: Bot, takings: TakingsService
) -> None:
    await takings.send_table(query.from_user.id, callback_data.span)
    await answer_tap(bot, query, _("The file is on its way."))


@router.message(Command("todo"))
async def to_do_asked(message: Message, to_do: ToDoService) -> None:
    waiting = await to_do.waiting(known_person(message).id)
    if not waiting:
        await message.reply(_("Nothing waits for anybody."))
        return
    lines = [_("🗒 What waits:"), *(waiting_words(each) for each in waiting)]
    await message.reply("\n".join(lines), reply_markup=buttons.to_do(waiting))


@router.callback_query(ShowWaiting.filter(F.duty == Duty.LETTERS))
async def undelivered_tapped(query: CallbackQuery, bot: Bot, to_do: ToDoService) -> None:
    assert isinstance(query.message, Message)
    found = await to_do.undelivered(query.from_user.id)
    await answer_tap(bot, query, "" if found else _("Nothing of it waits any more."))
    if found:
        words = "\n".join([_("Not delivered:"), *(undelivered_words(each) for each in found)])
        await query.message.reply(words, reply_markup=buttons.undelivered(found))


@router.callback_query(ShowWaiting.filter())
async def waiting_tapped(
    query: CallbackQuery, callback_data: ShowWaiting, *, bot: Bot, desk: DeskService, to_do: ToDoService
) -> None:
    """The cards hang below again; the old ones lose their buttons."""
    assert isinstance(query.message, Message)
    cards = await to_do.cards(query.from_user.id, callback_data.duty)
    await answer_tap(bot, query, "" if cards else _("Nothing of it waits any more."))
    for card in cards:
        hung = await board.post(bot, card, query.message)
        await desk.posted(card.id, query.message.chat.id, hung, board.thread_of(query.message))


def typed_span(words: str, today: date) -> Span:
    """«1.11 15.11», «01.11.2026-15.11.2026», «2026-11-01»; a day without a year is the last such one."""
    parts = words.replace("–", " ").replace(" - ", " ").split()
    if len(parts) == 1 and parts[0].count("-") == 1:
        parts = parts[0].split("-")
    days = [_typed_day(part, today) for part in parts]
    if not 1 <= len(days) <= 2 or days[0] > days[-1]:
        raise CustomerError("bad_days", most=MOST_DAYS)
    return Span(days[0], days[-1])


def _typed_day(words: str, today: date) -> date:
    try:
        if words.count("-") == 2:
            return date.fromisoformat(words)
        day, month, *year = (int(part) for part in words.strip(".").split("."))
        if year:
            return date(year[0] + (2000 if year[0] < 100 else 0), month, day)
        found = date(today.year, month, day)
        return found if found <= today else date(today.year - 1, month, day)
    except ValueError:
        raise CustomerError("bad_days", most=MOST_DAYS) from None
