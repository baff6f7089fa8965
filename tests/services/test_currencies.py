"""A method that takes several currencies: offered in each, and paid in the one that was chosen."""

from __future__ import annotations

import pytest

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import OrderState, PaymentState
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, LINE, WHATSAPP
from tests.services.money import reference_of


async def test_a_method_is_offered_once_for_each_currency_it_shares_with_the_order(house: House) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    offers = await house.payments.methods(ANNA, order.id)
    prices = [offer.price for offer in offers if offer.name == "fake"]
    assert prices == [Money(45000, "RUB"), Money(1650, "BYN"), Money(48000, "KGS")]


async def test_the_chosen_currency_is_paid_in(house: House, database: Database, fake: FakeGateway) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    summary = await house.orders.summary(ANNA, order.id, "fake", "KGS")
    assert summary.to_pay == Money(48000, "KGS")
    link = await house.payments.start(ANNA, order.id, "fake", "KGS")
    assert link.amount == Money(48000, "KGS")
    await house.callbacks.receive("fake", fake.pay(await reference_of(database, link.payment_id)))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    again = await house.orders.again(ANNA)
    assert again is not None
    assert again.prices[0] == Money(48000, "KGS"), "what was paid in last time comes first"


async def test_without_a_choice_the_first_currency_counts(house: House) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    assert (await house.payments.start(ANNA, order.id, "fake")).amount == Money(45000, "RUB")


async def test_an_open_payment_in_another_currency_makes_way(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    roubles = await house.payments.start(ANNA, order.id, "fake", "RUB")
    soms = await house.payments.start(ANNA, order.id, "fake", "KGS")
    assert soms.payment_id != roubles.payment_id
    first = await database.read(lambda tx: tx.payments.get(roubles.payment_id))
    assert first is not None
    assert first.state is PaymentState.REFUSED
    again = await house.payments.start(ANNA, order.id, "fake", "KGS")
    assert again.payment_id == soms.payment_id


async def test_a_renewed_link_keeps_its_currency(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    link = await house.payments.start(ANNA, order.id, "fake", "BYN")
    payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    assert (await house.payments.renew(payment)).amount == Money(1650, "BYN")


async def test_a_currency_that_the_order_has_no_price_in_is_refused(house: House) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    with pytest.raises(CustomerError, match="method_gone"):
        await house.payments.start(ANNA, order.id, "fake", "KGS")
    with pytest.raises(CustomerError, match="method_gone"):
        await house.orders.summary(ANNA, order.id, "fake", "KGS")


async def test_the_rest_is_taken_in_the_currency_that_part_of_the_money_came_in(
    house: House, database: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    link = await house.payments.start(ANNA, order.id, "fake", "KGS")
    reference = await reference_of(database, link.payment_id)
    await house.callbacks.receive("fake", fake.pay(reference, Money(10000, "KGS")))
    offers = await house.payments.methods(ANNA, order.id)
    assert {offer.price.currency for offer in offers} == {"KGS"}
    rest = await house.payments.start(ANNA, order.id, "fake", "KGS")
    assert rest.amount == Money(38000, "KGS")
