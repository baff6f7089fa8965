"""The courier on a real connection: what is signed, what every bad day of an endpoint is called."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.domain.webhooks import SELLER, Endpoint
from bot.gateways import courier as courier_module
from bot.gateways.courier import Courier
from tests.seller import OLD_SECRET, SECRET, Seller, listening_seller, says

BODY = json.dumps({"type": "payment.succeeded", "title": "Ой, Анна"}, ensure_ascii=False)


@pytest.fixture
async def seller() -> AsyncIterator[Seller]:
    async with listening_seller() as seller:
        yield seller


@pytest.fixture
async def courier(seller: Seller) -> AsyncIterator[Courier]:
    places = {SELLER: Endpoint(seller.url, (SECRET,)), "acme": Endpoint(f"{seller.url}?from=kassir")}
    courier = Courier(places)
    yield courier
    await courier.close()


async def tell(courier: Courier) -> str:
    return str(await courier.tell("id-1", datetime.now(UTC), BODY))


async def test_library_believes_the_signature(seller: Seller, courier: Courier) -> None:
    assert await tell(courier) == "HTTP 200"
    assert seller.heard == [{"type": "payment.succeeded", "title": "Ой, Анна"}]
    assert seller.ids == ["id-1"]


@pytest.mark.parametrize("known", [SECRET, OLD_SECRET])
async def test_both_secrets_fit_while_they_change(seller: Seller, known: str) -> None:
    seller.secret = known
    courier = Courier({SELLER: Endpoint(seller.url, (SECRET, OLD_SECRET))})
    assert await tell(courier) == "HTTP 200"
    await courier.close()
    assert len(seller.heard) == 1


async def test_foreign_callback_goes_on_word_for_word(seller: Seller, courier: Courier) -> None:
    body = b"a=1&b=%D0%B9"
    reply = await courier.forward("acme", "key", body, content_type="text/weird", query="x=%2F&y")
    ((url, headers, came),) = seller.raw
    assert reply.well
    assert (url, came) == ("POST /hook?from=kassir&x=%2F&y", body)
    assert headers["content-type"] == "text/weird"
    assert (headers["x-kassir-forwarded"], headers["x-kassir-delivery"]) == ("acme", "key")
    assert "webhook-signature" not in headers


async def test_callback_that_came_by_get_goes_on_by_get(seller: Seller, courier: Courier) -> None:
    await courier.forward("acme", "key", b"", content_type="", query="OutSum=10")
    ((url, _, came),) = seller.raw
    assert (url, came) == ("GET /hook?from=kassir&OutSum=10", b"")


async def test_redirect_is_not_followed(seller: Seller, courier: Courier) -> None:
    seller.answers = [says(307, Location=seller.url)]
    assert await tell(courier) == "HTTP 307"
    assert len(seller.raw) == 1


async def test_wish_to_wait_is_heard_within_reason(seller: Seller, courier: Courier) -> None:
    wishes = []
    for wish in ("30", "9999999", "tomorrow"):
        seller.answers = [says(429, Retry_After=wish)]
        wishes.append((await courier.tell("id", datetime.now(UTC), BODY)).retry_after)
    assert wishes == [30, 3600, 0]


async def test_silence_is_trouble(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "SECONDS_IN_ALL", 0.1)
    courier = Courier({SELLER: Endpoint(seller.url, (SECRET,))})
    seller.slow = 5
    assert "Timeout" in await tell(courier)
    await courier.close()


async def test_nobody_there_is_trouble(courier: Courier) -> None:
    alone = Courier({SELLER: Endpoint("http://127.0.0.1:1/hook", (SECRET,))})
    reply = await alone.tell("id", datetime.now(UTC), BODY)
    assert (reply.well, reply.trouble) == (False, "ClientConnectorError")
    await alone.close()


async def test_endless_answer_costs_nothing(seller: Seller, courier: Courier) -> None:
    async def endless() -> web.Response:
        return web.Response(body=b"x" * 10_000_000)

    seller.answers = [endless]
    async with asyncio.timeout(5):
        assert await tell(courier) == "HTTP 200"
