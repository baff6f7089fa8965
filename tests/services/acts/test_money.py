"""Money by an operator's word: once, never below zero, by two from a limit on; the books agree."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.desk_terms import DeskTerms
from bot.domain.errors import CustomerError
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.states import OrderState, Role
from bot.services.acts.moving_money import Outside, Transfer
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.services.acts.test_people import SUM, balance, person, rich
from tests.services.conftest import ANNA, BOB, CASHIER, LINE, OPERATOR, OWNER, WHATSAPP
from tests.services.money import notices, price_of
from tests.services.test_desk import refused_with

WHY = "cash at the office"


@pytest.fixture(scope="session")
def catalogue(catalogue: Catalogue) -> Catalogue:
    """A cashier moves 5 000 ₽ at once; from 2 000 ₽ on it takes two."""
    terms = DeskTerms(
        second_from={"RUB": Money(200_000, "RUB")}, most={Role.CASHIER: {"RUB": Money(500_000, "RUB")}}
    )
    return replace(catalogue, desk=terms)


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


def outside(order: Order, number: str = "KO-17") -> Outside:
    return Outside(order.id, price_of(order), number)


async def test_an_order_paid_outside_is_fulfilled_like_any_other(
    house: House, database: Database, order: Order
) -> None:
    assert await house.acts.money.mark_paid(CASHIER, outside(order), WHY) is None
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert {"paid", "receipt_by_hand"} <= set(await notices(database))
    refusal = await refused_with("done_by", house.acts.money.mark_paid(OWNER, outside(order, "KO-18"), WHY))
    assert refusal.blanks == {"who": CASHIER}


async def test_one_paper_pays_once(house: House, order: Order) -> None:
    other = await house.orders.place(ANNA, [LINE], 1)
    await house.acts.money.mark_paid(CASHIER, outside(order), WHY)
    await refused_with("paper_known", house.acts.money.mark_paid(CASHIER, outside(other, "ko-17"), WHY))
    assert (await house.orders.get(ANNA, other.id)).state is OrderState.AWAITING


async def test_two_mark_it_at_once_and_it_is_paid_once(
    house: House, database: Database, order: Order
) -> None:
    mark = house.acts.money.mark_paid
    done = await asyncio.gather(
        mark(OWNER, outside(order), WHY), mark(CASHIER, outside(order, "KO-18"), WHY), return_exceptions=True
    )
    assert [type(each) for each in done].count(CustomerError) == 1
    assert await balance(database, await person(database, ANNA)) == zero("RUB")


async def test_a_large_sum_takes_two(house: House) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 12)
    card = await house.acts.money.mark_paid(CASHIER, outside(order), WHY)
    assert card is not None
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING
    await refused_with("second_person_needed", house.acts.money.second(CASHIER, card.id))
    await refused_with("not_allowed", house.acts.money.second(OPERATOR, card.id))
    await house.acts.money.second(OWNER, card.id)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    await refused_with("card_answered", house.acts.money.second(OWNER, card.id))


async def test_money_moves_between_payers_and_both_are_told(
    house: House, database: Database, fake: FakeGateway
) -> None:
    mine, bobs = await person(database, ANNA), await person(database, BOB)
    await rich(house, fake, database, ANNA, mine)
    part = Money(20_000, "RUB")
    await house.acts.money.move(CASHIER, Transfer(mine, bobs, part, SUM), WHY)
    assert [await balance(database, payer) for payer in (mine, bobs)] == [SUM - part, part]
    assert {"balance_given", "balance_got"} <= set(await notices(database))
    late = house.acts.money.move(OWNER, Transfer(mine, bobs, part, SUM), WHY)
    assert (await refused_with("done_by", late)).blanks == {"who": CASHIER}


async def test_nobody_gives_more_than_he_has(house: House, database: Database, fake: FakeGateway) -> None:
    mine, bobs = await person(database, ANNA), await person(database, BOB)
    await rich(house, fake, database, ANNA, mine)
    move = house.acts.money.move
    too_much = Transfer(mine, bobs, SUM + SUM, SUM)
    await refused_with("balance_too_low", move(CASHIER, too_much, WHY))
    await refused_with("join_itself", move(CASHIER, Transfer(mine, mine, SUM, SUM), WHY))
    await refused_with("not_allowed", move(OPERATOR, Transfer(mine, bobs, SUM, SUM), WHY))
    both = await asyncio.gather(
        move(OWNER, Transfer(mine, bobs, SUM, SUM), WHY),
        move(CASHIER, Transfer(mine, bobs, SUM, SUM), WHY),
        return_exceptions=True,
    )
    assert [type(each) for each in both].count(CustomerError) == 1
    assert await balance(database, bobs) == SUM


async def test_what_moved_has_no_receipt_to_be_used_by_so_it_waits(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    """54-FZ: a receipt for the use of money is made by whoever brought it."""
    mine, bobs = await person(database, ANNA), await person(database, BOB)
    for _twice in range(3):
        await rich(house, fake, database, BOB, bobs)
    has = await balance(database, bobs)
    await house.acts.money.move(CASHIER, Transfer(bobs, mine, has, has), WHY)
    pay = house.acts.money.pay_from_balance
    await refused_with("act_no_receipt", pay(CASHIER, order.id, "RUB", WHY))


async def test_the_balance_pays_an_order_by_an_operators_word(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    mine = await person(database, ANNA)
    await refused_with("balance_too_low", house.acts.money.pay_from_balance(CASHIER, order.id, "RUB", WHY))
    for _twice in range(3):
        await rich(house, fake, database, ANNA, mine)
    await house.acts.money.pay_from_balance(CASHIER, order.id, "RUB", WHY)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    await refused_with("done_by", house.acts.money.pay_from_balance(OWNER, order.id, "RUB", WHY))
