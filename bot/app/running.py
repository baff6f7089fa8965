"""The running bot's own API, for commands that may not write into its books beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from bot.config import Settings
from bot.domain.errors import BooksBusy, KassirError, StorageUnavailable

SECONDS = 10
SECONDS_FOR_FILE = 600
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (it is read, not bound)


class NotDone(KassirError):
    """What the running bot said instead of doing it."""


async def ask_running_bot(
    settings: Settings, busy: BooksBusy, method: str, path: str, json: object = None
) -> dict[str, Any]:
    """Its answer; needs API_TOKEN, and says so where there is none."""
    return await _asked(settings, busy, method, path, SECONDS, json=json)


async def hand_to_running_bot(settings: Settings, busy: BooksBusy, path: str, file: Path) -> dict[str, Any]:
    """The same with a whole file, however long it works at it."""
    with file.open("rb") as content:
        return await _asked(settings, busy, "POST", path, SECONDS_FOR_FILE, data=content)


async def _asked(
    settings: Settings, busy: BooksBusy, method: str, path: str, seconds: float, **body: Any
) -> dict[str, Any]:
    if settings.api_token is None:
        raise NotDone(f"{busy}\nWith API_TOKEN set, this command asks the running bot instead")
    host = "127.0.0.1" if settings.listen_host in EVERYWHERE else settings.listen_host
    url = f"http://{host}:{settings.listen_port}/api/v1{path}"
    headers = {"Authorization": f"Bearer {settings.api_token.get_secret_value()}"}
    try:
        async with (
            asyncio.timeout(seconds),
            aiohttp.ClientSession(headers=headers) as http,
            http.request(method, url, **body) as answer,
        ):
            told = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as trouble:
        raise StorageUnavailable(f"{busy}\nIt was asked, but gave no answer: {trouble}") from None
    if answer.status >= 400:
        raise NotDone(str(told.get("detail") or told.get("title") or "it refused"))
    return dict(told)
