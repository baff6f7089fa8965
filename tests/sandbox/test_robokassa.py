"""The sandbox's Robokassa refuses what the real page refuses, and tells until it is answered rightly."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.robokassa import ShopSettings, create_app
from sandbox.robokassa.signatures import asked

PLAIN = {"MerchantLogin": "shop", "OutSum": "990.00", "InvId": "5", "Description": "WhatsApp"}


@pytest.fixture
async def said() -> list[str]:
    """What the shop answers to ResultURL, one after another."""
    return ["no", "OK6", "OK5"]


@pytest.fixture
async def shop(said: list[str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[aiohttp.ClientSession]:
    monkeypatch.setattr("sandbox.yookassa.notifications.PAUSES", (0.01,))

    async def told(_: web.Request) -> web.Response:
        return web.Response(text=said.pop(0))

    till = web.Application()
    till.router.add_post("/told", told)
    async with TestServer(till) as server:
        settings = ShopSettings("shop", "p1", "p2", "p3", result_url=str(server.make_url("/told")))
        async with (
            TestServer(create_app(settings)) as street,
            aiohttp.ClientSession(street.make_url("")) as http,
        ):
            yield http


def signed(**changed: str) -> dict[str, str]:
    fields = PLAIN | changed
    return fields | {"SignatureValue": asked("SHA256", fields, "p1")}


async def test_it_tells_until_the_shop_repeats_the_number(
    shop: aiohttp.ClientSession, said: list[str]
) -> None:
    await shop.get("/Merchant/Index.aspx", params=signed())
    await shop.post("/control/operations/5/pay")
    while said:
        await shop.get("/faults")
    (sent,) = await (await shop.get("/control/notifications")).json()
    while sent["state"] != "accepted":
        (sent,) = await (await shop.get("/control/notifications")).json()
    assert [answer["said"] for answer in sent["answers"]] == ["no", "OK6", "OK5"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (signed() | {"SignatureValue": "0" * 64}, 29),
        (signed() | {"OutSum": "1.00"}, 29),
        (signed(MerchantLogin="other"), 26),
        (signed(OutSum="0.00"), 31),
        (signed(OutSum="990"), 31),
        (signed(InvId=str(1 << 63)), 30),
        (signed(ExpirationDate="2026-01-01T10:00"), 33),
        (signed(Receipt="%7B%7D"), 30),
        (signed(Recurring="True"), 35),
    ],
)
async def test_page_refuses_what_the_real_one_does(
    shop: aiohttp.ClientSession, fields: dict[str, str], code: int
) -> None:
    async with shop.post("/Merchant/Index.aspx", data=fields) as answer:
        assert f"Error {code}" in await answer.text()
