"""The books alone, for commands that need nothing else of the house."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app.endpoints import endpoints
from bot.config import Settings
from bot.domain.notices import MAIL
from bot.services.vault import Vault
from bot.storage.database import Database, OnUnit
from bot.storage.migrate import migrate


@asynccontextmanager
async def open_books(
    settings: Settings, *, read_only: bool = False, on_unit: OnUnit = lambda *_: None
) -> AsyncIterator[Database]:
    """The books, at the newest layout where they may be written; closed whatever happens."""
    database = Database.connect(settings.database_url, read_only=read_only, on_unit=on_unit)
    database.listeners.update(endpoints(settings))
    if settings.smtp is not None:
        database.listeners.add(MAIL)
    await database.start()
    try:
        if not read_only:
            await migrate(database)
        yield database
    finally:
        await database.close()


def open_vault(settings: Settings) -> Vault:
    """What is sealed with the present key or the one before; tokens of links come from the same keys."""
    previous = settings.secret_key_previous
    return Vault(settings.secret_key.get_secret_value(), previous.get_secret_value() if previous else "")
