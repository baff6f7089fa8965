"""What operators reply when a refund asks them something: how much, why, under which number."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import BaseFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from bot.domain.errors import BadAmount, CustomerError
from bot.domain.money import Money
from bot.domain.refunds import RefundPlan
from bot.handlers.operators import refunds
from bot.handlers.operators.board import redraw
from bot.handlers.operators.counter import known_person
from bot.handlers.operators.refund_screens import RefundScreen
from bot.i18n import _
from bot.services.desk import DeskService
from bot.services.refund_requests import RefundRequestService

router = Router(name="operators_refund_answers")


class Asked(BaseFilter):
    """A reply to a question of these kinds; the handler gets what it was asked about."""

    def __init__(self, *what: str) -> None:
        self._what = what

    async def __call__(self, message: Message, state: FSMContext) -> bool | dict[str, int]:
        asked = message.reply_to_message
        if asked is None:
            return False
        prompt = (await state.get_data()).get("prompts", {}).get(str(asked.message_id))
        if prompt is None or prompt[0] not in self._what:
            return False
        return {"subject": int(prompt[1]), "line": int(prompt[2])}


@router.message(Asked(refunds.SUM))
async def sum_told(
    message: Message,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
    line: int,
) -> None:
    screen = _screen(message, bot, state, refund_requests, line)
    plan = await screen.plan()
    preview = await refund_requests.preview(screen.who, RefundPlan(plan.payment_id, plan.order_id))
    try:
        amount = Money.typed(_words(message), preview.amount.currency)
    except BadAmount as typed:
        raise CustomerError("bad_amount") from typed
    await screen.change(minor=amount.minor)


@router.message(Asked(refunds.REASON))
async def reason_told(
    message: Message,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
    line: int,
) -> None:
    await _screen(message, bot, state, refund_requests, line).change(reason=_words(message))


@router.message(Asked(refunds.DECLINE))
async def decline_explained(
    message: Message,
    bot: Bot,
    desk: DeskService,
    refund_requests: RefundRequestService,
    *,
    subject: int,
    line: int,
) -> None:
    person = known_person(message)
    await refund_requests.decline(person.id, line, _words(message))
    await message.reply(_("✔️ Declined."))
    await redraw(bot, await desk.card(subject), message.chat.id, closer=person.full_name)


def _screen(
    message: Message, bot: Bot, state: FSMContext, refund_requests: RefundRequestService, message_id: int
) -> RefundScreen:
    who = known_person(message).id
    return RefundScreen(bot, state, refund_requests, who, message.chat.id, message_id)


def _words(message: Message) -> str:
    if not message.text:
        raise CustomerError("words_needed")
    return message.text
