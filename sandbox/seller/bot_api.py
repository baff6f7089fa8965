"""What the cabinet asks of the bot: its HTTP API, with the seller's token."""

from __future__ import annotations

from urllib.parse import quote

import aiohttp

SECONDS = 10


class NoLink(Exception):
    """The bot gave no link to pay; the message is for the person who pressed."""


class BotApi:
    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    async def pay_link(self, connector_id: str) -> str:
        """The link behind «Оплатить»: it opens the chat with this connector."""
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        path = f"{self._url}/api/v1/connectors/{quote(connector_id, safe='')}"
        try:
            async with (
                aiohttp.ClientSession(headers=self._headers, timeout=timeout) as session,
                session.get(path) as answer,
            ):
                if answer.status != 200:
                    raise NoLink(f"HTTP {answer.status}")
                return str((await answer.json())["pay_link"])
        except (aiohttp.ClientError, TimeoutError, KeyError) as trouble:
            raise NoLink(type(trouble).__name__) from trouble
