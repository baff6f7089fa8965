"""Autopays as operators see them: /autopays draws what is expected, what came and what failed."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.handlers.operators.counter import known_person
from bot.i18n import _
from bot.keyboards.autopay_reports import AutopayTable
from bot.middlewares.living import answer_tap
from bot.services.autopay.reports import AutopayReportService

router = Router(name="operators_autopays")


@router.message(Command("autopays"))
async def autopays_asked(message: Message, autopay_reports: AutopayReportService) -> None:
    """The chart comes by the outbox: it takes a moment to draw."""
    await autopay_reports.send(known_person(message).id)


@router.callback_query(AutopayTable.filter())
async def table_tapped(query: CallbackQuery, bot: Bot, autopay_reports: AutopayReportService) -> None:
    await autopay_reports.send_table(query.from_user.id)
    await answer_tap(bot, query, _("The file is on its way."))
