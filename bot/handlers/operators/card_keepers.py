"""«Беру»: a card shows who looks after it, and whoever else presses is asked once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, TelegramObject

from bot.domain import periods
from bot.domain.desk import Card
from bot.handlers.operators.board import redraw
from bot.i18n import _, shown
from bot.keyboards.card_keepers import LetGo, Take
from bot.keyboards.operators import ShowCard
from bot.keyboards.statements import ShowBooked, ShowLine
from bot.middlewares.living import answer_tap
from bot.services.card_keepers import CardKeeperService

router = Router(name="operators_card_keepers")

ONLY_LOOKS = (ShowCard, ShowLine, ShowBooked)
"""Buttons that change nothing: nobody is asked whether he means it."""

SECONDS_TO_MEAN_IT = 120
MOST_REMEMBERED = 20
DESPITE = "despite"


@router.callback_query(Take.filter())
async def take_tapped(
    query: CallbackQuery, callback_data: Take, bot: Bot, card_keepers: CardKeeperService
) -> None:
    name = query.from_user.full_name
    await _changed(query, bot, await card_keepers.take(query.from_user.id, callback_data.card, name))


@router.callback_query(LetGo.filter())
async def let_go_tapped(
    query: CallbackQuery, callback_data: LetGo, bot: Bot, card_keepers: CardKeeperService
) -> None:
    await _changed(query, bot, await card_keepers.let_go(query.from_user.id, callback_data.card))


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
        keeper = await data["card_keepers"].keeper(event.from_user.id, card) if card else ""
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
    asked, moment = dict((await state.get_data()).get(DESPITE, {})), periods.now().timestamp()
    if asked.get(str(card), 0) > moment - SECONDS_TO_MEAN_IT:
        return True
    asked.pop(str(card), None)
    asked[str(card)] = moment
    await state.update_data({DESPITE: dict(list(asked.items())[-MOST_REMEMBERED:])})
    return False
