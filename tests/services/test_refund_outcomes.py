"""Refunds that no provider tells the end of: lost answers, failed calls, transfers by hand, and wishes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.refunds import Destination, RefundPlan, RefundState, ServiceChange
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import events, operator_cards
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, BOB, CASHIER, OPERATOR, OWNER, WHATSAPP
from tests.services.money import balance, notices, paid_until
from tests.services.test_refund_requests import pay, plan, today


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


@pytest.fixture
async def payment(house: House, database: Database, fake: FakeGateway, order: Order) -> Payment:
    return await pay(house, database, fake, order)


async def card_of(database: Database, kind: str) -> int:
    query = (
        select(operator_cards.c.id).where(operator_cards.c.kind == kind).order_by(operator_cards.c.id.desc())
    )
    return await database.read(lambda tx: int(tx.connection.execute(query.limit(1)).scalar_one()))


async def state_of(database: Database, payment: Payment) -> RefundState:
    request = await database.read(lambda tx: tx.refund_requests.last_of(payment.id))
    assert request is not None
    return request.state


async def lost(house: House, database: Database, fake: FakeGateway, payment: Payment) -> int:
    """A provider that can't make two calls one, and whose answer was lost; the card about it."""
    fake.replay_window = timedelta(0)
    fake.day = Day.LOST
    await house.refund_requests.propose(CASHIER, plan(payment, service=ServiceChange.STOP))
    assert await state_of(database, payment) is RefundState.SENDING
    return await card_of(database, "refund_unknown")


