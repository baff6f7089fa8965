"""The sandbox's YooKassa, driven from tests: who paid with which card, what the bot was told.

async with Bank("http://127.0.0.1:8082") as bank:
    payment = await bank.newest()
    await bank.pays(payment, card="insufficient_funds")
    await bank.faults(notifications="off")
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

import aiohttp

Json = dict[str, Any]
PATIENCE = 15


class RefusedError(AssertionError):
    """The sandbox refused what the test tried."""


class Bank:
    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Bank:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def payments(self) -> list[Json]:
        """Newest first."""
        found: list[Json] = await self._call("GET", "/control/payments")
        return found

    async def newest(self) -> Json:
        payments = await self.payments()
        assert payments, "nobody has asked for a payment yet"
        return payments[0]

    async def pays(self, payment: Json, *, card: str = "success", method: str = "bank_card") -> Json:
        """A card by its number or by what comes of it: success, 3ds, insufficient_funds, …"""
        return await self._act(f"/control/payments/{payment['id']}/pay", card=card, method=method)

    async def sells_elsewhere(self) -> None:
        """Sell something past the bot, through the same shop."""
        assert self._session is not None, "use: async with Bank(url)"
        async with self._session.post(f"{self.url}/cabinet/sell", allow_redirects=False) as answer:
            assert answer.status == 303

    async def expires(self, payment: Json) -> Json:
        return await self._act(f"/control/payments/{payment['id']}/expire")

    async def refunds(self, payment: Json, value: str = "") -> Json:
        """In the cabinet, by hand: all that is left, or a value such as "100.00"."""
        return await self._act(f"/control/payments/{payment['id']}/refund", amount=value)

    async def notifications(self) -> list[Json]:
        """What was sent to the bot, with the answers, oldest first."""
        found: list[Json] = await self._call("GET", "/control/notifications")
        return found

    async def calls(self, method: str, path: str) -> list[Json]:
        """What the bot asked of the API, oldest first; status None: no answer yet."""
        found: list[Json] = await self._call("GET", "/control/calls")
        return [call for call in found if call["method"] == method and call["path"].startswith(path)]

    async def is_asked(self, method: str, path: str) -> None:
        """Wait until such a call has come."""
        await _until(lambda: self.calls(method, path))

    async def is_heard(self) -> None:
        """Wait until the bot has accepted a notification."""

        async def accepted() -> bool:
            return any(sent["state"] == "accepted" for sent in await self.notifications())

        await _until(accepted)

    async def faults(self, **values: str) -> None:
        """api, notifications, refund; the choices are what GET /faults lists."""
        await self._call("POST", "/faults", values)

    async def _act(self, path: str, **body: Any) -> Json:
        answer: Json = await self._call("POST", path, body)
        return answer

    async def _call(self, method: str, path: str, body: Json | None = None) -> Any:
        assert self._session is not None, "use: async with Bank(url)"
        async with self._session.request(method, self.url + path, json=body) as answer:
            said = await answer.json()
            if answer.status >= 400:
                raise RefusedError(said)
            return said


async def _until(found: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await found():  # noqa: ASYNC110 (it happens behind HTTP)
            await asyncio.sleep(0.02)
