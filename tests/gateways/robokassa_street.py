"""Robokassa's end of the street: the sandbox over real HTTP, and a till that keeps what ResultURL brings."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.domain.events import Callback, Paid
from bot.domain.money import Money
from bot.domain.references import new_reference
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import Link
from bot.gateways.robokassa.answers import DONE
from bot.gateways.robokassa.gateway import Robokassa
from bot.gateways.robokassa.numbers import number_of
from bot.gateways.robokassa.settings import RobokassaSettings
from sandbox.cards import Behaviour
from sandbox.robokassa import ShopSettings, create_app
from sandbox.robokassa.signatures import told
from tests.gateways.contract import PRICE, asked

Json = dict[str, Any]

LOGIN, PASSWORD1, PASSWORD2, PASSWORD3 = "demo-shop", "p1_Secret", "p2_Secret", "p3_Secret"
TEST1, TEST2 = "t1_Secret", "t2_Secret"


def shop_settings(base: str, **more: Any) -> RobokassaSettings:
    """One shop with every password, and little patience."""
    chosen: Json = {
        "login": LOGIN,
        "password1": SecretStr(PASSWORD1),
        "password2": SecretStr(PASSWORD2),
        "password3": SecretStr(PASSWORD3),
        "test_password1": SecretStr(TEST1),
        "test_password2": SecretStr(TEST2),
        "base_url": base,
        "services_url": base,
        "fiscal_url": base,
        "connect_timeout": 2,
        "ask_timeout": 2,
        "act_timeout": 2,
    }
    return RobokassaSettings(**(chosen | more))


def message(fields: dict[str, str], password: str = PASSWORD2, algorithm: str = "SHA256") -> Callback:
    """What Robokassa would post to ResultURL about these."""
    return posted(fields | {"SignatureValue": told(algorithm, fields, password)})


def posted(fields: dict[str, str]) -> Callback:
    return Callback(urlencode(fields).encode())


def fields_of(callback: Callback) -> dict[str, str]:
    return dict(parse_qsl((callback.body.decode() or callback.query), keep_blank_values=True))


class RobokassaStreet:
    """`gateway` speaks to the sandbox; what the sandbox tells of a payment arrives at a till of our own."""

    gateway: Robokassa
    base: str

    def __init__(self, method: str = "POST", **settings: Any) -> None:
        self.outcomes: list[str] = []
        self._opened: list[Robokassa] = []
        self._method = method
        self._settings = settings
        self._told: list[Callback] = []
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        till = web.Application()
        till.router.add_route("*", "/callbacks/robokassa", self._notified)
        self._till = TestServer(till)
        await self._till.start_server()
        shop = ShopSettings(
            LOGIN,
            PASSWORD1,
            PASSWORD2,
            PASSWORD3,
            TEST1,
            TEST2,
            hash=self._settings.get("hash", "SHA256"),
            result_url=str(self._till.make_url("/callbacks/robokassa")),
            result_method=self._method,
            success_url="https://pay.example.org/return/robokassa/success",
            fail_url="https://pay.example.org/return/robokassa/fail",
            receipts=self._settings.get("receipts", "off") != "off",
        )
        self._server = TestServer(create_app(shop))
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        self.browser = ClientSession(self.base)
        self.gateway = self.opened()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for gateway in self._opened:
            await gateway.close()
        await self.browser.close()
        await self._server.close()
        await self._till.close()

    def opened(self, **more: Any) -> Robokassa:
        """Another till of the shop, with other settings; it is closed with the street."""
        gateway = Robokassa(shop_settings(self.base, **(self._settings | more)), self._called)
        self._opened.append(gateway)
        return gateway

    async def open(self, link: Link) -> str:
        """Follow the link, or post its form, as a browser does; the text of the page."""
        if link.form:
            answer = await self.browser.post(link.url, data=link.form)
        else:
            answer = await self.browser.get(link.url)
        async with answer:
            return await answer.text()

    async def control(self, path: str, **body: object) -> Any:
        async with self.browser.post(f"/control/{path}", json=body) as answer:
            said = await answer.json()
            assert answer.status == 200, said
            return said

    async def seen(self, what: str) -> Any:
        async with self.browser.get(f"/control/{what}") as answer:
            return await answer.json()

    async def fault(self, **wanted: str) -> None:
        async with self.browser.post("/faults", json=wanted) as answer:
            assert answer.status == 200, await answer.text()

    async def pay(self, link: Link, card: str = "success", **more: object) -> Callback:
        """Open the page and pay; what ResultURL then brings, word for word."""
        await self.open(link)
        await self.control(f"operations/{link.provider_payment}/pay", card=card, **more)
        return await self.told(link.provider_payment)

    async def saved_card(self, behaviour: Behaviour = Behaviour.PAYS) -> CardOnFile:
        """Somebody pays at a page and lets his card be kept; it is told of by ResultURL."""
        request = replace(asked(method="robokassa"), saves_card=True)
        link = await self.gateway.create_link(request)
        paid = await self.gateway.read_callback(await self.pay(link, behaviour=behaviour.value))
        assert paid.card_on_file is not None
        return paid.card_on_file

    async def unsaved(self) -> Paid:
        link = await self.gateway.create_link(asked(method="robokassa"))
        return await self.gateway.read_callback(await self.pay(link))

    async def behaves(self, card: CardOnFile, behaviour: Behaviour) -> None:
        await self.control(f"cards/{card.token}", behaviour=behaviour.value)

    async def taken(self, reference: str) -> list[Money]:
        ours = [each for each in await self.seen("operations") if each["own"].get("Shp_kassir") == reference]
        return [Money.parse(each["amount"], "RUB") for each in ours if each["state"] == DONE]

    async def told_of(self, reference: str) -> Callback:
        return await self.told(number_of(reference, test=False))

    async def refuse(self, link: Link) -> None:
        """Nobody is told of a refusal."""
        await self.open(link)
        await self.control(f"operations/{link.provider_payment}/pay", card="insufficient_funds")

    async def refund(self, link: Link, amount: Money) -> None:
        """A refund made by hand in the cabinet, which nobody is told of either."""
        await self.control(f"operations/{link.provider_payment}/refund", amount=amount.decimal())

    async def foreign(self, amount: Money) -> Callback:
        sold = await self.control("sell", amount=amount.decimal())
        return await self.told(sold["number"])

    async def another_shop(self) -> Callback:
        return message(self.fields(), password="another shop's")

    async def pretended(self) -> Callback:
        """A test payment that is told to a live shop."""
        return message(self.fields(), password=TEST2)

    def forged(self) -> Callback:
        return message(self.fields(), password=PASSWORD1)

    def fields(self) -> dict[str, str]:
        reference = new_reference()
        number = number_of(reference, test=False)
        return {"OutSum": f"{PRICE.decimal()}0000", "InvId": number, "Shp_kassir": reference}

    def altered(self, callback: Callback, *, amount: Money, reference: str) -> Callback:
        """Everything but the signature is somebody else's choice."""
        fields = fields_of(callback) | {"OutSum": f"{amount.decimal()}0000"}
        if reference:
            fields |= {"Shp_kassir": reference, "InvId": number_of(reference, test=False)}
        changed = urlencode(fields)
        return Callback(changed.encode()) if callback.body else Callback(b"", query=changed)

    async def told(self, number: str) -> Callback:
        """The last message about that payment, once there is one."""

        def found() -> list[Callback]:
            return [callback for callback in self._told if fields_of(callback)["InvId"] == number]

        async with asyncio.timeout(30), self._arrived:
            await self._arrived.wait_for(found)
        return found()[-1]

    def _called(self, provider: str, outcome: str, seconds: float) -> None:
        assert provider == "robokassa"
        assert seconds >= 0
        self.outcomes.append(outcome)

    async def _notified(self, request: web.Request) -> web.Response:
        callback = Callback(await request.read(), query=request.rel_url.raw_query_string)
        async with self._arrived:
            self._told.append(callback)
            self._arrived.notify_all()
        return web.Response(text=f"OK{fields_of(callback)['InvId']}")
