"""Operators write to customers: from a card, from a record, and what they put right afterwards."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.handlers.operators import prompts
from bot.handlers.operators.board import redraw, thread_of
from bot.handlers.operators.prompts import Told, asked_for
from bot.handlers.said import SOMETHING, said_in
from bot.i18n import _, shown
from bot.keyboards.operator_talk import WriteOn, WriteTo
from bot.services.talk import TalkService

router = Router(name="operators_talk")

ANSWER, ON, BEGIN = "answer", "talk", "write"


@router.callback_query(WriteOn.filter())
async def answer_tapped(
    query: CallbackQuery, callback_data: WriteOn, bot: Bot, talk: TalkService, state: FSMContext
) -> None:
    card = await talk.card_to_write(query.from_user.id, callback_data.card)
    await prompts.ask(query, bot, state, prompts.Prompt(ON, card.id, asked_words()))


@router.callback_query(WriteTo.filter())
async def write_tapped(
    query: CallbackQuery, callback_data: WriteTo, bot: Bot, talk: TalkService, state: FSMContext
) -> None:
    await talk.customer_to_write(query.from_user.id, callback_data.customer)
    prompt = prompts.Prompt(BEGIN, 0, asked_words(), about=str(callback_data.customer))
    await prompts.ask(query, bot, state, prompt)


@asked_for(ANSWER, files=True)
async def answer_told(told: Told, bot: Bot, talk: TalkService) -> None:
    """The first answer to a card; whoever comes second is told so."""
    card = await talk.answer(told.who, told.card, said_in(told.message))
    await _on_its_way(told, card.payload.get("name"))
    if card.closed_by is not None:
        await redraw(bot, card, told.message.chat.id, closer=told.person.full_name)


@asked_for(ON, files=True)
async def more_told(told: Told, bot: Bot, talk: TalkService) -> None:
    card = await talk.add(told.who, told.card, said_in(told.message))
    await _on_its_way(told, card.payload.get("name"))
    if card.closed_by == told.who:
        await redraw(bot, card, told.message.chat.id, closer=told.person.full_name)


@asked_for(BEGIN, files=True)
async def first_told(told: Told, talk: TalkService) -> None:
    place = (told.message.chat.id, thread_of(told.message))
    card = await talk.begin(told.who, int(told.about), said_in(told.message), place)
    await _on_its_way(told, card.payload.get("name"))


@router.edited_message(SOMETHING)
async def message_changed(message: Message, talk: TalkService) -> None:
    """Whoever has read it reads below how it is meant; other talk in the group is nobody's business."""
    if message.from_user is None or message.sender_chat is not None:
        return
    if await talk.reworded_by_operator(message.from_user.id, said_in(message)):
        await message.reply(_("✔️ The customer reads it anew."))


def asked_words() -> str:
    return _("what shall the customer read? Reply to this message; files and voice are passed on as well.")


async def _on_its_way(told: Told, name: object) -> None:
    await told.message.reply(_("✔️ On its way to {name}.", name=shown(str(name or "…"))))
