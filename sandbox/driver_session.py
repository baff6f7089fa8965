"""What every driver of the sandbox has: one HTTP session to one part of it, open inside the `with`."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import aiohttp

Json = dict[str, Any]


class RefusedError(AssertionError):
    """The sandbox refused what the test tried."""


class DriverSession:
    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        assert self._session is not None, f"use: async with {type(self).__name__}(url)"
        return self._session

    async def faults(self, **values: str) -> None:
        """Switch faults by name; which there are, and their choices, GET /faults lists."""
        await self.post("/faults", values)

    async def get(self, path: str, **query: Any) -> Any:
        wanted = {name: str(value) for name, value in query.items() if value is not None}
        async with self.session.get(path, params=wanted) as answer:
            return await _read(answer)

    async def post(self, path: str, body: Json | aiohttp.FormData | None = None) -> Any:
        form = body if isinstance(body, aiohttp.FormData) else None
        json = None if form else body or {}
        async with self.session.post(path, json=json, data=form) as answer:
            return await _read(answer)


async def _read(answer: aiohttp.ClientResponse) -> Any:
    """JSON as it is, a file as bytes; RefusedError for what was refused."""
    if answer.content_type != "application/json":
        assert answer.ok, await answer.text()
        return await answer.read()
    body = await answer.json()
    if answer.status >= 400:
        raise RefusedError(body.get("error", body) if isinstance(body, dict) else body)
    return body
