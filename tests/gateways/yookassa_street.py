"""YooKassa's end of the street: the sandbox over real HTTP, and a till that keeps its notifications."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.domain.events import Callback, Hint
from bot.domain.money import Money
from bot.domain.references import new_reference
from bot.gateways.base import Item, Link, LinkRequest
from bot.gateways.yookassa.gateway import YooKassa
from bot.gateways.yookassa.settings import YooKassaSettings
from sandbox.yookassa import create_app
from sandbox.yookassa.settings import Receipts

SHOP = "100500"
RECEIPTS = {"off": Receipts.OFF, "yookassa": Receipts.YOOKASSA, "register": Receipts.EXTERNAL}
Json = dict[str, Any]


def asked(
    amount: Money,
    reference: str = "",
    method: str = "yookassa",
    items: tuple[Item, ...] = (),
    email: str = "",
    phone: str = "",
    title: str = "WhatsApp +7 900, 1 month",
) -> LinkRequest:
    return LinkRequest(
        reference=reference or new_reference(),
        method=method,
        amount=amount,
        title=title,
        return_url="https://pay.example.org/return/abc",
        language="ru",
        items=items,
        email=email,
        phone=phone,
    )


def shop_settings(base: str, key: str = "live_sandbox", **more: Any) -> YooKassaSettings:
    """Every button of one shop, and little patience."""
    chosen: Json = {
        "shop_id": SHOP,
        "secret_key": SecretStr(key),
        "api_url": f"{base}/v3/",
        "methods": ("yookassa", "yookassa_card", "yookassa_sbp"),
        "connect_timeout": 0.4,
        "ask_timeout": 0.4,
        "act_timeout": 0.4,
    }
    return YooKassaSettings(**(chosen | more))


class YooKassaStreet:
    """`gateway` speaks to the sandbox; `changes` alter what the API says of an id before it leaves."""

    gateway: YooKassa
    base: str

    def __init__(self, receipts: str = "off") -> None:
        self.outcomes: list[str] = []
        self.bodies: list[Json] = []
        self.changes: dict[str, Callable[[Json], None]] = {}
        self._receipts = receipts
        self._told: list[Callback] = []
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        till = web.Application()
        till.router.add_post("/callbacks/yookassa", self._notified)
        self._till = TestServer(till)
        await self._till.start_server()
        url = str(self._till.make_url("/callbacks/yookassa"))
        app = create_app(SHOP, "live_sandbox", url, receipts=RECEIPTS[self._receipts])
        app.middlewares.append(self._watched())
        self._server = TestServer(app)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        self._strings = ClientSession(self.base)
        self.gateway = YooKassa(shop_settings(self.base, receipts=self._receipts), self._called)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close()
        await self._strings.close()
        await self._server.close()
        await self._till.close()

    async def control(self, path: str, **body: object) -> Json:
        async with self._strings.post(f"/control/{path}", json=body) as answer:
            said: Json = await answer.json()
            assert answer.status == 200, said
            return said

    async def fault(self, **wanted: str) -> None:
        async with self._strings.post("/faults", json=wanted) as answer:
            assert answer.status == 200, await answer.text()

    async def shut(self) -> None:
        await self._server.close()

    async def pay(self, link: Link, card: str = "success") -> Callback:
        """Pay, or try to; the notification that follows, word for word."""
        paid = await self.control(f"payments/{link.provider_payment}/pay", card=card)
        return await self.told(f"payment.{paid['status']}", link.provider_payment)

    async def refund(self, link: Link, amount: Money) -> Callback:
        """A refund made by hand in the cabinet."""
        await self.control(f"payments/{link.provider_payment}/refund", amount=amount.decimal())
        return await self.told("refund.succeeded", link.provider_payment)

    async def told(self, event: str, about: str) -> Callback:
        """The last notification of that event, once there is one."""

        def found() -> list[Callback]:
            return [c for c in self._told if event.encode() in c.body and about.encode() in c.body]

        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(found)
        return found()[-1]

    async def hint(self, callback: Callback) -> Hint:
        hint = await self.gateway.read_callback(callback)
        assert isinstance(hint, Hint)
        return hint

    def _called(self, provider: str, outcome: str, seconds: float) -> None:
        assert provider == "yookassa"
        assert seconds >= 0
        self.outcomes.append(outcome)

    async def _notified(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        async with self._arrived:
            self._told.append(Callback(await request.read(), headers))
            self._arrived.notify_all()
        return web.Response()

    def _watched(self) -> Any:
        @web.middleware
        async def watched(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            if request.path.startswith("/v3") and request.method == "POST":
                self.bodies.append(await request.json())
            answer = await handler(request)
            change = self.changes.get(request.match_info.get("id", ""))
            if change is None or not request.path.startswith("/v3") or not isinstance(answer, web.Response):
                return answer
            said = json.loads(answer.text or "")
            change(said)
            return web.json_response(said)

        return watched
