"""Money that came by a payment code: it names its payer, and the house finds what it is for."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.states import OrderState, PaymentState, Purpose
from bot.gateways.base import Method, Way
from bot.services.house import House
from bot.services.settlement import Outcome
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, LINE, WHATSAPP
from tests.services.money import balance, notices, price_of

TXN = iter(range(100_000_000, 200_000_000))


@pytest.fixture
def fake() -> FakeGateway:
    """A provider whose method tells the payer his code."""
    gateway = FakeGateway("terminal")
    gateway.methods = (Method("terminal", "terminal", ("RUB", "KGS"), way=Way.CODE, asks=False),)
    return gateway


@pytest.fixture
async def code(house: House, database: Database) -> str:
    return await house.codes.code(ANNA, await payer_of_anna(database))


async def payer_of_anna(database: Database) -> int:
    return await database.write(lambda tx: tx.customers.person(ANNA))


def by_code(code: str, minor: int, network: str = "elsom", currency: str = "RUB") -> Paid:
    txn = str(next(TXN))
    return Paid(network, txn, "", Money(minor, currency), txn, account=code)


async def test_the_order_begun_with_the_code_is_settled(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "terminal")
    assert link.way is Way.CODE
    assert link.code.startswith("00")
    assert await house.settlement.take(by_code(link.code, 99000)) is Outcome.BOOKED
    report = await house.payments.details(ANNA, link.payment_id)
    assert report.payment.state is PaymentState.SUCCEEDED
    assert report.payment.provider == "elsom", "who brought it is known only now"
    assert report.payment.reference.isdecimal()
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_without_one_the_oldest_open_order_it_covers_is_settled(
    house: House, database: Database, code: str
) -> None:
    dear = await house.orders.place(ANNA, [WHATSAPP], 12)
    cheap = await house.orders.place(ANNA, [LINE], 1)
    await house.settlement.take(by_code(code, 50000))
    assert (await house.orders.get(ANNA, dear.id)).state is OrderState.AWAITING
    assert (await house.orders.get(ANNA, cheap.id)).state is OrderState.FULFILLED
    assert await balance(database) == Money(50000, "RUB") - price_of(cheap)


async def test_what_covers_no_order_rests_on_the_balance(house: House, database: Database, code: str) -> None:
    await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.settlement.take(by_code(code, 100))
    assert await balance(database) == Money(100, "RUB")
    assert await notices(database) == ["topped_up", "topped_up"]
    newest = (await house.payments.history(ANNA)).items[0]
    assert (newest.purpose, newest.method, newest.provider) == (Purpose.TOP_UP, "terminal", "elsom")


async def test_two_parts_by_the_code_complete_the_order_that_was_begun(
    house: House, database: Database
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "terminal")
    await house.settlement.take(by_code(link.code, 40000))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING
    await house.settlement.take(by_code(link.code, 59000, network="asisnur"))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await balance(database) == Money(0, "RUB")


async def test_a_currency_the_payer_owes_nothing_in_is_his_all_the_same(
    house: House, database: Database, code: str
) -> None:
    await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.settlement.take(by_code(code, 5000, currency="KZT"))
    assert await balance(database, "KZT") == Money(5000, "KZT")


async def test_an_order_begun_in_one_currency_can_be_paid_in_another(
    house: House, database: Database
) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    link = await house.payments.start(ANNA, order.id, "terminal")
    assert link.amount.currency == "RUB"
    await house.settlement.take(by_code(link.code, price_of(order, "KGS").minor, currency="KGS"))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_one_number_at_two_networks_is_two_movements(
    house: House, database: Database, code: str
) -> None:
    for network in ("elsom", "asisnur", "elsom"):
        await house.settlement.take(Paid(network, "77", "", Money(100, "RUB"), "77", account=code))
    assert await balance(database) == Money(200, "RUB")


async def test_fifteen_at_once_for_one_payer_are_fifteen(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "terminal")
    await asyncio.gather(*(house.settlement.take(by_code(link.code, 10000)) for _ in range(15)))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await balance(database) == Money(150000, "RUB") - price_of(order)


async def test_a_code_that_nobody_has_lies_in_suspense(house: House, database: Database) -> None:
    assert await house.settlement.take(by_code("001234566", 100)) is Outcome.SUSPENSE
    assert await notices(database) == ["money_suspense"]
