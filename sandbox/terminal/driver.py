"""The sandbox's terminals and wallets, driven from tests.

async with Terminals("http://127.0.0.1:8085") as terminals:
    paid = await terminals.pays("elsom", "001234566", "480")
    assert paid["stage"] == "paid"
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

import aiohttp

Json = dict[str, Any]


class Terminals:
    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Terminals:
        self._session = aiohttp.ClientSession(self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def checks(self, network: str, account: str, amount: str = "1") -> Json:
        """Ask who this code is: stage, result, payer."""
        return await self._post("/control/check", network=network, account=account, sum=amount)

    async def pays(self, network: str, account: str, amount: str, *, txn_id: str = "") -> Json:
        """Put money in, and wait until the network has a final answer."""
        return await self._post("/control/pay", network=network, account=account, sum=amount, txn_id=txn_id)

    async def register(self, network: str, day: str = "") -> tuple[str, bytes]:
        """The file of a day (2026-11-18, today unless said): its name and what is in it."""
        assert self._session is not None, "use: async with Terminals(url)"
        wanted = {"day": day} if day else {}
        async with self._session.get(f"/registers/{network}", params=wanted) as answer:
            name = answer.content_disposition.filename if answer.content_disposition else None
            return name or "", await answer.read()

    async def faults(self, **values: str) -> None:
        """check, pay, register; the choices are what GET /faults lists."""
        await self._post("/faults", **values)

    async def _post(self, path: str, **body: str) -> Json:
        assert self._session is not None, "use: async with Terminals(url)"
        async with self._session.post(path, json=body) as answer:
            said: Json = await answer.json()
            assert answer.status < 400, said
            return said
