"""Money that one door tells of without our mark and another with it: Telegram's, at a YooKassa shop."""

from __future__ import annotations

import pytest

from bot.domain.events import Paid, Refunded
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.services.house import House
from bot.services.settlement import Outcome
from bot.storage.database import Database
from bot.storage.tables import transfers
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, WHATSAPP, Count
from tests.services.money import balance, begun, price_of


@pytest.fixture
def fake() -> FakeGateway:
    return FakeGateway(currencies=("RUB", "XTR"))


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


def from_shop(amount: Money) -> Paid:
    return Paid("fake", "2d4d8203", "", amount, "2d4d8203")


def from_chat(reference: str, amount: Money) -> Paid:
    return Paid("fake", "2d4d8203", reference, amount, "2d4d8203")


@pytest.mark.parametrize("shop_is_first", [True, False])
async def test_in_either_order_it_is_booked_once(
    house: House, database: Database, order: Order, count: Count, shop_is_first: bool
) -> None:
    reference = await begun(house, database, order)
    told = [from_shop(price_of(order)), from_chat(reference, price_of(order))]
    outcomes = [await house.settlement.take(event) for event in (told if shop_is_first else told[::-1])]
    assert outcomes == (
        [Outcome.FOREIGN, Outcome.BOOKED] if shop_is_first else [Outcome.BOOKED, Outcome.REPEATED]
    )
    assert [await house.settlement.take(event) for event in told] == [Outcome.REPEATED] * 2
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await count(transfers) == 2


async def test_what_went_back_before_it_was_claimed_goes_back_then(
    house: House, database: Database, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.settlement.take(from_shop(price_of(order)))
    back = Refunded("fake", "r-1", "2d4d8203", price_of(order))
    assert await house.settlement.take(back) is Outcome.FOREIGN
    assert await house.settlement.take(from_chat(reference, price_of(order))) is Outcome.BOOKED
    assert await balance(database) == -price_of(order)
    assert await house.settlement.take(back) is Outcome.REPEATED


async def test_a_claim_of_another_sum_is_no_claim(house: House, database: Database, order: Order) -> None:
    reference = await begun(house, database, order)
    await house.settlement.take(from_shop(Money(100, "RUB")))
    assert await house.settlement.take(from_chat(reference, price_of(order))) is Outcome.REPEATED
    assert await balance(database) == Money(0, "RUB")
