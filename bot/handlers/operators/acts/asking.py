"""The one more tap before what moves money or can't be undone; only who was asked can give it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiogram import Bot, Router
from aiogram.dispatcher.event.handler import CallableObject
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import CustomerError
from bot.keyboards import acts as buttons
from bot.keyboards.acts import Sure, What
from bot.middlewares.living import answer_tap

router = Router(name="operators_acts_asking")

MOST_WAITING = 10
"""So many unanswered "are you sure" each person keeps; older ones are begun anew."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who said yes, and to what: the facts that stood in the question."""

    who: int
    facts: dict[str, Any]


Do = TypeVar("Do", bound=Callable[..., Awaitable[str]])

_doers: dict[What, CallableObject] = {}


def agreed_to(what: What) -> Callable[[Do], Do]:
    """Register what is done once somebody is sure; it answers with what the message says from then on."""

    def register(do: Do) -> Do:
        _doers[what] = CallableObject(do)
        return do

    return register


async def ask_sure(near: Message, state: FSMContext, what: What, words: str, yes: str, **facts: Any) -> None:
    """Say what would be done, with one button; the facts wait with whoever was asked."""
    sent = await near.reply(words, reply_markup=buttons.sure(yes, what))
    waiting = {**(await state.get_data()).get("sure", {}), str(sent.message_id): facts}
    await state.update_data(sure=dict(list(waiting.items())[-MOST_WAITING:]))


@router.callback_query(Sure.filter())
async def sure_tapped(
    query: CallbackQuery, callback_data: Sure, bot: Bot, state: FSMContext, **services: Any
) -> None:
    place = query.message
    if place is None:
        raise CustomerError("card_gone")
    waiting: dict[str, Any] = (await state.get_data()).get("sure", {})
    facts = waiting.pop(str(place.message_id), None)
    if facts is None:
        raise CustomerError("not_your_question")
    await state.update_data(sure=waiting)
    agreed = Agreed(query.from_user.id, facts)
    words = await _doers[callback_data.what].call(agreed, bot=bot, state=state, **services)
    await answer_tap(bot, query)
    await bot(EditMessageText(chat_id=place.chat.id, message_id=place.message_id, text=words))
