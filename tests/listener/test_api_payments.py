"""The feed of payments: oldest first, nothing twice, nothing left out, and what went back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine

from bot.domain.catalogue import Catalogue
from bot.domain.money import Money
from bot.domain.periods import now
from bot.services.house import House
from tests.gateways.fake import FakeGateway
from tests.listener.api_door import SellerSystem, opened
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP

LATER = timedelta(minutes=2)
"""After it PostgreSQL's feed, too, holds nothing back."""


@pytest.fixture
async def seller(house: House, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    async with opened(house, catalogue) as system:
        yield system


async def pay(
    house: House, fake: FakeGateway, connector: str = WHATSAPP, who: int = ANNA, link: str = ""
) -> str:
    """The reference of a payment that arrived."""
    order = await house.orders.place(who, [connector], 1, link=link)
    started = await house.payments.start(who, order.id, "fake")
    reference = (await house.payments.details(who, started.payment_id)).payment.reference
    await house.callbacks.receive("fake", fake.pay(reference))
    return reference


async def test_a_payment_says_what_it_was_for(seller: SellerSystem, house: House, fake: FakeGateway) -> None:
    reference = await pay(house, fake)
    with time_machine.travel(now() + LATER):
        (told,) = (await seller.ask("GET", "/payments")).body["payments"]
    until = (await seller.get(WHATSAPP)).body["paid_until"]
    assert told == {
        "id": reference,
        "amount": "990.00",
        "currency": "RUB",
        "method": "fake",
        "provider": "fake",
        "number": told["number"],
        "purpose": "order",
        "autopay": False,
        "state": "succeeded",
        "paid_at": told["paid_at"],
        "refunded": "0.00",
        "connectors": [{"id": WHATSAPP, "months": 1, "paid_until": until}],
    }
    assert until is not None


async def test_paid_by_a_link_the_seller_still_sees_the_date(
    seller: SellerSystem, house: House, fake: FakeGateway
) -> None:
    await pay(house, fake, who=BOB, link=await house.connector_links.to_pay(WHATSAPP))
    with time_machine.travel(now() + LATER):
        (told,) = (await seller.ask("GET", "/payments")).body["payments"]
    assert told["connectors"][0]["paid_until"] == (await seller.get(WHATSAPP)).body["paid_until"] is not None


async def test_pages_follow_each_other_without_gap_or_repeat(
    seller: SellerSystem, house: House, fake: FakeGateway
) -> None:
    paid = [await pay(house, fake, (WHATSAPP, LINE)[turn % 2]) for turn in range(5)]
    seen: list[str] = []
    since = ""
    with time_machine.travel(now() + LATER):
        while True:
            page = (await seller.ask("GET", f"/payments?limit=2{since}")).body
            if not page["payments"]:
                break
            seen += [each["id"] for each in page["payments"]]
            since = f"&since={page['next']}"
    assert seen == paid
    newer = await pay(house, fake)
    with time_machine.travel(now() + 2 * LATER):
        page = (await seller.ask("GET", f"/payments?limit=2{since}")).body
    assert [each["id"] for each in page["payments"]] == [newer]


async def test_it_may_begin_with_a_day_or_a_moment(
    seller: SellerSystem, house: House, fake: FakeGateway
) -> None:
    await pay(house, fake)
    with time_machine.travel(now() + LATER):
        for since, count in ((now() - timedelta(hours=1), 1), (now() + timedelta(hours=1), 0)):
            told = await seller.ask("GET", f"/payments?since={since.isoformat()}")
            assert len(told.body["payments"]) == count
        day = (now() - timedelta(days=1)).date()
        assert len((await seller.ask("GET", f"/payments?since={day}")).body["payments"]) == 1
    empty = await seller.ask("GET", "/payments?since=2099-01-01")
    assert empty.body == {"payments": [], "next": "2099-01-01"}


async def test_what_went_back_is_told(seller: SellerSystem, house: House, fake: FakeGateway) -> None:
    reference = await pay(house, fake)
    await house.callbacks.receive("fake", fake.refund_by_hand(reference, Money(99000, "RUB")))
    with time_machine.travel(now() + LATER):
        (told,) = (await seller.ask("GET", "/payments")).body["payments"]
    assert (told["amount"], told["refunded"]) == ("990.00", "990.00")


@pytest.mark.parametrize(
    "query",
    [
        "since=",
        "since=x",
        "since=%00",
        "since=2026-13-01",
        "since=0001-01-01T00:00:00%2B14:00",
        "since=2026-01-01T00:00:00",
        "since=MjAyNi0xMS0yMlQwMTowMDowMCswMDowMCA",
        "since=%ff%fe",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=",
        "limit=1e2",
        "limit=%D9%A1",
        "limit=" + "9" * 5000,
        "page=2",
    ],
)
async def test_places_and_limits_that_are_none(seller: SellerSystem, query: str) -> None:
    told = await seller.ask("GET", f"/payments?{query}")
    assert (told.status, told.problem) == (400, "malformed")
