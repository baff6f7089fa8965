"""Updates by webhook, faults on demand, the log of calls, and refusals of the server itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeChat, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.driver import Person, Telegram
from sandbox.telegram import delivery

ANNA = 1001


class Door:
    """A bot's webhook that fails as often as it is told to."""

    def __init__(self) -> None:
        self.failures = 0
        self.got: list[dict[str, object]] = []
        self.secrets: list[str | None] = []
        self.answer: dict[str, object] = {}
        self.came = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append(await request.json())
        self.came.set()
        return web.json_response(self.answer)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def hook(door: Door) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", door.take)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/hook"))
    await server.close()


async def test_webhook_carries_the_secret_and_is_repeated(
    bot: Bot, anna: Person, door: Door, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PAUSES", (0.05,))
    door.failures = 2
    await bot.set_webhook(hook, secret_token="s3cret", allowed_updates=["message"])
    await anna.says("hello")
    await asyncio.wait_for(door.came.wait(), 5)
    assert door.secrets == ["s3cret"] and len(door.got) == 1
    info = await bot.get_webhook_info()
    assert (
        info.url == hook
        and info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    )
    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates(timeout=0) == []


async def test_call_in_the_webhook_answer_is_obeyed(bot: Bot, anna: Person, door: Door, hook: str) -> None:
    door.answer = {"method": "sendMessage", "chat_id": ANNA, "text": "by the way"}
    await bot.set_webhook(hook)
    await anna.says("hello")
    await anna.sees("by the way")


async def test_aiogram_answers_through_its_webhook(bot: Bot, anna: Person) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> TelegramMethod[Message]:
        return message.answer(f"echo {message.text}")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="s").register(app, "/hook")
    async with TestServer(app) as server:
        await bot.set_webhook(str(server.make_url("/hook")), secret_token="s")
        await anna.says("one")
        await anna.sees("echo one")
        await bot.delete_webhook()


async def test_allowed_updates_are_remembered(bot: Bot, anna: Person) -> None:
    await bot.get_updates(timeout=0, allowed_updates=["message"])
    await anna.says("kept")
    await anna.blocks()
    kinds = [update.event_type for update in await bot.get_updates(timeout=0)]
    assert kinds == ["message"]


async def test_telegram_down_slow_and_flooded(bot: Bot, telegram: Telegram) -> None:
    await telegram.faults(connection="502 with HTML")
    with pytest.raises(ClientDecodeError):
        await bot.get_me()
    await telegram.faults(connection="reset")
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    await telegram.faults(connection="works", flood="retry after 7 s")
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.get_me()
    assert refused.value.retry_after == 7
    await telegram.faults(flood="no", answers="after 300 ms")
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await bot.get_me(request_timeout=0.1)  # type: ignore[arg-type]  # aiogram says int


async def test_message_arrives_though_its_answer_is_lost(bot: Bot, anna: Person, telegram: Telegram) -> None:
    await anna.says("/start")
    await telegram.faults(lost="next call")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ANNA, "did you get it?")
    await anna.sees("did you get it?")
    await bot.send_message(ANNA, "and this?")


async def test_calls_are_listed_without_long_polls(bot: Bot, anna: Person, telegram: Telegram) -> None:
    await anna.says("/start")
    await bot.get_updates(timeout=0)
    await bot.send_message(ANNA, "hi")
    with pytest.raises(TelegramNotFound):
        await _raw(bot, "sendNothing")
    calls = await telegram.calls()
    assert [(call["method"], call["ok"]) for call in calls] == [("sendMessage", True)]
    assert calls[0]["fields"]["text"] == "hi" and "SANDBOX" not in str(calls)
    assert await telegram.calls("getMe") == []


async def test_wrong_token_is_unauthorized(bot: Bot, server: str) -> None:
    stranger = Bot("43:WRONG", session=bot.session)
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()
    async with aiohttp.ClientSession() as session, session.get(f"{server}/botnonsense/getMe") as answer:
        assert answer.status == 404
    async with aiohttp.ClientSession() as session, session.get(f"{server}/bot42:SANDBOX/GETME") as answer:
        assert (await answer.json())["result"]["is_bot"] is True


async def test_commands_of_the_narrowest_scope_win(bot: Bot, anna: Person) -> None:
    await bot.set_my_commands([BotCommand(command="pay", description="Pay")])
    await bot.set_my_commands([BotCommand(command="pay", description="Оплатить")], language_code="ru")
    assert (await anna.screen())["commands"][0]["description"] == "Оплатить"
    own = [BotCommand(command="vip", description="Yours")]
    await bot.set_my_commands(own, scope=BotCommandScopeChat(chat_id=ANNA))
    assert (await anna.screen())["commands"][0]["command"] == "vip"
    assert (await bot.get_my_commands(language_code="ru"))[0].description == "Оплатить"
    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=ANNA))
    assert (await anna.screen())["commands"][0]["command"] == "pay"


async def test_profile_is_kept_per_language(bot: Bot) -> None:
    await bot.set_my_name("Kassir")
    await bot.set_my_description("Pays bills")
    await bot.set_my_description("Платит по счетам", language_code="ru")
    await bot.set_my_short_description("Till")
    assert (await bot.get_my_name()).name == "Kassir" == (await bot.get_me()).first_name
    assert (await bot.get_my_description(language_code="ru")).description == "Платит по счетам"
    assert (await bot.get_my_description(language_code="en")).description == "Pays bills"
    assert (await bot.get_my_short_description()).short_description == "Till"
    assert (await bot.get_chat_menu_button()).type == "commands"


async def _raw(bot: Bot, name: str) -> object:
    class Nothing(TelegramMethod[bool]):
        __returning__ = bool
        __api_method__ = name

    return await bot(Nothing())
