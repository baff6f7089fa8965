"""A person at the sandbox's Robokassa and WEBPAY: lets his card be kept, and chooses how it behaves later."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateways.base import Link
from sandbox import robokassa as robokassa_house
from sandbox import webpay as webpay_house
from sandbox.cards import Behaviour
from sandbox.clock import Clock
from sandbox.robokassa import memory as robokassa_memory
from sandbox.robokassa import shop as robokassa_shop
from sandbox.webpay import memory as webpay_memory
from sandbox.webpay import shop as webpay_shop
from sandbox.yookassa.cards import BY_OUTCOME
from tests.gateways.contract import asked
from tests.gateways.robokassa_street import RobokassaStreet
from tests.gateways.webpay_street import PRICE, WebPayStreet

CHOICE = '<select id="behaviour" name="behaviour"'


@pytest.fixture
async def robokassa() -> AsyncIterator[RobokassaStreet]:
    async with RobokassaStreet(recurring=True) as street:
        yield street


@pytest.fixture
async def webpay() -> AsyncIterator[WebPayStreet]:
    async with WebPayStreet(recurring=True) as street:
        yield street


async def test_robokassa_page_asks_how_the_card_will_behave(robokassa: RobokassaStreet) -> None:
    link = await robokassa.gateway.create_link(replace(asked(method="robokassa"), saves_card=True))
    page = await robokassa.open(link)
    assert CHOICE in page
    picked = {"with": "2202474301322987", "behaviour": "revoked"}
    async with robokassa.browser.post(_form(page), data=picked, allow_redirects=False) as answer:
        assert "/return/robokassa/success" in answer.headers["Location"]
    [card] = await robokassa.seen("cards")
    assert (card["token"], card["masked"], card["behaviour"]) == (
        link.provider_payment,
        "•••• 2987",
        "revoked",
    )
    async with robokassa.browser.post(f"/cards/{card['token']}", data={"behaviour": "pays"}) as answer:
        assert "•••• 2987" in await answer.text()
    [card] = await robokassa.seen("cards")
    assert card["behaviour"] == "pays"


async def test_robokassa_page_of_a_remembered_card_asks_for_its_code(robokassa: RobokassaStreet) -> None:
    kept = await robokassa.gateway.describe_card((await robokassa.saved_card()).token)
    request = replace(asked(method="robokassa"), page_token=kept.page_token)
    link = await robokassa.gateway.create_link(request)
    page = await robokassa.open(link)
    async with robokassa.browser.post(_form(page), data={"code": "1234"}, allow_redirects=False) as answer:
        assert "/return/robokassa/success" in answer.headers["Location"]


async def test_webpay_page_asks_how_the_card_will_behave(webpay: WebPayStreet) -> None:
    link = await webpay.gateway.create_link(replace(asked(PRICE, method="webpay"), saves_card=True))
    _, page = await webpay.posted(link)
    assert CHOICE in page
    picked = {"card": "9112380000000044", "behaviour": "expired"}
    async with webpay.http.post(_form(page), data=picked, allow_redirects=False) as answer:
        assert answer.headers["Location"].startswith("https://pay.example.org/return/")
    async with webpay.http.get("/control/cards") as answer:
        [card] = await answer.json()
    assert (card["masked"], card["behaviour"]) == ("•••• 0044", "expired")
    async with webpay.http.post(f"/cards/{card['token']}", data={"behaviour": "pays"}) as answer:
        assert "•••• 0044" in await answer.text()


async def test_nobody_is_asked_where_no_card_is_kept(
    robokassa: RobokassaStreet, webpay: WebPayStreet
) -> None:
    plain: Link = await robokassa.gateway.create_link(asked(method="robokassa"))
    assert CHOICE not in await robokassa.open(plain)
    _, page = await webpay.posted(await webpay.gateway.create_link(asked(PRICE, method="webpay")))
    assert CHOICE not in page


def _form(page: str) -> str:
    """Where the page's form goes."""
    found = re.search(r'action="(/pay/[^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


async def test_parents_outlive_the_sandbox(tmp_path: Path) -> None:
    file, settings = tmp_path / "cards.json", robokassa_house.ShopSettings("shop", "p1", "p2", "p3")
    first = robokassa_shop.Shop(settings, Clock())
    paid_at = Clock().now()
    parent = robokassa_shop.Operation(
        "7", 99000, "Line", {"Shp_kept": "card"}, paid_at, paid_at, keeps_card=True
    )
    first.pay(first.add(parent), BY_OUTCOME["success"])
    first.cards.newest_first()[0].behave(Behaviour.REVOKED)
    robokassa_memory.write_down(first, file)
    again = robokassa_shop.Shop(settings, Clock())
    robokassa_memory.restore(again, file)
    found, kept = again.find("7"), again.cards.find("7")
    assert found is not None
    assert kept is not None
    assert (found.key, found.card, found.own, found.state) == (parent.key, parent.card, parent.own, 100)
    assert (kept.masked, kept.behaviour) == ("•••• 2987", Behaviour.REVOKED)


async def test_bound_cards_outlive_the_sandbox(tmp_path: Path) -> None:
    file, settings = tmp_path / "cards.json", webpay_house.ShopSettings("1", "secret", "https://site.example")
    first = webpay_shop.Shop(settings, Clock())
    made_at = Clock().now()
    order = webpay_shop.Order(
        "K-1",
        9900,
        "BYN",
        "Line",
        "",
        "",
        "",
        "ru",
        made_at,
        "k7",
        "recurring_bind",
        behaviour=Behaviour.EXPIRED,
    )
    first.pay(first.add(order), "911238xxxxxx0044")
    webpay_memory.write_down(first, file)
    again = webpay_shop.Shop(settings, Clock())
    webpay_memory.restore(again, file)
    assert again.bound == first.bound
    assert [card.shown() for card in again.cards.newest_first()] == [
        card.shown() for card in first.cards.newest_first()
    ]
