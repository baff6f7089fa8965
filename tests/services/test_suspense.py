"""Money without an owner: what goes back before anybody claims it, and after."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from bot.domain import periods
from bot.domain.errors import CustomerError
from bot.domain.events import Paid, Refunded
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.services.house import House
from bot.services.settlement import Outcome
from bot.storage.database import Database
from bot.storage.ledger import SUSPENSE
from bot.storage.tables import accounts, transfers
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, CASHIER, OWNER, WHATSAPP
from tests.services.money import balance, begun, price_of

LOST = "lostreference"


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


async def lost_money(house: House, fake: FakeGateway, amount: Money) -> tuple[int, int]:
    """Money that bears our mark and finds no row; its card and its event."""
    await house.callbacks.receive("fake", fake.pay(LOST, amount))
    (card,) = await house.desk.open_cards(CASHIER)
    return card.id, int(card.subject.removeprefix("event:"))


async def in_suspense(database: Database) -> int:
    """What lies there by the transfers."""

    def rest(tx: Tx) -> int:
        here = select(accounts.c.id).where(accounts.c.name == SUSPENSE)
        moved = select(func.coalesce(func.sum(transfers.c.minor), 0))
        came = tx.connection.execute(moved.where(transfers.c.to_account.in_(here))).scalar_one()
        return int(came - tx.connection.execute(moved.where(transfers.c.from_account.in_(here))).scalar_one())

    return await database.read(rest)


async def test_what_went_back_before_it_was_claimed_cannot_be_given_to_anybody(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    price = price_of(order)
    card, event = await lost_money(house, fake, price)
    await house.callbacks.receive("fake", fake.refund_by_hand(LOST, price))
    assert await in_suspense(database) == 0
    assert await house.desk.open_cards(CASHIER) == [], "nothing is left to find an owner for"
    with pytest.raises(CustomerError):
        await house.desk.give_to_customer(CASHIER, card, event, ANNA)
    assert await balance(database) == Money(0, "RUB")


async def test_a_part_that_went_back_before_it_was_claimed_is_not_given(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    price = price_of(order)
    card, event = await lost_money(house, fake, price)
    await house.callbacks.receive("fake", fake.refund_by_hand(LOST, Money(10000, "RUB")))
    link = await house.payments.start(ANNA, order.id, "fake")
    await house.desk.give_to_payment(CASHIER, card, event, link.payment_id)
    assert await balance(database) == price - Money(10000, "RUB")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING
    assert await in_suspense(database) == 0


async def test_a_refund_told_before_its_lost_payment_still_counts(
    house: House, database: Database, fake: FakeGateway
) -> None:
    paid = fake.pay(LOST, Money(99000, "RUB"))
    await house.callbacks.receive("fake", fake.refund_by_hand(LOST, Money(99000, "RUB")))
    assert (await house.callbacks.receive("fake", paid)).result == Outcome.SUSPENSE
    assert await in_suspense(database) == 0
    assert await house.desk.open_cards(CASHIER) == []


async def test_the_refund_of_assigned_money_is_taken_from_whom_it_was_given_to(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    price = price_of(order)
    card, event = await lost_money(house, fake, price)
    link = await house.payments.start(ANNA, order.id, "fake")
    await house.desk.give_to_payment(CASHIER, card, event, link.payment_id)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    await house.callbacks.receive("fake", fake.refund_by_hand(LOST, price))
    assert await balance(database) == -price


async def test_the_refund_of_money_put_on_a_balance_is_taken_from_it(
    house: House, database: Database, fake: FakeGateway
) -> None:
    amount = Money(99000, "RUB")
    card, event = await lost_money(house, fake, amount)
    await house.desk.give_to_customer(CASHIER, card, event, ANNA)
    assert await balance(database) == amount
    await house.callbacks.receive("fake", fake.refund_by_hand(LOST, amount))
    assert await balance(database) == Money(0, "RUB")


async def test_the_refund_of_a_second_movement_is_no_debt_of_the_customer(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    price = price_of(order)
    again = Paid("fake", "two", reference, price, "bank-two", happened_at=periods.now())
    assert (await house.callbacks.receive("fake", fake.callback(again))).result == Outcome.REVIEW
    back = Refunded("fake", "back", "bank-two", price, reference=reference, happened_at=periods.now())
    await house.callbacks.receive("fake", fake.callback(back))
    assert await balance(database) == Money(0, "RUB")
    assert await in_suspense(database) == 0


async def test_assigned_and_refunded_at_once_it_is_nobodys_gain(
    house: House, database: Database, fake: FakeGateway
) -> None:
    amount = Money(99000, "RUB")
    for turn in range(5):
        lost = f"{LOST}{turn}"
        await house.callbacks.receive("fake", fake.pay(lost, amount))
        (card,) = await house.desk.open_cards(CASHIER)
        event = int(card.subject.removeprefix("event:"))
        await asyncio.gather(
            house.callbacks.receive("fake", fake.refund_by_hand(lost, amount)),
            house.desk.give_to_customer(CASHIER, card.id, event, ANNA),
            return_exceptions=True,
        )
        for left in await house.desk.open_cards(CASHIER):
            await house.desk.dismiss(OWNER, left.id)
    assert (await balance(database), await in_suspense(database)) == (Money(0, "RUB"), 0)


async def test_money_of_another_provider_is_not_sent_back_through_this_one(
    house: House, database: Database, fake: FakeGateway, hinting: FakeGateway, order: Order
) -> None:
    card, event = await lost_money(house, fake, price_of(order))
    link = await house.payments.start(ANNA, order.id, "hinting")
    await house.desk.give_to_payment(CASHIER, card, event, link.payment_id)
    with pytest.raises(CustomerError, match="not_refundable"):
        await house.refunds.refund(link.payment_id, price_of(order), who=OWNER, reason="")
    assert "refund" not in hinting.calls
    await house.callbacks.receive("fake", fake.refund_by_hand(LOST, price_of(order)))
    assert await balance(database) == -price_of(order), "the cabinet it came through can"
