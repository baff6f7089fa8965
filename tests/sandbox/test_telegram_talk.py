"""A real aiogram bot talks with people through the sandbox."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError, TelegramForbiddenError
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from sandbox.driver import NotSeenError, Person
from sandbox.telegram import queries
from tests.sandbox.conftest import StartBot

ANNA = 1001


def button(text: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)]])


async def test_bot_answers_start_and_edits_after_a_tap(anna: Person, talking: StartBot) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def started(message: Message) -> None:
        await message.answer("Hello <b>Anna</b>", parse_mode="HTML", reply_markup=button("Pay", "pay:1"))

    @dispatcher.callback_query(F.data == "pay:1")
    async def pressed(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Paid")
        await query.answer("Thank you", show_alert=True)

    await talking(dispatcher)
    await anna.says("/start")
    seen = await anna.sees("Hello Anna")
    assert seen["body"]["entities"] == [{"offset": 6, "length": 4, "type": "bold"}]
    answer = await anna.taps("Pay")
    assert answer == {"answered": True, "text": "Thank you", "show_alert": True, "url": ""}
    edited = await anna.sees("Paid")
    assert edited["edited"] and "reply_markup" not in edited["body"]


async def test_get_me_says_it_is_a_bot(bot: Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot and me.username == "kassir_demo_bot" and me.can_join_groups


async def test_empty_long_poll_is_held(bot: Bot) -> None:
    before = time.monotonic()
    assert await bot.get_updates(timeout=1) == []
    assert time.monotonic() - before >= 0.95


async def test_update_ends_the_long_poll_and_comes_again_until_confirmed(bot: Bot, anna: Person) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0)
    await anna.says("one")
    [update] = await asyncio.wait_for(waiting, 5)
    await anna.says("two")
    again = await bot.get_updates(timeout=0)
    assert [u.message.text for u in again if u.message] == ["one", "two"]
    left = await bot.get_updates(offset=update.update_id + 1, timeout=0)
    assert [u.update_id for u in left] == [update.update_id + 1]


async def test_second_poller_ends_the_first(bot: Bot, anna: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(TelegramConflictError):
        await asyncio.wait_for(first, 5)
    await anna.says("hello")
    assert len(await asyncio.wait_for(second, 5)) == 1


async def test_callback_is_answered_once(bot: Bot, anna: Person) -> None:
    await anna.says("/start")
    await bot.send_message(ANNA, "Choose", reply_markup=button("Pay", "x"))
    tap = asyncio.create_task(anna.taps("Pay"))
    while True:
        updates = await bot.get_updates(timeout=5)
        query = updates[-1].callback_query
        if query:
            break
    assert query.chat_instance and isinstance(query.message, Message)
    await bot.answer_callback_query(query.id, "once")
    assert (await tap)["text"] == "once"
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(query.id)


async def test_customer_who_never_started_cannot_be_written_to(bot: Bot) -> None:
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await bot.send_message(ANNA, "hi")


async def test_blocked_bot_learns_it_and_gets_403(bot: Bot, anna: Person) -> None:
    await anna.says("/start")
    await anna.blocks()
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await bot.send_message(ANNA, "hi")
    member = (await bot.get_updates(timeout=0))[-1].my_chat_member
    assert member and member.new_chat_member.status == "kicked"
    await anna.unblocks()
    await bot.send_message(ANNA, "hi")


async def test_late_answer_to_a_press_is_refused(
    bot: Bot, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SECONDS_TO_ANSWER", -1.0)
    await anna.says("/start")
    await bot.send_message(ANNA, "Choose", reply_markup=button("Pay", "x"))
    assert (await anna.taps("Pay", wait=0)) == {"answered": False}
    query = (await bot.get_updates(timeout=1))[-1].callback_query
    assert query
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await query.answer("late").as_(bot)


async def test_deep_link_and_a_contact_of_somebody_else(bot: Bot, anna: Person) -> None:
    await anna.opens("order-17")
    await anna.shares_contact(of=1002)
    link, contact = [update.message for update in await bot.get_updates(timeout=1)]
    assert link and link.text == "/start order-17"
    assert contact and contact.contact and contact.contact.user_id == 1002 != contact.chat.id


async def test_reader_sees_only_what_came_after_the_last_act(bot: Bot, anna: Person) -> None:
    await anna.says("/start")
    await bot.send_message(ANNA, "old news")
    await anna.sees("old news")
    await anna.says("news")
    with pytest.raises(NotSeenError, match="old news"):
        await anna.sees("news", within=0.1)


async def test_old_screen_and_changed_client_press_what_is_not_there(bot: Bot, anna: Person) -> None:
    await anna.says("/start")
    sent = await bot.send_message(ANNA, "Choose", reply_markup=button("Pay", "old"))
    screen = await anna.sees("Choose")
    await bot.edit_message_text("Too late", chat_id=ANNA, message_id=sent.message_id)
    await anna.taps("Pay", message=screen, wait=0)
    await anna.presses(screen, "order:17", wait=0)
    asked = [u.callback_query for u in await bot.get_updates(timeout=1) if u.callback_query]
    assert [query.data for query in asked] == ["old", "order:17"]
