"""Unsigned callbacks cost us little, whoever sends them, and never cost us money."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.events import Refunded
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.refusals import Refusal
from bot.services.house import House
from bot.services.inquiries import STRANGERS_WAITING
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, WHATSAPP
from tests.services.money import balance, begun


@pytest.fixture
async def paid(house: House, database: Database, hinting: FakeGateway) -> str:
    """The reference of a payment that was paid."""
    order: Order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order, "hinting")
    await house.callbacks.receive("hinting", hinting.pay(reference))
    hinting.calls.clear()
    return reference


async def test_made_up_refunds_of_a_known_payment_are_asked_about_slowly(
    house: House, hinting: FakeGateway, paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever paid knows the provider's id of his payment, and may claim any number of refunds."""
    monkeypatch.setattr(house.inquiries, "_stranger_pause", 60)
    made_up = [
        Refunded("hinting", f"made-up-{n}", f"hinting-{paid}", Money(100, "RUB"), reference=paid)
        for n in range(50)
    ]
    claims = [asyncio.ensure_future(house.callbacks.receive("hinting", hinting.callback(e))) for e in made_up]
    async with asyncio.timeout(30):
        while sum(claim.done() for claim in claims) < len(made_up) - STRANGERS_WAITING:
            await asyncio.sleep(0.01)
    assert hinting.calls == [], "most are sent away, none has been asked about yet"
    assert {claim.result().status for claim in claims if claim.done()} == {503}
    for claim in claims:
        claim.cancel()


async def test_a_claim_that_a_paid_payment_was_refused_needs_no_question(
    house: House, hinting: FakeGateway, paid: str
) -> None:
    lie = hinting.refuse(paid, Refusal.NO_FUNDS)
    hinting.sales[f"hinting-{paid}"].told = None
    assert (await house.callbacks.receive("hinting", lie)).result == "repeated"
    assert hinting.calls == []


async def test_a_genuine_refund_in_the_cabinet_is_booked_for_all_that(
    house: House, database: Database, hinting: FakeGateway, paid: str
) -> None:
    told = hinting.refund_by_hand(paid, Money(10000, "RUB"))
    assert (await house.callbacks.receive("hinting", told)).result == "booked"
    assert await balance(database) == Money(-10000, "RUB")
