"""/audit: who did what, by words and days; for owners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardMarkup, Message

from bot.documents.audit_table import audit_table
from bot.domain import periods
from bot.domain.audit import AuditSearch, Deed
from bot.domain.errors import CustomerError
from bot.handlers.operators.board import name_of
from bot.handlers.operators.counter import known_person
from bot.handlers.operators.takings import typed_span
from bot.i18n import _, shown
from bot.i18n.audit_words import deed_line
from bot.i18n.deed_words import all_deed_words
from bot.i18n.figures import wall_zone
from bot.keyboards.audit import AuditFile, AuditPage, turner
from bot.middlewares.living import answer_tap
from bot.services.audit import AuditService
from bot.services.paging import Page

router = Router(name="operators_audit")

LAST = "audit"
"""What this person sought last; buttons have no room for it."""


@router.message(Command("audit"))
async def audit_asked(
    message: Message, command: CommandObject, bot: Bot, audit: AuditService, state: FSMContext
) -> None:
    who = known_person(message).id
    audit.demand(who)
    typed = (command.args or "")[:400]
    names = await _names(bot, message.chat.id, audit)
    found = await audit.page(who, _search(audit, typed, names))
    await state.update_data({LAST: typed})
    await message.reply(_page_words(found, names, typed), reply_markup=_keyboard(found))


@router.callback_query(AuditPage.filter())
async def page_turned(
    query: CallbackQuery, callback_data: AuditPage, *, bot: Bot, audit: AuditService, state: FSMContext
) -> None:
    assert query.message is not None
    typed, place = await _sought(audit, query, state), query.message
    names = await _names(bot, place.chat.id, audit)
    found = await audit.page(query.from_user.id, _search(audit, typed, names), callback_data.page)
    await answer_tap(bot, query)
    edit = EditMessageText(
        chat_id=place.chat.id,
        message_id=place.message_id,
        text=_page_words(found, names, typed),
        reply_markup=_keyboard(found),
    )
    await bot(edit)


@router.callback_query(AuditFile.filter())
async def file_tapped(query: CallbackQuery, bot: Bot, audit: AuditService, state: FSMContext) -> None:
    assert isinstance(query.message, Message)
    typed = await _sought(audit, query, state)
    names = await _names(bot, query.message.chat.id, audit)
    deeds = await audit.export(query.from_user.id, _search(audit, typed, names))
    file = audit_table(f"audit-{periods.today(wall_zone())}.csv", deeds, names, wall_zone())
    await answer_tap(bot, query)
    await query.message.reply_document(BufferedInputFile(file.content, filename=file.name))


async def _sought(audit: AuditService, query: CallbackQuery, state: FSMContext) -> str:
    """Only of whoever typed it: another owner's words are another's."""
    audit.demand(query.from_user.id)
    typed = (await state.get_data()).get(LAST)
    if typed is None:
        raise CustomerError("audit_forgotten")
    return str(typed)


def _search(audit: AuditService, typed: str, names: Mapping[int, str]) -> AuditSearch:
    """Words that are days are days; everything else is sought."""
    words, days = [], []
    today = periods.today(wall_zone())
    for word in typed.replace("–", " ").split():
        day = _days(word, today)
        days += day
        words += [] if day else [word]
    first, last = (min(days), max(days)) if days else (None, None)
    return audit.search(" ".join(words), first, last, names=names, deeds=all_deed_words())


def _days(word: str, today: date) -> list[date]:
    """«1.11», «1.11-15.11», «2026-11-01»; nothing for any other word."""
    if not word[:1].isdigit() or not {".", "-"} & set(word):
        return []
    try:
        span = typed_span(word, today)
    except CustomerError:
        return []
    return [span.first, span.last]


async def _names(bot: Bot, chat_id: int, audit: AuditService) -> dict[int, str]:
    return {person: await name_of(bot, chat_id, person) for person in audit.operators}


def _page_words(found: Page[Deed], names: Mapping[int, str], typed: str) -> str:
    head = _("📜 What was done: {words}", words=shown(typed, 100)) if typed else _("📜 What was done")
    if not found.total:
        return "\n".join([head, "", _("Nothing was found.")])
    count = _("Page {page} of {pages}", page=found.page + 1, pages=found.pages)
    return "\n".join([head, "", *(deed_line(deed, names) for deed in found.items), "", count])


def _keyboard(found: Page[Deed]) -> InlineKeyboardMarkup | None:
    return turner(found.page, found.pages) if found.total else None
