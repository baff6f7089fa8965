"""«Беру»: a card shows who looks after it, and whoever else presses is asked once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import time
from typing import Any

from aiogram import BaseMiddleware, Bot, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, TelegramObject

from bot.domain.desk import Card
from bot.handlers.operators.board import redraw
from bot.i18n import _, shown
from bot.keyboards.operators import ShowCard
from bot.keyboards.statements import ShowBooked, ShowLine
from bot.keyboards.taking import LetGo, Take
from bot.middlewares.living import answer_tap
from bot.services.taking import TakingService

router = Router(name="operators_taking")

ONLY_LOOKS = (ShowCard, ShowLine, ShowBooked)
"""Buttons that change nothing: nobody is asked whether he means it."""

SECONDS_TO_MEAN_IT = 120
MOST_REMEMBERED = 20
DESPITE = "despite"


@router.callback_query(Take.filter())
async def take_tapped(query: CallbackQuery, callback_data: Take, bot: Bot, taking: TakingService) -> None:
    name = query.from_user.full_name
    await _changed(query, bot, await taking.take(query.from_user.id, callback_data.card, name))


@router.callback_query(LetGo.filter())
async def let_go_tapped(query: CallbackQuery, callback_data: LetGo, bot: Bot, taking: TakingService) -> None:
    await _changed(query, bot, await taking.let_go(query.from_user.id, callback_data.card))


async def _changed(query: CallbackQuery, bot: Bot, card: Card) -> None:
    assert query.message is not None
    await answer_tap(bot, query, _("Done."))
    await redraw(bot, card, query.message.chat.id, at=query.message)


class SomebodyHasIt(BaseMiddleware):
    """Inner middleware of the group's buttons: «Этим занимается Мария. Всё равно?»"""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, CallbackQuery)
        card, state = _card_of(data.get("callback_data")), data["state"]
        keeper = await data["taking"].keeper(event.from_user.id, card) if card else ""
        if not keeper or await _means_it(state, card):
            return await handler(event, data)
        words = _("{name} looks after this. Press once more if you mean it all the same.", name=shown(keeper))
        await answer_tap(data["bot"], event, words, alert=True)
        return None


def _card_of(pressed: CallbackData | None) -> int:
    if pressed is None or isinstance(pressed, ONLY_LOOKS):
        return 0
    return int(getattr(pressed, "card", 0))


async def _means_it(state: FSMContext, card: int) -> bool:
    """Whether he was asked a moment ago; else it is noted that he is asked now."""
    asked = dict((await state.get_data()).get(DESPITE, {}))
    if asked.get(str(card), 0) > time() - SECONDS_TO_MEAN_IT:
        return True
    asked.pop(str(card), None)
    asked[str(card)] = time()
    await state.update_data({DESPITE: dict(list(asked.items())[-MOST_REMEMBERED:])})
    return False
