"""A tap on the menu by a known customer, against a bare aiogram handler with one awaited answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, Chat, Message, Update, User
from pydantic import SecretStr
from sqlalchemy import Engine, event

from benchmarks.rate import Rate, timed
from benchmarks.report import bar, figure
from benchmarks.till import Till
from bot.app.chat import build_chat
from bot.app.kassir import Kassir
from bot.config import Settings
from bot.domain.catalogue_file import read_catalogue
from bot.i18n import choose_default
from bot.keyboards.buttons import Go, Place
from bot.storage.database import Database
from bot.storage.migrate import migrate

PEOPLE = 16
TAPS = 3000
TOKEN = "42:BENCH"


class Silent(BaseSession):
    """A Telegram that does everything at once."""

    def __init__(self) -> None:
        super().__init__()
        self._edited = {person: _message(person) for person in range(1, PEOPLE + 1)}

    async def make_request(self, bot: Bot, method: Any, timeout: int | None = None) -> Any:  # noqa: ARG002, ASYNC109
        return self._edited[int(method.chat_id or 0)] if isinstance(method, EditMessageText) else True

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        return


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


async def feed(dispatcher: Dispatcher, bot: Bot) -> Rate:
    """By as many at once as there are people, each waiting for his answer before he taps again."""
    updates = [tap(number) for number in range(TAPS)]

    async def person(own: list[Update]) -> None:
        for update in own:
            await dispatcher.feed_update(bot, update)

    await person(updates[:PEOPLE])
    with timed(TAPS) as rate:
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
def statements() -> Iterator[list[str]]:
    """Every SQL statement of this process while the block lasts, but for prepared ones: no tap runs those."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


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
    chat = build_chat(Kassir(settings, catalogue, till.database, {}, till.house))
    await chat.dialogs.start()
    silent = Silent()
    silent.middleware(chat.bot.session.middleware[0])  # the next one keeps to Telegram's pace
    yield chat.dispatcher, Bot(TOKEN, session=silent)
    await chat.close()


async def menu(folder: Path) -> tuple[Rate, float]:
    """Customers who have paid before, so that "pay again" is on the menu; and SQL statements a tap."""
    database = Database.connect(f"sqlite:///{folder / 'books.db'}")
    await database.start()
    await migrate(database)
    till = Till(database, bank=1)
    await till.pay(5 * PEOPLE)
    async with open_chat(till, folder) as (dispatcher, bot):
        with statements() as seen:
            rate = await feed(dispatcher, bot)
    await database.close()
    return rate, len(seen) / (TAPS + PEOPLE)


def run() -> None:
    choose_default("ru")
    least = asyncio.run(floor())
    figure("bare aiogram, one awaited answer", least.of(least))
    with TemporaryDirectory() as folder:
        rate, asked = asyncio.run(menu(Path(folder)))
    share = rate.per_second / least.per_second
    bar("menu tap: 40 % of the bare handler", rate.of(least), share >= 0.4)
    bar("SQL statements a tap: 3", f"{asked:.2f}", asked <= 3)


if __name__ == "__main__":
    run()
