"""WEBPAY's end of the street: the sandbox over real HTTP, and a till that keeps its notifications."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.domain.events import Callback, Paid
from bot.domain.money import Money
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import Link
from bot.gateways.webpay.gateway import WebPay
from bot.gateways.webpay.movements import TAKEN
from bot.gateways.webpay.shapes import order_number
from sandbox.cards import Behaviour
from sandbox.webpay import ShopSettings, create_app
from tests.gateways.contract import asked
from tests.gateways.webpay_wire import PLAIN, SECRET, notification, shop

SITE = "https://pay.example.org"
PRICE = Money(9900, "BYN")
Json = dict[str, Any]


class WebPayStreet:
    """`gateway` speaks to the sandbox; `settings` change it; `told` is every notification that came."""

    gateway: WebPay
    base: str

    voids = True

    def __init__(self, **settings: Any) -> None:
        self.outcomes: list[str] = []
        self.told: list[Callback] = []
        self._settings = {
            "cabinet_username": "kassir",
            "cabinet_password": "cabinet-pass",
            "bank": "priorbank",
            "connect_timeout": 2,
            "ask_timeout": 2,
            "act_timeout": 2,
        } | settings
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        till = web.Application()
        till.router.add_post("/callbacks/webpay", self._notified)
        self._till = TestServer(till)
        await self._till.start_server()
        self.notify_url = str(self._till.make_url("/callbacks/webpay"))
        app = create_app(ShopSettings("11111111", SECRET, SITE, self.notify_url))
        self._server = TestServer(app)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        self.http = ClientSession(self.base)
        self.gateway = self.another()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close()
        await self.http.close()
        await self._server.close()
        await self._till.close()

    def another(self, **changes: Any) -> WebPay:
        """A gateway of the same shop with other settings; whoever asks for it closes it."""
        hosts = {"payment_url": self.base, "cabinet_url": self.base}
        return WebPay(shop(**(self._settings | hosts | changes)), self._called)

    async def control(self, path: str, **body: object) -> Json:
        async with self.http.post(f"/control/{path}", json=body) as answer:
            said: Json = await answer.json()
            assert answer.status == 200, said
            return said

    async def fault(self, **wanted: str) -> None:
        async with self.http.post("/faults", json=wanted) as answer:
            assert answer.status == 200, await answer.text()

    async def calls(self) -> list[str]:
        """The SOAP calls that were made, oldest first."""
        async with self.http.get("/control/calls") as answer:
            return [call["asked"] for call in await answer.json() if call["asked"]]

    async def posted(self, link: Link, referer: str = SITE + "/") -> tuple[int, str]:
        """What the payer's browser is shown after our page has posted the form."""
        form = dict(link.form) | {"wsb_notify_url": self.notify_url}
        async with self.http.post("/", data=form, headers={"Referer": referer}) as answer:
            return answer.status, await answer.text()

    async def pay(self, link: Link, card: str = "success", **more: object) -> Callback:
        """Pay, or try to; the notification that follows, word for word."""
        made = await self.tried(link, card, **more)
        return await self.heard(made)

    async def saved_card(self, behaviour: Behaviour = Behaviour.PAYS) -> CardOnFile:
        """Somebody pays at a page and lets his card be kept; it is told of by the notification."""
        link = await self.gateway.create_link(replace(asked(PRICE, method="webpay"), saves_card=True))
        paid = await self.gateway.read_callback(await self.pay(link, behaviour=behaviour.value))
        assert isinstance(paid, Paid)
        assert paid.card_on_file is not None
        return paid.card_on_file

    async def unsaved(self) -> Paid:
        link = await self.gateway.create_link(asked(PRICE, method="webpay"))
        paid = await self.gateway.read_callback(await self.pay(link))
        assert isinstance(paid, Paid)
        return paid

    async def behaves(self, card: CardOnFile, behaviour: Behaviour) -> None:
        """The shop's cabinet knows a card by the second half of what we keep."""
        await self.control(f"cards/{card.token.partition(':')[2]}", behaviour=behaviour.value)

    async def taken(self, reference: str) -> list[Money]:
        async with self.http.get("/control/orders") as answer:
            ours = [each for each in await answer.json() if each["number"] == order_number(reference)]
        tries = [each for order in ours for each in order["transactions"]]
        return [Money.parse(each["amount"], "BYN") for each in tries if each["kind"] in TAKEN]

    async def told_of(self, reference: str) -> Callback:
        """The last notification about that order."""

        def found() -> list[Callback]:
            return [each for each in self.told if order_number(reference).encode() in each.body]

        async with asyncio.timeout(30), self._arrived:
            await self._arrived.wait_for(found)
        return found()[-1]

    async def tried(self, link: Link, card: str = "success", **more: object) -> Json:
        """The transaction that a try to pay made."""
        status, text = await self.posted(link)
        assert status == 200, text
        return await self.control(f"orders/{link.form['wsb_order_num']}/pay", card=card, **more)

    async def heard(self, made: Json) -> Callback:
        """The last notification of a transaction as it stands now."""
        marks = (f"transaction_id={made['id']}".encode(), f"payment_type={made['kind']}&".encode())

        def found() -> list[Callback]:
            return [each for each in self.told if all(mark in each.body for mark in marks)]

        async with asyncio.timeout(30), self._arrived:
            await self._arrived.wait_for(found)
        return found()[-1]

    async def heard_of_unbinding(self) -> Callback:
        """The last word of a card that was let go."""

        def found() -> list[Callback]:
            return [each for each in self.told if b"recurring_unbind" in each.body]

        async with asyncio.timeout(30), self._arrived:
            await self._arrived.wait_for(found)
        return found()[-1]

    async def refuse(self, link: Link) -> Callback | None:
        await self.fault(declines="notified")
        return await self.pay(link, "no_funds")

    async def refund(self, link: Link, amount: Money) -> Callback:
        """Money given back by hand in the cabinet: as a void, which may be a hold let go, or as a refund."""
        made = await self.transaction(link)
        back = f"transactions/{made['id']}/back"
        return await self.heard(await self.control(back, amount=amount.decimal(), void=self.voids))

    async def transaction(self, link: Link) -> Json:
        """The last transaction of a link's order."""
        async with self.http.get("/control/orders") as answer:
            orders: list[Json] = await answer.json()
        (order,) = (each for each in orders if each["number"] == link.form["wsb_order_num"])
        made: Json = order["transactions"][-1]
        return made

    async def foreign(self, amount: Money) -> Callback:
        return await self.heard(await self.control("sell", amount=amount.decimal()))

    async def another_shop(self) -> Callback:
        return notification(secret="of another shop")

    async def pretended(self) -> Callback:
        request = asked(PRICE, method="webpay")
        return await self.pay(await self.gateway.create_link(request), method="test")

    def forged(self) -> Callback:
        """What anybody could post: a well-made notification with a signature of his own."""
        return notification(secret="guessed")

    def altered(self, callback: Callback, *, amount: Money, reference: str) -> Callback:
        fields = dict(parse_qsl(callback.body.decode(), keep_blank_values=True))
        fields["amount"] = amount.decimal()
        if reference:
            fields["site_order_id"] = f"K-{reference}"
        return Callback(urlencode(fields).encode(), callback.headers)

    def _called(self, provider: str, outcome: str, seconds: float) -> None:
        assert provider == "webpay"
        assert seconds >= 0
        self.outcomes.append(outcome)

    async def _notified(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        async with self._arrived:
            self.told.append(Callback(await request.read(), headers))
            self._arrived.notify_all()
        return web.Response()


NEEDED = tuple(name for name in PLAIN if name != "rrn")
