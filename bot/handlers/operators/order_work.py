"""Buttons under an order in work, and the replies to what they ask for."""

from __future__ import annotations

from typing import Any

from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.form_answers import read_link
from bot.domain.texts import Text
from bot.handlers.autopay.changing import read_coming_day
from bot.handlers.operators import prompts
from bot.handlers.operators.board import redraw
from bot.handlers.operators.prompts import Prompt, Told, asked_for
from bot.handlers.said import attached_to
from bot.i18n import _, said, today
from bot.keyboards.order_work import DueDate, NextStage, Plainly, StepBack, WithFile, WithWords
from bot.middlewares.living import answer_tap
from bot.services.made_to_order.work import OrderWorkService

router = Router(name="operators_order_work")

DAY, WORDS, FILE = "stage_day", "stage_words", "stage_file"
FILES = ("photo", "document", "video")


@router.callback_query(NextStage.filter())
async def stage_tapped(
    query: CallbackQuery, callback_data: NextStage, bot: Bot, order_work: OrderWorkService
) -> None:
    card = await order_work.move(query.from_user.id, callback_data.card, callback_data.to)
    title = said(Text(card.payload["stages"][callback_data.to]["title"]))
    await _done(query, bot, card, _("{stage}. The customer is told.", stage=title))


@router.callback_query(StepBack.filter())
async def back_tapped(
    query: CallbackQuery, callback_data: StepBack, bot: Bot, order_work: OrderWorkService
) -> None:
    card = await order_work.undo(query.from_user.id, callback_data.card)
    await _done(query, bot, card, _("One step back. The customer is told."))


@router.callback_query(Plainly.filter())
async def plainly_tapped(
    query: CallbackQuery, callback_data: Plainly, bot: Bot, order_work: OrderWorkService
) -> None:
    await _done(query, bot, await order_work.clear(query.from_user.id, callback_data.card), _("Done."))


@router.callback_query(DueDate.filter())
async def day_tapped(
    query: CallbackQuery, callback_data: DueDate, bot: Bot, order_work: OrderWorkService, state: FSMContext
) -> None:
    card = await order_work.card(query.from_user.id, callback_data.card)
    words = _("until when is the next stage promised? Send a day like 14.12.")
    await prompts.ask(query, bot, state, Prompt(DAY, card.id, words))


@router.callback_query(WithWords.filter())
async def words_tapped(
    query: CallbackQuery, callback_data: WithWords, bot: Bot, order_work: OrderWorkService, state: FSMContext
) -> None:
    card = await order_work.card(query.from_user.id, callback_data.card)
    words = _("what shall the customer read with the next stage?")
    await prompts.ask(query, bot, state, Prompt(WORDS, card.id, words))


@router.callback_query(WithFile.filter())
async def file_tapped(
    query: CallbackQuery, callback_data: WithFile, bot: Bot, order_work: OrderWorkService, state: FSMContext
) -> None:
    card = await order_work.card(query.from_user.id, callback_data.card)
    words = _("which file or link goes with the next stage? Reply with a picture, a file or an address.")
    await prompts.ask(query, bot, state, Prompt(FILE, card.id, words))


@asked_for(DAY)
async def day_told(told: Told, bot: Bot, order_work: OrderWorkService) -> None:
    day = read_coming_day(told.words, today())
    if day is None:
        raise CustomerError("bad_coming_day")
    await _drafted(told, bot, await order_work.draft(told.who, told.card, {"due": day}))


@asked_for(WORDS)
async def words_told(told: Told, bot: Bot, order_work: OrderWorkService) -> None:
    await _drafted(told, bot, await order_work.draft(told.who, told.card, {"words": told.words}))


@asked_for(FILE, files=True)
async def file_told(told: Told, bot: Bot, order_work: OrderWorkService) -> None:
    """A picture or a file as it is; words must be an address."""
    file = _file_of(told.message)
    more: dict[str, Any] = {"file": file} if file else {"url": read_link(told.words)}
    await _drafted(told, bot, await order_work.draft(told.who, told.card, more))


def _file_of(message: Message) -> dict[str, str] | None:
    attached = attached_to(message)
    if attached is None or attached.kind not in FILES:
        return None
    return {"file_id": attached.file_id, "kind": attached.kind}


async def _drafted(told: Told, bot: Bot, card: Card) -> None:
    await told.message.reply(_("✔️ It goes to the customer with the next stage."))
    await redraw(bot, card, told.message.chat.id)


async def _done(query: CallbackQuery, bot: Bot, card: Card, words: str) -> None:
    place = query.message
    assert place is not None
    await answer_tap(bot, query, words)
    await redraw(bot, card, place.chat.id, closer=query.from_user.full_name, at=place)
