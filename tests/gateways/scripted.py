"""A provider's API that answers what a test wrote down, and keeps what it was asked."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.test_utils import TestServer


class Scripted:
    """`answers` are given in turn, the last one for ever; a dict is an object with status 200."""

    base: str

    def __init__(
        self, *answers: object, status: int = 200, headers: dict[str, str] | None = None, delay: float = 0
    ) -> None:
        self.requests: list[web.BaseRequest] = []
        self._answers = list(answers)
        self._status = status
        self._headers = headers or {}
        self._delay = delay

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.close()

    async def _answer(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        await asyncio.sleep(self._delay)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, bytes):
            return web.Response(body=answer, status=self._status, headers=self._headers)
        return web.json_response(answer, status=self._status, headers=self._headers)
