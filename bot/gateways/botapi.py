"""Telegram's Bot API over plain HTTP, for what needs no dialog: checks, and payments inside Telegram.

Manual: https://core.telegram.org/bots/api (read 2026-11-21)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.domain.errors import ProviderRefused, ProviderUnavailable
from bot.gateways.base import BotAccess

SECONDS = 15


class TelegramRefused(ProviderRefused):
    """Telegram understood and said no; `moved_to` is the new number of a group that became a supergroup."""

    def __init__(self, code: int, description: str, moved_to: int | None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.moved_to = moved_to


class BotApi:
    """One bot's calls. The token is part of every address, so no address is ever told or logged."""

    def __init__(self, token: str, base_url: str) -> None:
        self._base = BotAccess.of(token, base_url).address + "/"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a call; TelegramRefused or ProviderUnavailable without one."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS, connect=5))
        try:
            async with self._session.post(self._base + method, json=parameters) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as trouble:
            raise ProviderUnavailable(f"{method}: {type(trouble).__name__}") from None
        return _result(method, answer)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _result(method: str, answer: object) -> Any:
    if not isinstance(answer, Mapping) or "ok" not in answer:
        raise ProviderUnavailable(f"{method}: not an answer of the Bot API")
    if answer["ok"] is not True:
        moved_to = (answer.get("parameters") or {}).get("migrate_to_chat_id")
        raise TelegramRefused(int(answer.get("error_code", 0)), str(answer.get("description", "")), moved_to)
    return answer.get("result")
