"""Refunds of ours: an attempt that is never sent blindly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain import periods
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.states import AttemptState, OrderState
from bot.gateways.base import RefundAnswer, RefundCall
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import attempts, transfers
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, LINE, OWNER, WHATSAPP, Count
from tests.services.money import balance, begun, notices, price_of


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


@pytest.fixture
async def payment(house: House, database: Database, fake: FakeGateway, order: Order) -> Payment:
    """Paid, and its order fulfilled."""
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    found = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert found is not None
    return found


async def test_a_full_refund_goes_by_the_balance_to_its_source(
    house: House, database: Database, order: Order, payment: Payment
) -> None:
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="asked for it")
    assert (attempt.state, attempt.outcome) == (AttemptState.KNOWN, "done")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED
    assert await balance(database) == Money(0, "RUB")
    assert "refunded" in await notices(database)


async def test_more_than_a_payment_brought_cannot_go_back(
    house: House, order: Order, payment: Payment
) -> None:
    part = Money(10000, "RUB")
    await house.refunds.refund(payment.id, part, who=OWNER, reason="a part")
    with pytest.raises(CustomerError, match="refund_too_large"):
        await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="the rest and more")


async def test_a_lost_answer_is_asked_after_and_not_sent_again(
    house: House,
    database: Database,
    fake: FakeGateway,
    order: Order,
    payment: Payment,
    count: Count,
) -> None:
    fake.day = Day.LOST
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="lost")
    assert attempt.state is AttemptState.SENT
    fake.day = Day.GOOD
    fake.calls.clear()
    await make_due(database)
    assert await house.refunds.ask_due() == 1
    assert fake.calls == ["ask_refund"]
    known = await database.read(lambda tx: tx.attempts.get(attempt.id))
    assert known is not None and known.state is AttemptState.KNOWN
    assert await count(transfers, transfers.c.reason == "refunded") == 1


async def test_what_the_provider_never_heard_of_is_replayed_with_its_own_reference(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.day = Day.SILENT
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="silent")
    fake.day = Day.GOOD
    await make_due(database)
    await house.refunds.ask_due()
    known = await database.read(lambda tx: tx.attempts.get(attempt.id))
    assert known is not None and known.outcome == "done"


async def test_a_refused_refund_is_the_payers_money_again(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.day = Day.REFUSES
    await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="refused")
    assert await balance(database) == price_of(order)
    assert "refund_failed" in await notices(database)


async def test_the_notification_of_our_own_refund_books_nothing_twice(
    house: House, fake: FakeGateway, order: Order, payment: Payment, count: Count
) -> None:
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="once")
    told = next(iter(fake.sales.values())).refunds[attempt.reference]
    before = await count(transfers)
    assert (await house.callbacks.receive("fake", fake.callback(told))).result == "repeated"
    assert await count(transfers) == before


async def test_what_the_provider_never_heard_of_is_given_up_after_its_window(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.day = Day.SILENT
    await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="silent")
    fake.day = Day.GOOD
    fake.calls.clear()
    long_ago = update(attempts).values(sent_at=periods.now() - 2 * fake.replay_window)
    await database.write(lambda tx: tx.connection.execute(long_ago) and None)
    await make_due(database)
    await house.refunds.ask_due()
    assert fake.calls == ["ask_refund"], "outside its window a reference proves nothing"
    assert await balance(database) == price_of(order)


async def test_the_refund_of_a_part_bears_the_lines_of_its_receipt(
    house: House, fake: FakeGateway, payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RefundCall] = []
    refund = fake.refund

    async def noted(request: RefundCall) -> RefundAnswer:
        asked.append(request)
        return await refund(request)

    monkeypatch.setattr(fake, "refund", noted)
    await house.refunds.refund(payment.id, Money(10000, "RUB"), who=OWNER, reason="a part")
    assert [item.price for item in asked[0].items] == [Money(10000, "RUB")]


async def make_due(database: Database) -> None:
    """Let the time to ask after every attempt have come."""
    due = update(attempts).values(next_ask_at=periods.now())
    await database.write(lambda tx: tx.connection.execute(due) and None)


async def test_a_refund_takes_from_its_own_order_first(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    """Half of another order's price lies on the balance; it is not this order's to give back."""
    other = await house.orders.place(ANNA, [LINE], 1)
    half = Money(price_of(other).minor // 2, "RUB")
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, other), half))
    await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED
    assert await balance(database) == half


async def test_what_was_paid_too_much_goes_back_without_touching_the_order(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    price = price_of(order)
    await house.callbacks.receive("fake", fake.pay(reference, price + price))
    paid = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert paid is not None
    await house.refunds.refund(paid.id, price, who=OWNER, reason="too much")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await balance(database) == Money(0, "RUB")


async def test_a_refund_that_got_no_connection_is_made_later(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    """Nothing was sent, and that is known: no window is needed to make it."""
    fake.day, fake.replay_window = Day.DOWN, timedelta(0)
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="no connection")
    assert attempt.state is AttemptState.CREATED
    fake.day = Day.GOOD
    await make_due(database)
    await house.refunds.ask_due()
    known = await database.read(lambda tx: tx.attempts.get(attempt.id))
    assert known is not None and known.outcome == "done"


async def test_the_providers_number_of_a_refund_is_kept_and_asked_by(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.refunds_end = "unfinished"
    attempt = await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="takes a while")
    assert (attempt.state, attempt.movement) == (AttemptState.SENT, f"back-{attempt.reference}")
    fake.refunds_end = "refused"
    await make_due(database)
    await house.refunds.ask_due()
    assert await balance(database) == price_of(order)


async def test_a_decided_refund_that_is_refused_at_its_first_call_is_over(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.day = Day.DOWN
    await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="no connection")
    fake.day = Day.REFUSES
    await make_due(database)
    await house.refunds.ask_due()
    assert await balance(database) == price_of(order)


async def test_a_lost_answer_that_nobody_can_ask_after_is_shown_to_people_and_never_sent_again(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.day, fake.replay_window, fake.refunds_end = Day.LOST, timedelta(0), "unfinished"
    await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="lost")
    assert "refund_unknown" in await notices(database)
    fake.day = Day.GOOD
    fake.calls.clear()
    await make_due(database)
    await house.refunds.ask_due()
    assert fake.calls == ["ask_refund"]