async def test_two_persons_who_saw_the_money_go_end_a_lost_refund(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    card = await lost(house, database, fake, payment)
    assert not await house.refund_outcomes.say(CASHIER, card, "back-1")
    with pytest.raises(CustomerError, match="second_person_needed"):
        await house.refund_outcomes.say(CASHIER, card, "back-1")
    assert not await house.refund_outcomes.say(OWNER, card, "back-2"), "who says otherwise agrees to nothing"
    assert await house.refund_outcomes.say(CASHIER, card, "back-2")
    assert await state_of(database, payment) is RefundState.DONE
    assert await paid_until(database, WHATSAPP) == today()
    assert await balance(database) == Money(0, "RUB")
    with pytest.raises(CustomerError, match="card_answered"):
        await house.refund_outcomes.say(OWNER, card, "")


async def test_two_persons_who_did_not_see_it_give_it_back(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    card = await lost(house, database, fake, payment)
    before = await paid_until(database, WHATSAPP)
    await house.refund_outcomes.say(OWNER, card, "")
    assert await house.refund_outcomes.say(CASHIER, card, "")
    assert await state_of(database, payment) is RefundState.FAILED
    assert await balance(database) == payment.amount
    assert await paid_until(database, WHATSAPP) == before
    assert await card_of(database, "refund_failed")


async def failed(house: House, database: Database, fake: FakeGateway, payment: Payment) -> int:
    fake.day = Day.REFUSES
    await house.refund_requests.propose(CASHIER, plan(payment, service=ServiceChange.STOP))
    fake.day = Day.GOOD
    return await card_of(database, "refund_failed")


async def test_a_failed_refund_is_tried_once_more_and_only_once(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    card = await failed(house, database, fake, payment)
    with pytest.raises(CustomerError, match="refund_waits"):
        await house.desk.dismiss(OWNER, card)
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.refund_outcomes.again(OPERATOR, card)
    fake.calls.clear()
    done = await asyncio.gather(
        *(house.refund_outcomes.again(who, card) for who in (CASHIER, OWNER)), return_exceptions=True
    )
    assert sum(isinstance(each, CustomerError) for each in done) == 1
    assert fake.calls == ["refund"]
    assert await state_of(database, payment) is RefundState.DONE
    assert await paid_until(database, WHATSAPP) == today(), "what was decided of the service is done as well"


async def test_a_failed_refund_may_rest_on_the_balance(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    card = await failed(house, database, fake, payment)
    await house.refund_outcomes.leave_on_balance(CASHIER, card)
    assert await state_of(database, payment) is RefundState.DONE
    assert await balance(database) == payment.amount
    assert await paid_until(database, WHATSAPP) == today()
    assert "refunded_to_balance" in await notices(database)
    with pytest.raises(CustomerError, match="card_answered"):
        await house.refund_outcomes.again(OWNER, card)


async def test_money_that_was_used_meanwhile_cannot_be_tried_again(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    card = await failed(house, database, fake, payment)
    again = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.orders.settle(ANNA, again.id, "RUB")
    with pytest.raises(CustomerError, match="refund_too_large"):
        await house.refund_outcomes.again(CASHIER, card)


async def test_a_failed_refund_is_sent_by_hand_under_its_number(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    await house.refund_outcomes.again(CASHIER, await failed(house, database, fake, payment), by_hand=True)
    assert await state_of(database, payment) is RefundState.BY_HAND
    assert await balance(database) == Money(0, "RUB")
    card = await card_of(database, "refund_by_hand")
    with pytest.raises(CustomerError, match="refund_number_missing"):
        await house.refund_outcomes.sent_by_hand(CASHIER, card, " ")
    await house.refund_outcomes.sent_by_hand(CASHIER, card, "118 / 22.11.2026")
    assert await state_of(database, payment) is RefundState.DONE
    movement = select(events.c.provider, events.c.movement).where(events.c.kind == "refunded")
    provider, number = await database.read(lambda tx: tuple(tx.connection.execute(movement).one()))
    assert (provider, number.endswith(":118/22.11.2026")) == ("bank", True)


async def test_what_will_not_be_sent_is_the_payers_again(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    await house.refund_outcomes.again(CASHIER, await failed(house, database, fake, payment), by_hand=True)
    card = await card_of(database, "refund_by_hand")
    await house.refund_outcomes.not_by_hand(CASHIER, card)
    assert await state_of(database, payment) is RefundState.FAILED
    assert await balance(database) == payment.amount
    with pytest.raises(CustomerError, match="card_answered"):
        await house.refund_outcomes.sent_by_hand(CASHIER, card, "118")


async def test_the_providers_word_ends_a_lost_refund_before_people_do(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    card = await lost(house, database, fake, payment)
    fake.day = Day.GOOD
    (told,) = next(iter(fake.sales.values())).refunds.values()
    await house.callbacks.receive("fake", fake.callback(told))
    assert await state_of(database, payment) is RefundState.DONE
    with pytest.raises(CustomerError, match="card_answered"):
        await house.refund_outcomes.say(OWNER, card, "back-1")


async def test_a_customer_asks_once_and_may_take_it_back(
    house: House, database: Database, payment: Payment
) -> None:
    offer = await house.refund_wishes.offer(ANNA, payment.id)
    assert (offer.most, offer.request, bool(offer.rules)) == (payment.amount, None, True)
    asked = await asyncio.gather(
        *(house.refund_wishes.ask(ANNA, payment.id, "paid twice") for _ in range(2)), return_exceptions=True
    )
    assert sum(isinstance(each, CustomerError) for each in asked) == 1
    with pytest.raises(NotYours):
        await house.refund_wishes.ask(BOB, payment.id, "mine")
    request = (await house.refund_wishes.offer(ANNA, payment.id)).open_request
    assert request is not None
    with pytest.raises(NotYours):
        await house.refund_wishes.withdraw(BOB, request.id)
    await house.refund_wishes.withdraw(ANNA, request.id)
    with pytest.raises(CustomerError, match="already_done"):
        await house.refund_wishes.withdraw(ANNA, request.id)


async def test_a_wish_is_carried_out_as_the_same_request(
    house: House, database: Database, payment: Payment
) -> None:
    request = await house.refund_wishes.ask(ANNA, payment.id, "paid twice")
    decided = await house.refund_requests.propose(CASHIER, RefundPlan(payment.id))
    assert (decided.request.id, decided.request.reason) == (request.id, "paid twice")
    assert decided.request.state is RefundState.DONE
    assert "refunded" in await notices(database)


async def test_a_wish_that_was_declined_is_told_with_its_reason(
    house: House, database: Database, payment: Payment
) -> None:
    request = await house.refund_wishes.ask(ANNA, payment.id, "paid twice")
    await house.refund_requests.decline(OPERATOR, request.id, "used for a month")
    assert "refund_declined" in await notices(database)
    assert await state_of(database, payment) is RefundState.DECLINED


async def test_withdrawing_and_proposing_at_once_do_one_of_both(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    request = await house.refund_wishes.ask(ANNA, payment.id, "paid twice")
    await asyncio.gather(
        house.refund_wishes.withdraw(ANNA, request.id),
        house.refund_requests.propose(CASHIER, plan(payment)),
        return_exceptions=True,
    )
    assert fake.calls.count("refund") <= 1


async def test_money_of_the_balance_goes_back_to_it_alone(house: House, payment: Payment) -> None:
    with pytest.raises(CustomerError, match="refund_not_there"):
        await house.refund_requests.propose(CASHIER, plan(payment, destination=Destination.BY_HAND))
