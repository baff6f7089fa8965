"""An operator's plan of a refund on its screen: kept with whoever began it, and nobody else's to press."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aiogram import Bot
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import CustomerError
from bot.domain.refunds import Destination, RefundPlan, ServiceChange
from bot.handlers.operators.board import Spot, thread_of
from bot.i18n.refund_words import preview_words
from bot.keyboards import refunds as screens
from bot.services.refund.requests import RefundRequestService

DRAFTS = "refund_drafts"
MOST_DRAFTS = 20
"""So many plans of one person stay open; older ones are begun anew."""


@dataclass(frozen=True, slots=True)
class RefundScreen:
    """One message with a plan on it, in the hands of the person who pressed or replied."""

    bot: Bot
    state: FSMContext
    refund_requests: RefundRequestService
    who: int
    chat_id: int
    message_id: int

    async def plan(self) -> RefundPlan:
        """What was chosen so far; a CustomerError where somebody else began it, or where it is over."""
        draft = (await self.state.get_data()).get(DRAFTS, {}).get(str(self.message_id))
        if draft is None:
            raise CustomerError("refund_draft_gone")
        to = draft["destination"]
        service, destination = ServiceChange(draft["service"]), Destination(to) if to else None
        return RefundPlan(**{**draft, "service": service, "destination": destination})

    async def change(self, **chosen: Any) -> None:
        """Show it with another choice; one that can't be done is refused, and the plan stays as it was."""
        plan = RefundPlan(**{**asdict(await self.plan()), **chosen})
        preview = await self.refund_requests.preview(self.who, plan)
        await keep(self.state, self.message_id, plan)
        edit = EditMessageText(
            chat_id=self.chat_id,
            message_id=self.message_id,
            text=preview_words(preview),
            reply_markup=screens.plan(preview),
        )
        await self.bot(edit)

    async def end(self, words: str) -> None:
        """The plan is carried out or given up: it loses its buttons and says so."""
        drafts = (await self.state.get_data()).get(DRAFTS, {})
        drafts.pop(str(self.message_id), None)
        await self.state.update_data({DRAFTS: drafts})
        await self.bot(EditMessageText(chat_id=self.chat_id, message_id=self.message_id, text=words))


def screen_of(
    query: CallbackQuery, bot: Bot, state: FSMContext, refund_requests: RefundRequestService
) -> RefundScreen:
    """The screen whose button was pressed."""
    place = query.message
    assert place is not None, "the router takes buttons under messages alone"
    return RefundScreen(bot, state, refund_requests, query.from_user.id, place.chat.id, place.message_id)


async def show(
    at: Spot,
    *,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
    who: int,
    plan: RefundPlan,
) -> None:
    """Begin a plan on a screen of its own, below where it was asked for."""
    preview = await refund_requests.preview(who, plan)
    if preview.request is not None and not plan.reason:
        plan = RefundPlan(**{**asdict(plan), "reason": preview.request.reason})
        preview = await refund_requests.preview(who, plan)
    screen = SendMessage(
        chat_id=at.chat.id,
        message_thread_id=thread_of(at),
        text=preview_words(preview),
        reply_markup=screens.plan(preview),
    )
    sent: Message = await bot(screen)
    await keep(state, sent.message_id, plan)


async def keep(state: FSMContext, message_id: int, plan: RefundPlan) -> None:
    to = plan.destination
    draft = {**asdict(plan), "service": plan.service.value, "destination": to.value if to else None}
    drafts = {**(await state.get_data()).get(DRAFTS, {}), str(message_id): draft}
    await state.update_data({DRAFTS: dict(list(drafts.items())[-MOST_DRAFTS:])})
