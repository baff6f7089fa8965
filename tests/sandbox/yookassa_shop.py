"""A shop at the sandbox's YooKassa, and a till that listens for its notifications."""

import asyncio
import uuid
from base64 import b64encode
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer

from sandbox.yookassa import create_app
from sandbox.yookassa.settings import Receipts

Json = dict[str, Any]
SHOP_ID = "100500"
RUB = "RUB"


def rub(value: str) -> Json:
    return {"value": value, "currency": RUB}


def receipt(value: str = "990.00", **changes: Any) -> Json:
    item: Json = {
        "description": "WhatsApp, 1 month",
        "quantity": 1,
        "amount": rub(value),
        "vat_code": 1,
        "payment_subject": "service",
        "payment_mode": "full_payment",
        "measure": "piece",
    }
    return {"customer": {"email": "anna@example.org"}, "items": [item | changes]}


def order(value: str = "990.00", **changes: Any) -> Json:
    """What the bot would send to create a payment; a change to None removes the field."""
    body = {
        "amount": rub(value),
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": "http://127.0.0.1/back"},
        "description": "WhatsApp, 1 month",
        "metadata": {"reference": "8F3K"},
        "receipt": receipt(value),
    }
    return {name: said for name, said in (body | changes).items() if said is not None}


def basic(login: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{login}:{password}".encode()).decode()}


class Till:
    """Receives notifications; answers with the statuses given, then 200 for ever."""

    def __init__(self) -> None:
        self.received: list[Json] = []
        self.statuses: list[int] = []
        self._arrived = asyncio.Condition()

    async def notified(self, request: web.Request) -> web.Response:
        async with self._arrived:
            self.received.append(await request.json())
            self._arrived.notify_all()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def wait_for(self, count: int) -> list[str]:
        """The events received, once there are at least so many."""
        async with asyncio.timeout(30), self._arrived:
            await self._arrived.wait_for(lambda: len(self.received) >= count)
        return [str(body["event"]) for body in self.received]


class Shop:
    def __init__(self, secret_key: str = "live_sandbox", receipts: Receipts = Receipts.EXTERNAL) -> None:
        self.till = Till()
        self._secret_key = secret_key
        self._receipts = receipts

    async def __aenter__(self) -> Self:
        till = web.Application()
        till.router.add_post("/callbacks/yookassa", self.till.notified)
        self._till_server = TestServer(till)
        await self._till_server.start_server()
        url = str(self._till_server.make_url("/callbacks/yookassa"))
        self._server = TestServer(create_app(SHOP_ID, self._secret_key, url, receipts=self._receipts))
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        self._session = ClientSession(self.base, headers=basic(SHOP_ID, self._secret_key))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        await self._server.close()
        await self._till_server.close()

    async def get(self, path: str, **query: str) -> Any:
        async with self._session.get(path, params=query) as answer:
            return await answer.json()

    async def post(self, path: str, body: Json | None = None, key: str | None = None) -> Json:
        """The body of the answer, with its HTTP status beside it as `http`."""
        return await self.send("POST", path, json=body or {}, headers=_key(path, key))

    async def raw_post(self, path: str, body: Json) -> ClientResponse:
        async with self._session.post(path, json=body, headers=_key(path, None)) as answer:
            return answer

    async def send(self, method: str, path: str, **content: Any) -> Json:
        async with self._session.request(method, path, **content) as answer:
            return {"http": answer.status, **await answer.json()}

    async def paid(self, **changes: Any) -> Json:
        payment = await self.post("/v3/payments", order(**changes))
        return await self.post(f"/control/payments/{payment['id']}/pay")

    async def settled_notifications(self) -> None:
        """Wait until the last answer of the till has been written down."""
        async with asyncio.timeout(30):
            while any(sent["state"] == "waiting" for sent in await self.get("/control/notifications")):
                await asyncio.sleep(0.01)


def _key(path: str, key: str | None) -> dict[str, str]:
    return {"Idempotence-Key": key or str(uuid.uuid4())} if path.startswith("/v3") else {}
