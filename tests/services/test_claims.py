"""Money that one door tells of without our mark and another with it: Telegram's, at a YooKassa shop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.domain.events import Paid, Refunded
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.services.house import House
from bot.services.settlement import Outcome
from bot.storage.database import Database
from bot.storage.ledger import SUSPENSE, id_of
from bot.storage.tables import transfers
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, WHATSAPP, Count
from tests.services.money import balance, begun, notices, price_of


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


async def test_one_invoice_paid_twice_waits_for_an_operator_whichever_door_told_first(
    house: House, database: Database, order: Order
) -> None:
    reference, price = await begun(house, database, order), price_of(order)
    await house.settlement.take(from_shop(price))
    await house.settlement.take(from_chat(reference, price))
    again = Paid("fake", "2d4d8204", "", price, "2d4d8204")
    assert await house.settlement.take(again) is Outcome.FOREIGN
    named = replace(again, reference=reference)
    assert await house.settlement.take(named) is Outcome.REVIEW
    assert (await notices(database))[-1] == "money_review"
    assert await house.settlement.take(named) is Outcome.REPEATED
    assert await suspended(database) == price


async def test_foreign_money_that_names_a_payment_of_which_we_know_nothing_waits_as_well(
    house: House, database: Database
) -> None:
    await house.settlement.take(from_shop(Money(99000, "RUB")))
    back = Refunded("fake", "r-1", "2d4d8203", Money(40000, "RUB"))
    assert await house.settlement.take(back) is Outcome.FOREIGN
    assert (
        await house.settlement.take(from_chat("lost in a restore", Money(99000, "RUB"))) is Outcome.SUSPENSE
    )
    assert await suspended(database) == Money(59000, "RUB")


async def suspended(database: Database) -> Money:
    """What lies in suspense: in, less out."""

    def counted(tx: Tx) -> Money:
        account = id_of(SUSPENSE, "RUB")
        came = select(func.coalesce(func.sum(transfers.c.minor), 0)).where(transfers.c.to_account == account)
        left = select(func.coalesce(func.sum(transfers.c.minor), 0)).where(
            transfers.c.from_account == account
        )
        minor = tx.connection.execute(came).scalar_one() - tx.connection.execute(left).scalar_one()
        return Money(int(minor), "RUB")

    return await database.read(counted)
