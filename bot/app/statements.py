"""Loading a bank statement from the command line, also while the bot runs on the same books."""

from __future__ import annotations

from pathlib import Path

from bot.app.kassir import open_kassir
from bot.app.running import hand_to_running_bot
from bot.config import Settings
from bot.domain.errors import BooksBusy, CustomerError, KassirError
from bot.i18n import sentence_for, speaking
from bot.i18n.statement_words import report_words

ENGLISH = "en"


class NotTaken(KassirError):
    """Why the file was refused; nothing of it was stored."""


async def load_statement(settings: Settings, file: Path) -> list[str]:
    """Keep its lines and book what is sure; what to print about it."""
    try:
        async with open_kassir(settings) as kassir:
            report = await kassir.house.statements.load(file, file.name)
    except BooksBusy as busy:
        told = await hand_to_running_bot(settings, busy, f"/statements?name={_safe(file.name)}", file)
        return [str(line) for line in told["report"]]
    except CustomerError as refused:
        with speaking(ENGLISH):
            raise NotTaken(sentence_for(refused)) from None
    with speaking(ENGLISH):
        return [line for line in report_words(report) if line]


def _safe(name: str) -> str:
    """A name that can stand in an address."""
    return "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "_" for each in name)
