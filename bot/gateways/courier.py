"""Brings the seller's own systems webhooks signed by Standard Webhooks, and foreign callbacks as they came.

Manual: https://www.standardwebhooks.com (read 2026-11-22)
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from standardwebhooks import Webhook as Signer
from yarl import URL

from bot.domain.webhooks import SELLER, Endpoint
from bot.gateways.base import OnCall

SECONDS_TO_CONNECT = 5
SECONDS_IN_ALL = 15
MOST_OF_ANSWER = 64 * 1024
"""So much of an answer is read, so that the connection can be used again; nothing in it is believed."""

LONGEST_WISH = 3600.0
USER_AGENT = "Kassir-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status, or 0 and the kind of trouble; and the pause that was asked for."""

    status: int
    trouble: str = ""
    retry_after: float = 0.0

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The address says that it wants to hear no more of it."""
        return self.status == 410

    def __str__(self) -> str:
        return self.trouble or f"HTTP {self.status}"


@dataclass(frozen=True, slots=True)
class _Call:
    verb: str
    url: URL
    body: bytes
    headers: Mapping[str, str]


class Courier:
    """One pool of connections for all addresses. Neither bodies nor answers nor full addresses are logged."""

    def __init__(self, endpoints: Mapping[str, Endpoint], on_call: OnCall = lambda *_: None) -> None:
        self._endpoints = endpoints
        self._on_call = on_call
        self._session: aiohttp.ClientSession | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(self._endpoints)

    async def tell(self, reference: str, moment: datetime, body: str) -> Reply:
        """A webhook of ours, signed at this moment in UTC."""
        endpoint = self._endpoints.get(SELLER)
        if endpoint is None:
            return Reply(0, "the settings name no address")
        signatures = [Signer(secret).sign(reference, moment, body) for secret in endpoint.secrets]
        headers = {
            "Content-Type": "application/json",
            "webhook-id": reference,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        return await self._send(SELLER, _Call("POST", URL(endpoint.url), body.encode(), headers))

    async def forward(
        self, provider: str, reference: str, body: bytes, *, content_type: str, query: str
    ) -> Reply:
        """A foreign callback, byte for byte, with the query it came with; one without a body came by GET."""
        endpoint = self._endpoints.get(provider)
        if endpoint is None:
            return Reply(0, "the settings name no address")
        headers = {"X-Kassir-Forwarded": provider, "X-Kassir-Delivery": reference}
        if content_type:
            headers["Content-Type"] = content_type
        call = _Call("POST" if body else "GET", _with_query(endpoint.url, query), body, headers)
        return await self._send(f"{provider}_forward", call)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, known_as: str, call: _Call) -> Reply:
        began = time.perf_counter()
        reply = Reply(0, "cancelled")
        try:
            reply = await self._try(call)
        finally:
            outcome = "ok" if reply.well else "refused" if reply.is_gone else "unavailable"
            self._on_call(known_as, outcome, time.perf_counter() - began)
        return reply

    async def _try(self, call: _Call) -> Reply:
        try:
            # A redirect is never followed: it would carry the message to another house.
            sent = self._opened().request(
                call.verb, call.url, data=call.body or None, headers=call.headers, allow_redirects=False
            )
            async with sent as response:
                with suppress(aiohttp.ClientError, OSError):  # it was heard, however the answer ends
                    await response.content.read(MOST_OF_ANSWER)
                return Reply(response.status, retry_after=_wish(response.headers.get("Retry-After", "")))
        except (aiohttp.ClientError, OSError, ValueError) as trouble:
            return Reply(0, type(trouble).__name__)

    def _opened(self) -> aiohttp.ClientSession:
        """Open the session at the first call: it needs the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"User-Agent": USER_AGENT},
                timeout=aiohttp.ClientTimeout(total=SECONDS_IN_ALL, sock_connect=SECONDS_TO_CONNECT),
            )
        return self._session


def _with_query(url: str, query: str) -> URL:
    """Both queries, each as it was written."""
    joined = "&" if "?" in url else "?"
    return URL(f"{url}{joined}{query}" if query else url, encoded=True)


def _wish(text: str) -> float:
    """Retry-After in seconds, as far as it is a number within reason."""
    return min(float(text), LONGEST_WISH) if text.isdecimal() else 0.0
