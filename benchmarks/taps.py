"""A tap on the menu by a known customer, against a bare aiogram handler with one awaited answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.types import CallbackQuery, Chat, Message, Update, User
from pydantic import SecretStr

from benchmarks.rate import Rate, timed
from benchmarks.report import bar, figure
from benchmarks.till import Till
from bot.app.chat import build_chat
from bot.app.kassir import Kassir
from bot.app.run import keep_quick
from bot.config import Settings
from bot.domain.catalogue_file import read_catalogue
from bot.gateways.courier import Courier
from bot.i18n import choose_default
from bot.keyboards.buttons import Go, Place
from bot.services.vault import Vault
from bot.services.webhooks import WebhookService
from bot.storage.database import Database
from bot.storage.migrate import migrate

PEOPLE = 16
TAPS, ROUNDS = 3000, 3
COUNTED = 160
TOKEN = "42:BENCH"
DONE = '{"ok": true, "result": true}'
EDITED = (
    '{"ok": true, "result": {"message_id": 100, "date": 1796000000, "text": "…",'
    ' "chat": {"id": 1, "type": "private", "first_name": "Anna"}}}'
)


class Silent(AiohttpSession):
    """A Telegram that does everything at once: all of aiogram's own work for a call, and no wire."""

    async def make_request(self, bot: Bot, method: Any, timeout: int | None = None) -> Any:  # noqa: ARG002, ASYNC109 (its shape is aiogram's)
        self.build_form_data(bot, method)
        done = EDITED if method.__api_method__ == "editMessageText" else DONE
        return self.check_response(bot, method, 200, done).result


def _message(person: int) -> Message:
    return Message(
        message_id=100,
        date=datetime.now(UTC),
        chat=Chat(id=person, type="private", first_name="Anna"),
        text="…",
    )


def tap(number: int) -> Update:
    """On the menu, by each of the people in turn."""
    person = 1 + number % PEOPLE
    query = CallbackQuery(
        id=str(number),
        from_user=User(id=person, is_bot=False, first_name="Anna", language_code="ru"),
        chat_instance="1",
        message=_message(person),
        data=Go(to=Place.MENU).pack(),
    )
    return Update(update_id=number, callback_query=query)


async def feed(dispatcher: Dispatcher, bot: Bot, count: int = TAPS) -> Rate:
    """By as many at once as there are people, each waiting for his answer before he taps again."""
    updates = [tap(number) for number in range(count)]

    async def person(own: list[Update]) -> None:
        for update in own:
            await dispatcher.feed_update(bot, update)

    await person(updates[:PEOPLE])
    with timed(count) as rate:
        await asyncio.gather(*(person(updates[first::PEOPLE]) for first in range(PEOPLE)))
    return rate


async def floor() -> Rate:
    router = Router()

    @router.callback_query()
    async def answered(query: CallbackQuery) -> None:
        await query.answer()

    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    return await feed(dispatcher, Bot(TOKEN, session=Silent()))


@contextmanager
def connections() -> Iterator[list[sqlite3.Connection]]:
    """Every one that was opened while the block lasted."""
    opened: list[sqlite3.Connection] = []
    genuine: Any = sqlite3.connect

    def connect(*place: Any, **how: Any) -> sqlite3.Connection:
        opened.append(genuine(*place, **how))
        return opened[-1]

    with patch("sqlite3.connect", connect):
        yield opened


def listen(opened: list[sqlite3.Connection]) -> list[str]:
    """What is asked of them from now on, the frame of a transaction aside."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            seen.append(statement)

    for connection in opened:
        connection.set_trace_callback(note)
    return seen


@asynccontextmanager
async def open_chat(till: Till, folder: Path) -> AsyncIterator[tuple[Dispatcher, Bot]]:
    """The dialogs of the running bot, with a Telegram that does everything at once."""
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        secret_key=SecretStr("a key of the benchmarks, long enough"),
        dialogs_path=folder / "dialogs.db",
    )
    catalogue = read_catalogue(Path("catalog.example.toml"))
    webhooks = WebhookService(till.database, Courier({}), Vault("a key of the benchmarks, long enough"))
    chat = build_chat(Kassir(settings, catalogue, till.database, {}, till.house, webhooks, None))
    await chat.dialogs.start()
    silent = Silent()
    silent.middleware(chat.bot.session.middleware[0])  # the next one keeps to Telegram's pace
    yield chat.dispatcher, Bot(TOKEN, session=silent)
    await chat.close()


async def measure(folder: Path) -> tuple[list[tuple[Rate, Rate]], float]:
    """Rounds of the floor and of the menu, and statements for one tap on it.

    The customers have paid before, so that "pay again" is on the menu.
    """
    database = Database.connect(f"sqlite:///{folder / 'books.db'}")
    with connections() as opened:
        await database.start()
    await migrate(database)
    till = Till(database, bank=1)
    await till.pay(5 * PEOPLE)
    async with open_chat(till, folder) as (dispatcher, bot):
        rounds = [(await floor(), await feed(dispatcher, bot)) for _ in range(ROUNDS)]
        seen = listen(opened)
        await feed(dispatcher, bot, COUNTED)
    await database.close()
    return rounds, len(seen) / (PEOPLE + COUNTED)


def run() -> None:
    choose_default("ru")
    keep_quick()
    with TemporaryDirectory() as folder:
        rounds, asked = asyncio.run(measure(Path(folder)))
    rounds.sort(key=lambda rates: rates[1].per_second / rates[0].per_second)
    least, rate = rounds[ROUNDS // 2]
    figure("bare aiogram, one awaited answer", least.of(least))
    share = rate.per_second / least.per_second
    bar("menu tap: 40 % of the bare handler", rate.of(least), share >= 0.4)
    bar("SQL statements a tap: 3", f"{asked:.2f}", asked <= 3)


if __name__ == "__main__":
    run()
