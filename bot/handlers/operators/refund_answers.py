"""What operators reply when a plan of a refund asks them something: how much, and why."""

from __future__ import annotations

from aiogram import Bot
from aiogram.fsm.context import FSMContext

from bot.domain.errors import BadAmount, CustomerError
from bot.domain.money import Money
from bot.domain.refunds import RefundPlan
from bot.handlers.operators.board import redraw
from bot.handlers.operators.prompts import Told, asked_for
from bot.handlers.operators.refund_screens import RefundScreen
from bot.i18n import _
from bot.services.desk import DeskService
from bot.services.refund.requests import RefundRequestService

SUM, REASON, DECLINE = "refund_sum", "refund_reason", "refund_decline"


@asked_for(SUM)
async def sum_told(told: Told, bot: Bot, state: FSMContext, refund_requests: RefundRequestService) -> None:
    screen = _screen(told, bot, state, refund_requests)
    plan = await screen.plan()
    preview = await refund_requests.preview(told.who, RefundPlan(plan.payment_id, plan.order_id))
    try:
        amount = Money.typed(told.words, preview.amount.currency)
    except BadAmount as typed:
        raise CustomerError("bad_amount") from typed
    await screen.change(minor=amount.minor)


@asked_for(REASON)
async def reason_told(told: Told, bot: Bot, state: FSMContext, refund_requests: RefundRequestService) -> None:
    await _screen(told, bot, state, refund_requests).change(reason=told.words)


@asked_for(DECLINE)
async def decline_explained(
    told: Told, bot: Bot, desk: DeskService, refund_requests: RefundRequestService
) -> None:
    await refund_requests.decline(told.who, told.line, told.words)
    await told.message.reply(_("✔️ Declined."))
    await redraw(bot, await desk.card(told.card), told.message.chat.id, closer=told.person.full_name)


def _screen(told: Told, bot: Bot, state: FSMContext, refund_requests: RefundRequestService) -> RefundScreen:
    """The message whose plan was asked about."""
    return RefundScreen(bot, state, refund_requests, told.who, told.message.chat.id, told.line)
