"""YooKassa's end of the street: the sandbox over real HTTP, and a till that keeps its notifications."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.domain.events import Callback, Hint, Paid
from bot.domain.money import Money
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import Link, OnCall
from bot.gateways.yookassa.gateway import YooKassa
from bot.gateways.yookassa.settings import KINDS, YooKassaSettings
from sandbox.cards import Behaviour
from sandbox.yookassa import create_app
from sandbox.yookassa.settings import Receipts
from tests.gateways.contract import PRICE, asked

SHOP = "100500"
RECEIPTS = {"off": Receipts.OFF, "yookassa": Receipts.YOOKASSA, "register": Receipts.EXTERNAL}
Json = dict[str, Any]


def shop_settings(base: str, key: str = "live_sandbox", **more: Any) -> YooKassaSettings:
    """Every button of one shop, and little patience."""
    chosen: Json = {
        "shop_id": SHOP,
        "secret_key": SecretStr(key),
        "api_url": f"{base}/v3/",
        "methods": tuple(KINDS),
        "connect_timeout": 2,
        "ask_timeout": 2,
        "act_timeout": 2,
    }
    return YooKassaSettings(**(chosen | more))


@asynccontextmanager
async def opened(
    base: str, key: str = "live_sandbox", on_call: OnCall = lambda *_: None, **more: Any
) -> AsyncIterator[YooKassa]:
    gateway = YooKassa(shop_settings(base, key, **more), on_call)
    try:
        yield gateway
    finally:
        await gateway.close()


def basic() -> str:
    return "Basic " + b64encode(f"{SHOP}:live_sandbox".encode()).decode()


def notification(event: str, claimed: Json) -> Callback:
    return Callback(json.dumps({"type": "notification", "event": event, "object": claimed}).encode())


class YooKassaStreet:
    """`gateway` speaks to the sandbox; `changes` alter what the API says of an id before it leaves.

    `lost` is how many answers will be cut off on their way; `bodies` is what was posted.
    """

    gateway: YooKassa
    base: str

    def __init__(self, receipts: str = "off", key: str = "live_sandbox", **more: Any) -> None:
        self.outcomes: list[str] = []
        self.bodies: list[Json] = []
        self.changes: dict[str, Callable[[Json], None]] = {}
        self.lost = 0
        self._receipts = receipts
        self._key = key
        self._more = more
        self._told: list[Callback] = []
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        till = web.Application()
        till.router.add_post("/callbacks/yookassa", self._notified)
        self._till = TestServer(till)
        await self._till.start_server()
        url = str(self._till.make_url("/callbacks/yookassa"))
        app = create_app(SHOP, self._key, url, receipts=RECEIPTS[self._receipts])
        app.middlewares.append(self._watched())
        self._server = TestServer(app)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        self._strings = ClientSession(self.base)
        settings = shop_settings(self.base, self._key, receipts=self._receipts, **self._more)
        self.gateway = YooKassa(settings, self._called)
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

    async def payments(self) -> list[Json]:
        """Every payment the shop knows."""
        async with self._strings.get("/control/payments") as answer:
            known: list[Json] = await answer.json()
            return known

    async def pay(self, link: Link, card: str = "success") -> Callback:
        """Pay, or try to; the notification that follows, word for word."""
        paid = await self.control(f"payments/{link.provider_payment}/pay", card=card)
        return await self.told(f"payment.{paid['status']}", link.provider_payment)

    async def refund(self, link: Link, amount: Money) -> Callback:
        """A refund made by hand in the cabinet."""
        await self.control(f"payments/{link.provider_payment}/refund", amount=amount.decimal())
        return await self.told("refund.succeeded", link.provider_payment)

    async def saved_card(self, behaviour: Behaviour = Behaviour.PAYS, method: str = "yookassa") -> CardOnFile:
        """Pay with saving asked for; what the gateway says of the card."""
        request = replace(asked(method=method), saves_card=True)
        link = await self.gateway.create_link(request)
        kind = KINDS[method] or "bank_card"
        paying = f"payments/{link.provider_payment}/pay"
        await self.control(paying, card="success", method=kind, behaviour=behaviour.value)
        paid = await self.gateway.ask(link.provider_payment, request.reference)
        assert isinstance(paid, Paid)
        assert paid.card_on_file is not None
        return paid.card_on_file

    async def unsaved(self) -> Paid:
        request = asked()
        link = await self.gateway.create_link(request)
        await self.pay(link)
        paid = await self.gateway.ask(link.provider_payment, request.reference)
        assert isinstance(paid, Paid)
        return paid

    async def behaves(self, card: CardOnFile, behaviour: Behaviour) -> None:
        await self.control(f"cards/{card.token}", behaviour=behaviour.value)

    async def taken(self, reference: str) -> list[Money]:
        ours = [each for each in await self.payments() if each["metadata"].get("kassir") == reference]
        return [Money.parse(each["amount"]["value"], "RUB") for each in ours if each["status"] == "succeeded"]

    async def told_of(self, reference: str) -> Callback:
        return await self.told("payment.", reference)

    async def told(self, event: str, about: str) -> Callback:
        """The last notification of that event, once there is one."""

        def found() -> list[Callback]:
            return [c for c in self._told if event.encode() in c.body and about.encode() in c.body]

        async with asyncio.timeout(30), self._arrived:
            await self._arrived.wait_for(found)
        return found()[-1]

    async def refuse(self, link: Link) -> Callback:
        return await self.pay(link, "insufficient_funds")

    async def foreign(self, amount: Money) -> Callback:
        """Another sale of the seller through the same shop, made by his other till."""
        body = {
            "amount": {"value": amount.decimal(), "currency": amount.currency},
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": "https://shop.example.org/"},
            "metadata": {"order": "5"},
        }
        headers = {"Idempotence-Key": "another-till", "Authorization": basic()}
        async with self._strings.post("/v3/payments", json=body, headers=headers) as answer:
            made = await answer.json()
        return await self.pay(Link("", made["id"], None))

    async def another_shop(self) -> Callback:
        return await self._paid_and_changed(lambda said: said["recipient"].update(account_id="999"))

    async def pretended(self) -> Callback:
        return await self._paid_and_changed(lambda said: said.update(test=True))

    def forged(self) -> Callback:
        """What anybody could post: a well-made notification about nothing."""
        claimed = {"id": "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f", "status": "succeeded", "paid": True}
        return notification("payment.succeeded", claimed)

    def altered(self, callback: Callback, *, amount: Money, reference: str) -> Callback:
        claimed = json.loads(callback.body)["object"]
        claimed["amount"]["value"] = amount.decimal()
        claimed["metadata"] = {"kassir": reference}
        return notification("payment.succeeded", claimed)

    async def _paid_and_changed(self, change: Callable[[Json], None]) -> Callback:
        link = await self.gateway.create_link(asked(PRICE))
        self.changes[link.provider_payment] = change
        return await self.pay(link)

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
            if self.lost and request.transport is not None:
                self.lost -= 1
                request.transport.abort()
            change = self.changes.get(request.match_info.get("id", ""))
            if change is None or not request.path.startswith("/v3") or not isinstance(answer, web.Response):
                return answer
            said = json.loads(answer.text or "")
            change(said)
            return web.json_response(said)

        return watched
