"""The limiter in front of a real bot: what waits, what is tried again, what is given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter

from bot.domain.states import Lane
from bot.middlewares import send_rate
from bot.middlewares.send_rate import SendRate, in_lane
from bot.middlewares.turns import Rates, Turns
from tests.telegram import FakeTelegram, fake_telegram, too_many

ANNA, BORIS, GROUP = 7, 8, -1001


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    bot = telegram.bot()
    bot.session.middleware(SendRate(Turns(Rates(chat=(0.1, 3), group=(0.2, 2)))))
    yield bot
    await bot.session.close()


def span(telegram: FakeTelegram, method: str = "sendMessage", *, to: int = ANNA) -> float:
    """Seconds from the first call to the last."""
    times = [call.at for call in telegram.sent(method, to=to)]
    return times[-1] - times[0]


async def test_messages_of_one_chat_are_spread(telegram: FakeTelegram, bot: Bot) -> None:
    await asyncio.gather(*(bot.send_message(ANNA, "hi") for _ in range(5)))
    assert span(telegram) > 0.18


async def test_reads_answers_and_typing_are_not_limited(telegram: FakeTelegram, bot: Bot) -> None:
    for _ in range(20):
        await bot.answer_callback_query("1")
        await bot.send_chat_action(ANNA, "typing")
        await bot.get_me()
    times = [call.at for call in telegram.calls]
    assert times[-1] - times[0] < 2.0


async def test_edits_wait_in_groups_only(telegram: FakeTelegram, bot: Bot) -> None:
    for chat_id in (ANNA, GROUP):
        await asyncio.gather(*(bot.edit_message_text("new", chat_id=chat_id, message_id=1) for _ in range(4)))
    assert span(telegram, "editMessageText", to=GROUP) > 0.35
    assert span(telegram, "editMessageText", to=ANNA) < 0.3


async def test_a_reply_to_a_tap_is_tried_again_after_429(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.fail("sendMessage", too_many(1))
    sending = asyncio.create_task(bot.send_message(ANNA, "hi"))
    while not telegram.tried:
        await asyncio.sleep(0.001)
    await bot.send_message(BORIS, "nobody else waits")
    assert not sending.done()
    assert (await sending).chat.id == ANNA
    assert telegram.sent(to=ANNA)[0].at - telegram.sent(to=BORIS)[0].at > 0.8


async def test_a_silence_too_long_is_told_without_a_call(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.fail("sendMessage", too_many(3600))
    for _ in range(3):
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(ANNA, "hi")
        assert refused.value.retry_after > 3500
    assert len(telegram.tried) == 1


async def test_a_notice_goes_back_to_the_outbox(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.fail("sendMessage", too_many(1))
    with in_lane(Lane.REMINDERS), pytest.raises(TelegramRetryAfter):
        await bot.send_message(ANNA, "hi")


async def test_patience_has_an_end(telegram: FakeTelegram, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_rate, "TAP_PATIENCE", 1.5)
    telegram.fail("sendMessage", *[too_many(1)] * 5)
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(ANNA, "hi")
    assert len(telegram.tried) == 2


async def test_a_cancelled_handler_leaves_the_queue(telegram: FakeTelegram, bot: Bot) -> None:
    await asyncio.gather(*(bot.send_message(ANNA, "hi") for _ in range(3)))
    waiting = [asyncio.create_task(bot.send_message(ANNA, str(number))) for number in range(3)]
    await asyncio.sleep(0.01)
    for task in waiting[:2]:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert telegram.texts(to=ANNA) == ["hi", "hi", "hi", "2"]
