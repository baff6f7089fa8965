"""What the cabinet asks of the bot: its HTTP API, with the seller's token."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import aiohttp

SECONDS = 10


class Refused(Exception):
    """The bot did not do it; the message is for the person who pressed."""


class BotApi:
    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def pay_link(self, connector_id: str) -> str:
        """The link behind «Оплатить»: it opens the chat with this connector."""
        connector = await self._ask("GET", f"/connectors/{quote(connector_id, safe='')}")
        return str(connector.get("pay_link", ""))

    async def charge(self, call: dict[str, Any]) -> None:
        """Hand in what a metered line used."""
        await self._ask("POST", "/charges", call)

    async def sell_in_parts(self, instalment_id: str, instalment: dict[str, Any]) -> None:
        """Tell how something paid for in parts stands now."""
        await self._ask("PUT", f"/instalments/{quote(instalment_id, safe='')}", instalment)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(headers=self._headers, timeout=timeout) as session,
                session.request(method, self._url + path, json=body) as answer,
            ):
                if answer.status not in (200, 201):
                    raise Refused(f"HTTP {answer.status}")
                return dict(await answer.json())
        except (aiohttp.ClientError, TimeoutError) as trouble:
            raise Refused(type(trouble).__name__) from trouble
