"""A bank statement dropped into the group: known by its first bytes, told in sums that are the bank's."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from aiogram import Bot, F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import Document, InlineKeyboardMarkup, Message

from bot.domain.errors import CustomerError
from bot.domain.statements import LineState, StatementReport, looks_like_a_statement
from bot.domain.states import Role
from bot.handlers.operators.counter import known_person
from bot.i18n import _, shown
from bot.i18n.statement_words import report_words
from bot.keyboards import statements as buttons
from bot.services.desk import DeskService
from bot.services.statements import StatementService

router = Router(name="operators_statement_files")

MOST_FROM_TELEGRAM = 20 * 1024 * 1024
"""Larger files a bot cannot fetch from Telegram."""
TAKES_TIME = 1024 * 1024
"""From that size on it is said that the file is being read."""
BEGINNING = 4096
ENDINGS = (".txt", ".xml")
OTHER_KINDS = ("image/", "video/", "audio/", "application/pdf")
"""What is operators' own talk, and is not even looked into."""


def may_be_a_statement(document: Document | None) -> bool:
    return document is not None and not (document.mime_type or "").startswith(OTHER_KINDS)


@router.message(F.document.func(may_be_a_statement))
async def file_dropped(
    message: Message, *, bot: Bot, desk: DeskService, statements: StatementService
) -> None:
    """Whatever is no statement is left to whoever knows it."""
    document = message.document
    assert document is not None
    name = document.file_name or ""
    if (document.file_size or 0) > MOST_FROM_TELEGRAM:
        if not name.lower().endswith(ENDINGS):
            raise SkipHandler
        desk.demand(known_person(message).id, Role.CASHIER)
        raise CustomerError("statement_too_large_for_telegram", command="python -m bot statement FILE")
    with TemporaryDirectory(prefix="kassir-statement-") as folder:
        path = Path(folder) / "statement"
        await bot.download(document.file_id, destination=path)
        if not _is_a_statement(path, name):
            raise SkipHandler
        who = known_person(message).id
        desk.demand(who, Role.CASHIER)
        if path.stat().st_size > TAKES_TIME:
            await message.reply(_("⏳ I am reading {name}…", name=shown(name)))
        report = await statements.receive(who, path, name)
    await message.reply("\n".join(filter(None, report_words(report))), reply_markup=_buttons(report))


def _is_a_statement(path: Path, name: str) -> bool:
    """An XML file is nobody else's, so what is wrong with it is said."""
    with path.open("rb") as file:
        return looks_like_a_statement(file.read(BEGINNING)) or name.lower().endswith(".xml")


def _buttons(report: StatementReport) -> InlineKeyboardMarkup | None:
    booked = (LineState.BOOKED, LineState.CONFIRMED, LineState.FOREIGN)
    return buttons.report(report.statement.id, booked=any(group.state in booked for group in report.groups))
