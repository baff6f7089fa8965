"""A recording Telegram: answers every Bot API method over real HTTP, remembers calls, fails when told to."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

TOKEN = "42:TEST"
BOT_ID = 42


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    fields: dict[str, Any]
    at: float

    @property
    def chat_id(self) -> int:
        return int(self.fields["chat_id"])

    @property
    def text(self) -> str:
        return str(self.fields.get("text") or self.fields.get("caption") or "")


@dataclass(frozen=True, slots=True)
class Fault:
    """Not the usual answer; `hang_up` closes the connection, before or after doing the thing."""

    code: int = 200
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    hang_up: bool = False
    done: bool = False


def refusal(code: int, description: str, **parameters: int) -> Fault:
    return Fault(code, description, parameters)


def too_many(retry_after: int = 1) -> Fault:
    return refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


BLOCKED = refusal(403, "Forbidden: bot was blocked by the user")
LOST = Fault(hang_up=True)
DONE_BUT_LOST = Fault(hang_up=True, done=True)


class FakeTelegram:
    """`calls` are what was really done, `tried` all that was asked; faults are used up one by one."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.tried: list[Call] = []
        self.latency = 0.0
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.chat_faults: dict[int, Fault] = {}
        self.down = False
        self.username = "kassir_test_bot"
        self.url = ""
        self._updates: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._update_ids = itertools.count(1001)
        self._message_ids = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_post("/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        self._news.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def bot(self, **options: Any) -> Bot:
        return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(self.url)), **options)

    def fail(self, method: str, *faults: Fault) -> None:
        self.faults[method].extend(faults)

    def give(self, **update: Any) -> int:
        """Lay an update before the bot's long poll; returns its id."""
        update_id = next(self._update_ids)
        self._updates.append({"update_id": update_id, **update})
        self._news.set()
        return update_id

    @property
    def unconfirmed(self) -> list[int]:
        """Updates that the bot has not confirmed by asking for what comes after them."""
        return [update["update_id"] for update in self._updates]

    def sent(self, method: str = "sendMessage", *, to: int | None = None) -> list[Call]:
        return [
            call for call in self.calls if call.method == method and to in (None, call.fields.get("chat_id"))
        ]

    def texts(self, *, to: int | None = None) -> list[str]:
        return [call.text for call in self.sent(to=to)]

    async def until(self, count: int, method: str = "sendMessage", *, within: float = 30.0) -> list[Call]:
        """Wait for that many calls of a method."""
        async with asyncio.timeout(within):
            while len(self.sent(method)) < count:
                await asyncio.sleep(0.005)
        return self.sent(method)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(
            request.match_info["method"], _decode(await request.post()), asyncio.get_running_loop().time()
        )
        self.tried.append(call)
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = self._fault(call)
        if fault is not None and not fault.done:
            return _refuse(request, fault)
        self.calls.append(call)
        result = await self._result(call)
        return _refuse(request, fault) if fault else web.json_response({"ok": True, "result": result})

    def _fault(self, call: Call) -> Fault | None:
        if self.down:
            return LOST
        if queued := self.faults[call.method]:
            return queued.popleft()
        return self.chat_faults.get(call.fields.get("chat_id", 0))

    async def _result(self, call: Call) -> Any:
        if call.method == "getUpdates":
            return await self._poll(int(call.fields.get("offset", 0)), float(call.fields.get("timeout", 0)))
        if call.method == "getMe":
            return {"id": BOT_ID, "is_bot": True, "first_name": "Kassir", "username": self.username}
        if call.method == "sendChatAction" or "chat_id" not in call.fields:
            return True
        if call.method == "sendMediaGroup":
            return [self._message(call) for _ in call.fields["media"]]
        if call.method.startswith(("send", "forward", "editMessage")):
            return self._message(call)
        return {"message_id": next(self._message_ids)} if call.method == "copyMessage" else True

    def _message(self, call: Call) -> dict[str, Any]:
        kind = "private" if call.chat_id > 0 else "supergroup"
        message_id = call.fields.get("message_id") or next(self._message_ids)
        chat: dict[str, Any] = {"id": call.chat_id, "type": kind}
        chat["first_name" if call.chat_id > 0 else "title"] = "Anna"
        return {"message_id": message_id, "date": 1, "chat": chat, "text": call.text}

    async def _poll(self, offset: int, timeout: float) -> list[dict[str, Any]]:
        """A long poll is held until there is news: one that answers at once makes its client spin."""
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates and timeout:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), timeout)
            except TimeoutError:
                return []
        return self._updates[:100]


@asynccontextmanager
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    telegram = FakeTelegram()
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.stop()


def _decode(form: Iterable[Any]) -> dict[str, Any]:
    """Requests leave as forms: nested objects as JSON, numbers and truths as text."""
    return {name: _value(value) for name, value in dict(form).items()}


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    return value if isinstance(decoded, float | str) else decoded


def _refuse(request: web.Request, fault: Fault) -> web.Response:
    if fault.hang_up and request.transport is not None:
        request.transport.abort()
    body = {"ok": False, "error_code": fault.code, "description": fault.description}
    return web.json_response(
        body | ({"parameters": fault.parameters} if fault.parameters else {}), status=fault.code
    )
