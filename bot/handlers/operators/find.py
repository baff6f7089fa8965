"""/find: whatever an operator has of somebody, and the list of what may be meant."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.records import Findings
from bot.domain.states import Role
from bot.handlers.operators.board import show_text
from bot.handlers.operators.counter import known_person
from bot.handlers.operators.records import screen_of
from bot.i18n import _, fit, shown
from bot.keyboards import records as buttons
from bot.keyboards.records import FoundPage
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService
from bot.services.records import RecordService

router = Router(name="operators_find")


@router.message(Command("find"))
async def find_asked(
    message: Message,
    command: CommandObject,
    *,
    desk: DeskService,
    records: RecordService,
    catalogue: Catalogue,
) -> None:
    """What is found alone is shown at once."""
    who, words = known_person(message).id, command.args or ""
    desk.demand(who, Role.VIEWER)
    if not words:
        await message.reply(
            _(
                "What shall I find? A payment code, an e-mail, a phone or its last digits, a tax number, an "
                "invoice, a payment's number here or at its provider, a connector, an @name, a part of a "
                "name: /find anna@example.org"
            )
        )
        return
    findings = await records.find(who, words)
    if not findings.found:
        await message.reply(_("Nothing was found by “{words}”.", words=shown(words)))
    elif len(findings.found) == 1 and findings.pages == 1:
        found = findings.found[0]
        record = await records.get(who, found.kind, found.id)
        text, keyboard = screen_of(catalogue, desk, who, record)
        await message.reply(text, reply_markup=keyboard)
    else:
        text, keyboard = _list(findings, words)
        await message.reply(text, reply_markup=keyboard)


@router.callback_query(FoundPage.filter())
async def page_tapped(
    query: CallbackQuery, callback_data: FoundPage, bot: Bot, records: RecordService
) -> None:
    """The words are those of the message that asked: so anybody may turn the page, also after a restart."""
    assert query.message is not None, "the router takes buttons under messages alone"
    words = _asked(query)
    findings = await records.find(query.from_user.id, words, callback_data.page)
    await answer_tap(bot, query)
    text, keyboard = _list(findings, words)
    await show_text(bot, query.message, text, keyboard)


def _list(findings: Findings, words: str) -> tuple[str, InlineKeyboardMarkup]:
    head = _("Found by “{words}”:", words=shown(words))
    more = _("There are more. Write more of it, and fewer will be left.") if findings.cut else ""
    return fit("\n".join(filter(None, (head, more)))), buttons.found_list(findings)


def _asked(query: CallbackQuery) -> str:
    asked = query.message.reply_to_message if isinstance(query.message, Message) else None
    _command, *words = (asked.text or "").split(maxsplit=1) if asked is not None else ("",)
    if not words:
        raise CustomerError("search_gone")
    return words[0]
