from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from sandbox.driver import Person, Telegram
from sandbox.telegram import create_app
from tests.browser import PHONE, browser, pictures  # noqa: F401 (fixtures of this folder)
from tests.sandbox.polling import polling

TOKEN = "42:SANDBOX"
StartBot = Callable[[Dispatcher], Awaitable[None]]


@pytest.fixture
async def app() -> web.Application:
    return create_app(TOKEN, "kassir_demo_bot", {})


@pytest.fixture
async def server(app: web.Application) -> AsyncIterator[str]:
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture
async def bot(server: str) -> AsyncIterator[Bot]:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(server)))
    yield bot
    await bot.session.close()


@pytest.fixture
async def telegram(server: str) -> AsyncIterator[Telegram]:
    async with Telegram(server) as telegram:
        yield telegram


@pytest.fixture
async def anna(telegram: Telegram) -> Person:
    return telegram.person(1001)


@pytest.fixture
async def talking(bot: Bot) -> AsyncIterator[StartBot]:
    """Let a dispatcher poll until the test ends."""
    async with AsyncExitStack() as stack:

        async def start(dispatcher: Dispatcher) -> None:
            await stack.enter_async_context(polling(dispatcher, bot))

        yield start


@pytest.fixture
async def page(browser: Browser) -> Page:  # noqa: F811 (a fixture takes it by name)
    """On a narrow telephone that speaks Russian."""
    context = await browser.new_context(viewport=PHONE, locale="ru-RU")
    return await context.new_page()
