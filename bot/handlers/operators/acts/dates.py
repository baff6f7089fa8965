"""«+7 простой 3 дня», «14.12.2026 ошибка импорта молча»: a connector's date is moved by an operator."""

from __future__ import annotations

import re
from datetime import date

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from bot.domain.errors import CustomerError
from bot.domain.records import ConnectorRecord, RecordKind
from bot.handlers.operators.prompts import Prompt, Told, ask, asked_for
from bot.i18n import N_, _, day, shown
from bot.keyboards.acts import Act, What
from bot.services.acts.dates import Shift
from bot.services.acts.house import Acts
from bot.services.records import RecordService

router = Router(name="operators_acts_dates")

DATE = "act_date"
EXAMPLE = N_("+7 the line was down")

_DAYS = re.compile(r"([+−–-]?)(\d{1,3})(?![\d.]) *(?:days?|дн\w*|дзён|дня|күн\w*)?[ ,;:]+(.*)", re.DOTALL)
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})[ ,;:]+(.*)", re.DOTALL)
_SILENTLY = re.compile(r"[ ,;.]*\b(?:молча|моўчкі|унчукпай|silently)\b[ ,;.]*", re.IGNORECASE)


@router.callback_query(Act.filter(F.what == What.DATE))
async def date_tapped(
    query: CallbackQuery,
    callback_data: Act,
    bot: Bot,
    *,
    state: FSMContext,
    records: RecordService,
    acts: Acts,
) -> None:
    record = await records.get(query.from_user.id, RecordKind.CONNECTOR, callback_data.about)
    assert isinstance(record, ConnectorRecord)
    connector = await acts.dates.of(query.from_user.id, record.id)
    words = _(
        "{title} is paid until {date}. How is it to be moved, and why? "
        "“+7 the line was down”, “14.12.2026 a wrong import”; with “silently” its customer is not told.",
        title=shown(connector.title, 64),
        date=day(connector.paid_until) if connector.paid_until else "—",
    )
    await ask(query, bot, state, Prompt(DATE, 0, words, line=connector.sequence, about=connector.id))


@asked_for(DATE)
async def date_told(told: Told, acts: Acts) -> None:
    words, silently = _without_silently(told.words)
    shift, reason = read_shift(words)
    until = await acts.dates.move(told.who, told.about, shift, reason, seen=told.line, silently=silently)
    if silently:
        await told.message.reply(_("✔️ Paid until {date} now. The customer is not told.", date=day(until)))
    else:
        await told.message.reply(_("✔️ Paid until {date} now. The customer hears of it.", date=day(until)))


def read_shift(text: str) -> tuple[Shift, str]:
    """How the date is moved, and the reason after it; a CustomerError with an example for anything else."""
    text = text.strip() + " "
    if found := _DATE.fullmatch(text):
        return Shift(to=_day(int(found[3]), int(found[2]), int(found[1]))), found[4].strip()
    if found := _DAYS.fullmatch(text):
        days = int(found[2])
        return Shift(days=days if found[1] in ("", "+") else -days), found[3].strip()
    raise CustomerError("act_words", example=_(EXAMPLE))


def _without_silently(text: str) -> tuple[str, bool]:
    words, count = _SILENTLY.subn(" ", text)
    return words, bool(count)


def _day(year: int, month: int, day_: int) -> date:
    try:
        return date(year, month, day_)
    except ValueError:
        raise CustomerError("act_words", example=_(EXAMPLE)) from None
