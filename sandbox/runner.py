"""Starts the whole street: Telegram, the providers, the seller and the real bot; for demo and tests."""

import base64
import os
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aiohttp import web

from sandbox import clock
from sandbox.bot_process import BOT, CATALOGUE, BotProcess
from sandbox.demo_books import write_charges, write_connectors
from sandbox.ports import Addresses, Ports, free_ports
from sandbox.street import houses

LOCAL = "127.0.0.1"
SECRET_KEY, CLOCK = "secret_key", "clock"


class ImportFailed(Exception):
    """The bot did not take what the demo begins with; the message is what it said."""


@dataclass(frozen=True)
class Sandbox:
    folder: Path
    at: Addresses
    bot: BotProcess

    async def books(self) -> tuple[int, str]:
        """`python -m bot books`: exit code 0 when they balance, and the report."""
        return await self.bot.run("books")


@asynccontextmanager
async def running_sandbox(
    folder: Path,
    *,
    ports: Ports | None = None,
    host: str = LOCAL,
    fresh: bool = False,
    settings: dict[str, str] | None = None,
    charges: bool = False,
    program: Sequence[str] = BOT,
) -> AsyncIterator[Sandbox]:
    """Everything is up inside the `with`; `settings` are added to the bot's own.

    With `charges` the metered lines have been used: the bot begins by billing the month before.
    """
    ports = ports or free_ports()
    ports.check(host)
    folder = _prepare(folder, fresh)
    clock.STREET.begin(folder / CLOCK)
    at = ports.addresses(LOCAL)
    street = list(houses(at, folder))
    told = {name: value for house in street for name, value in house.settings.items()}
    environment = _own_settings(folder, host, ports, at) | told | (settings or {})
    bot = BotProcess(folder, environment, program)
    async with AsyncExitStack() as open_doors:
        open_doors.callback(clock.STREET.begin)
        for house in street:
            await open_doors.enter_async_context(serving(house.app, host, getattr(ports, house.name)))
        today = clock.today()
        await _import(bot, "connectors", write_connectors, folder, today)
        if charges:
            await _import(bot, "charges", write_charges, folder, today)
        open_doors.push_async_callback(bot.stop)
        await bot.start()
        yield Sandbox(folder, at, bot)


def _own_settings(folder: Path, host: str, ports: Ports, at: Addresses) -> dict[str, str]:
    """What a real installation says of itself; what it says of others stands beside each of them."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'kassir.db'}",
        "CATALOG_PATH": str(CATALOGUE),
        "SECRET_KEY": _secret_key(folder),
        "PUBLIC_URL": at.bot,
        "LISTEN_HOST": host,
        "LISTEN_PORT": str(ports.bot),
    }


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _prepare(folder: Path, fresh: bool) -> Path:
    if fresh and (folder / SECRET_KEY).exists():  # somebody else's folder is never emptied
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _secret_key(folder: Path) -> str:
    """Made once and kept beside the books it locks."""
    kept = folder / SECRET_KEY
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(base64.urlsafe_b64encode(os.urandom(32)).decode())
    return kept.read_text()


async def _import(
    bot: BotProcess, what: str, write: Callable[[Path, date], Path], folder: Path, today: date
) -> None:
    """Fill empty books once; the file with today's dates stays as the mark of it."""
    done = folder / f"{what}.csv"
    if done.exists():
        return
    waiting = write(folder / f"{what}.new.csv", today)
    code, said = await bot.run("import", what, str(waiting))
    if code != 0:
        raise ImportFailed(f"The demo's {what} were not imported (exit code {code}):\n{said}")
    waiting.rename(done)
