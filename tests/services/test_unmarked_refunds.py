"""A provider whose refunds bear no mark of ours: WEBPAY tells of them by transaction and sum alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.events import Refunded
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.states import AttemptState, OrderState, PaymentState
from bot.services.house import House
from bot.services.settlement import Outcome
from bot.storage.database import Database
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, OWNER, WHATSAPP
from tests.services.money import balance, begun, price_of


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


@pytest.fixture
async def payment(house: House, database: Database, fake: FakeGateway, order: Order) -> Payment:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    found = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert found is not None
    return found


def went_back(payment: Payment, amount: Money, movement: str = "m-1") -> Refunded:
    return Refunded(
        "fake", movement, payment.provider_payment, amount, reference=payment.reference, marked=False
    )


async def test_notification_that_overtakes_the_answer_ends_our_own_refund(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.day = Day.LOST
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="asked for it")
    assert attempt.state is AttemptState.SENT
    told = went_back(payment, price_of(order))
    assert await house.settlement.take(told) is Outcome.BOOKED
    assert await house.settlement.take(replace(told, attempt=attempt.reference)) is Outcome.REPEATED
    known = await database.read(lambda tx: tx.attempts.get(attempt.id))
    assert known is not None
    assert (known.state, known.outcome) == (AttemptState.KNOWN, "done")
    assert await balance(database) == Money(0, "RUB")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED


async def test_refund_of_another_sum_was_made_elsewhere(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.day = Day.LOST
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="asked for it")
    part = Money(5000, "RUB")
    assert await house.settlement.take(went_back(payment, part)) is Outcome.BOOKED
    open_still = await database.read(lambda tx: tx.attempts.get(attempt.id))
    assert open_still is not None
    assert open_still.state is AttemptState.SENT
    assert await balance(database) == -part


async def test_hold_that_is_let_go_takes_no_money(house: House, database: Database, order: Order) -> None:
    reference = await begun(house, database, order)
    found = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert found is not None
    let_go = replace(went_back(found, price_of(order)), provider_payment="t-1", of_hold=True)
    assert await house.settlement.take(let_go) is Outcome.REFUSED
    assert await balance(database) == Money(0, "RUB")
    now = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert now is not None
    assert now.state is PaymentState.REFUSED


async def test_completed_hold_that_is_voided_takes_its_money_back(
    house: House, database: Database, order: Order, payment: Payment
) -> None:
    voided = replace(went_back(payment, price_of(order)), of_hold=True)
    assert [await house.settlement.take(voided) for _ in range(2)] == [Outcome.BOOKED, Outcome.REPEATED]
    assert await balance(database) == -price_of(order)
