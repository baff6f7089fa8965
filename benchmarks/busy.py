"""The till with the chat beside it and 100 000 reminders to send, in which an import can be begun."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

from benchmarks.chat_till import with_chat
from benchmarks.notices import queue_reminders
from benchmarks.till import Till, serve, standing
from bot.domain.catalogue_file import read_catalogue
from bot.i18n import choose_default
from bot.services.imports import ImportService

HEADER = "id,kind,title,tariff,paid_until,telegram_id,phone,email"


class Import:
    """Of 100 000 connectors, every other one of a person we do not know yet."""

    def __init__(self, till: Till, rows: int, folder: Path) -> None:
        catalogue = read_catalogue(Path("catalog.example.toml"))
        self._service = ImportService(till.database, catalogue, "ru")
        self._file = folder / "connectors.csv"
        self._file.write_text("\n".join([HEADER, *(_line(number) for number in range(rows))]))

    async def whole(self, _request: web.Request) -> web.Response:
        await self._service.connectors(self._file, set_dates=True)
        return web.json_response({})


def _line(number: int) -> str:
    person = str(5_000_000 + number) if number % 2 else ""
    return f"taken-{number},whatsapp,WhatsApp {number},whatsapp,2027-01-14,{person},,"


async def main(wishes: dict[str, Any]) -> None:
    choose_default("ru")
    folder = Path(wishes["folder"])
    async with standing(wishes) as till, with_chat(till, folder) as app:
        await queue_reminders(till.database)
        app.router.add_get("/bench/import", Import(till, wishes["rows"], folder).whole)
        await serve(app)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
