"""What the watchers tell of Telegram."""

from __future__ import annotations

import pytest
from aiogram import Dispatcher
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Update, User

from bot.middlewares.watch import Reach, Timed
from tests.telegram import BLOCKED, LOST, fake_telegram


async def test_only_silence_counts_as_silence() -> None:
    heard: list[str] = []
    async with fake_telegram() as telegram:
        bot = telegram.bot()
        bot.session.middleware(Reach(lambda: heard.append("answered"), lambda: heard.append("silent")))
        telegram.fail("sendMessage", BLOCKED, LOST)
        for _ in range(2):
            with pytest.raises(TelegramAPIError):
                await bot.send_message(1, "hello")
        await bot.send_message(1, "hello")
        await bot.session.close()
    assert heard == ["answered", "silent", "answered"]


async def test_every_update_is_timed_by_its_kind() -> None:
    told: list[tuple[str, float]] = []
    dispatcher = Dispatcher()
    dispatcher.update.outer_middleware(Timed(lambda kind, seconds: told.append((kind, seconds))))

    @dispatcher.callback_query()
    async def tapped(_query: CallbackQuery) -> None:
        return

    person = User(id=1, is_bot=False, first_name="Anna")
    query = CallbackQuery(id="1", from_user=person, chat_instance="1", data="x")
    async with fake_telegram() as telegram:
        bot = telegram.bot()
        await dispatcher.feed_update(bot, Update(update_id=1, callback_query=query))
        await bot.session.close()
    assert [kind for kind, _ in told] == ["callback_query"]
