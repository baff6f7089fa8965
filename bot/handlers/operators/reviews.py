"""Buttons under a form that waits for a decision, and the replies to what they ask for."""

from __future__ import annotations

from typing import Any

from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, ReplyParameters

from bot.domain.desk import Card
from bot.handlers.operators import prompts
from bot.handlers.operators.board import redraw, show_buttons, thread_of
from bot.handlers.operators.prompts import Prompt, Told, asked_for
from bot.i18n import _, money_of_all, shown
from bot.keyboards import operators as group_buttons
from bot.keyboards.reviews import ApproveForm, AskAboutForm, FormPictures, RejectForm
from bot.middlewares.living import answer_tap
from bot.notices.albums import send_album
from bot.notices.reviews import whole_text
from bot.services.made_to_order.reviews import ReviewService

router = Router(name="operators_reviews")

QUESTION, REASON = "form_question", "form_reason"


@router.callback_query(ApproveForm.filter())
async def approve_tapped(
    query: CallbackQuery, callback_data: ApproveForm, bot: Bot, reviews: ReviewService
) -> None:
    """One more tap: from then on the customer may pay, and it can't be taken back."""
    who, place = query.from_user.id, query.message
    assert place is not None
    if not callback_data.sure:
        card = await reviews.decidable(who, callback_data.card)
        yes = _("Yes, {amount}", amount=money_of_all(card.payload["prices"]))
        sure = ApproveForm(card=card.id, sure=True)
        await show_buttons(bot, place, group_buttons.sure(yes, sure, card.id))
        await answer_tap(bot, query)
        return
    card = await reviews.approve(who, callback_data.card)
    await answer_tap(bot, query, _("Approved: the customer can pay."))
    await redraw(bot, card, place.chat.id, closer=query.from_user.full_name, at=place)


@router.callback_query(AskAboutForm.filter())
async def ask_tapped(
    query: CallbackQuery, callback_data: AskAboutForm, bot: Bot, reviews: ReviewService, state: FSMContext
) -> None:
    card = await reviews.decidable(query.from_user.id, callback_data.card)
    words = _("what shall the customer be asked? His answer comes back to this card.")
    await prompts.ask(query, bot, state, Prompt(QUESTION, card.id, words))


@router.callback_query(RejectForm.filter())
async def reject_tapped(
    query: CallbackQuery, callback_data: RejectForm, bot: Bot, reviews: ReviewService, state: FSMContext
) -> None:
    card = await reviews.decidable(query.from_user.id, callback_data.card)
    words = _("why is it rejected? The customer reads your words, and the order is closed.")
    await prompts.ask(query, bot, state, Prompt(REASON, card.id, words))


@router.callback_query(FormPictures.filter())
async def pictures_tapped(
    query: CallbackQuery, callback_data: FormPictures, bot: Bot, reviews: ReviewService
) -> None:
    """Once more, below where he pressed."""
    under, place = await reviews.under(query.from_user.id, callback_data.card), query.message
    assert place is not None
    await answer_tap(bot, query)
    where: dict[str, Any] = {
        "chat_id": place.chat.id,
        "message_thread_id": thread_of(place),
        "reply_parameters": ReplyParameters(message_id=place.message_id, allow_sending_without_reply=True),
    }
    if under.long:
        file = whole_text(under.card.payload)
        await bot(SendDocument(document=BufferedInputFile(file.content, filename=file.name), **where))
    for album in under.albums:
        await send_album(bot, album, _("Sent with the order"), where)


@asked_for(QUESTION)
async def question_told(told: Told, bot: Bot, reviews: ReviewService) -> None:
    card = await reviews.ask(told.who, told.card, told.words)
    await _told(told, bot, card, _("✔️ Asked. {name}'s answer comes back to the card.", name=_name(card)))


@asked_for(REASON)
async def reason_told(told: Told, bot: Bot, reviews: ReviewService) -> None:
    card = await reviews.reject(told.who, told.card, told.words)
    await _told(told, bot, card, _("✔️ Rejected. {name} reads your words.", name=_name(card)))


async def _told(told: Told, bot: Bot, card: Card, words: str) -> None:
    await told.message.reply(words)
    await redraw(bot, card, told.message.chat.id, closer=told.person.full_name)


def _name(card: Card) -> str:
    return shown(str(card.payload.get("name") or "…"))
