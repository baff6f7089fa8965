"""What happens to money that moved."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain import periods
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState, PaymentState
from bot.services.house import House
from bot.services.reports import Standing
from bot.services.settlement import Outcome
from bot.storage.database import Database
from bot.storage.tables import events, extensions, outbox, transfers
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, LINE, WHATSAPP, Count
from tests.services.money import balance, begun, notices, paid_until, price_of, reference_of


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


async def test_money_settles_its_order_and_moves_the_date(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    reply = await house.callbacks.receive("fake", fake.pay(reference))
    assert (reply.status, reply.result) == (200, Outcome.BOOKED)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await paid_until(database, WHATSAPP) == periods.add_months(_today(), 1)
    assert await notices(database) == ["paid", "paid_new"]


async def test_repeated_callback_is_booked_once(
    house: House, database: Database, fake: FakeGateway, order: Order, count: Count
) -> None:
    callback = fake.pay(await begun(house, database, order))
    replies = [await house.callbacks.receive("fake", callback) for _ in range(3)]
    assert [reply.result for reply in replies] == ["booked", "repeated", "repeated"]
    assert len({(reply.status, reply.body) for reply in replies}) == 1
    assert await count(transfers) == 2
    assert await count(extensions) == 1


async def test_equal_callbacks_at_once_are_booked_once(
    house: House, database: Database, fake: FakeGateway, order: Order, count: Count
) -> None:
    callback = fake.pay(await begun(house, database, order))
    replies = await asyncio.gather(*(house.callbacks.receive("fake", callback) for _ in range(20)))
    assert sorted(reply.result for reply in replies) == ["booked"] + ["repeated"] * 19
    assert await count(transfers) == 2


async def test_a_hint_is_believed_only_after_the_provider_was_asked(
    house: House, database: Database, hinting: FakeGateway, order: Order
) -> None:
    callback = hinting.pay(await begun(house, database, order, "hinting"))
    hinting.calls.clear()
    assert (await house.callbacks.receive("hinting", callback)).result == "booked"
    assert hinting.calls == ["ask_hint"]
    assert (await house.callbacks.receive("hinting", callback)).result == "repeated"
    assert hinting.calls == ["ask_hint"], "what is known and final is answered without a call"


async def test_money_that_is_short_rests_and_the_rest_completes_it(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    price = price_of(order)
    first = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(first, Money(price.minor - 10000, "RUB")))
    assert await notices(database) == ["short", "short"]
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING
    link = await house.payments.start(ANNA, order.id, "fake")
    assert link.amount == Money(10000, "RUB")
    report = await house.payments.details(ANNA, link.payment_id)
    await house.callbacks.receive("fake", fake.pay(report.payment.reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await balance(database) == Money(0, "RUB")


async def test_what_is_over_stays_on_the_balance(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    price = price_of(order)
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, order), price + price))
    assert await balance(database) == price


async def test_two_payments_of_one_order_leave_the_second_on_the_balance(
    house: House, database: Database, fake: FakeGateway, hinting: FakeGateway, order: Order
) -> None:
    one, two = await begun(house, database, order), await begun(house, database, order, "hinting")
    await house.callbacks.receive("fake", fake.pay(one))
    await house.callbacks.receive("hinting", hinting.pay(two))
    assert await balance(database) == order.price("RUB")
    assert await notices(database) == ["paid", "paid_new", "on_balance", "on_balance"]


async def test_an_expired_order_revives_when_its_money_comes_late(
    house: House, database: Database, fake: FakeGateway, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = await begun(house, database, order)
    later = periods.now() + timedelta(days=4)
    monkeypatch.setattr("bot.storage.orders.now", lambda: later)
    assert await house.orders.expire() == 1
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.EXPIRED
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await notices(database) == ["paid", "late_revived"]


async def test_money_for_a_cancelled_order_rests_on_the_balance(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.orders.cancel(ANNA, order.id)
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.CANCELLED
    assert await balance(database) == order.price("RUB")
    assert await paid_until(database, WHATSAPP) is None


async def test_a_new_order_of_the_same_connector_replaces_the_old(house: House, order: Order) -> None:
    newer = await house.orders.place(ANNA, [WHATSAPP, LINE], 3)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REPLACED
    assert newer.state is OrderState.AWAITING


async def test_money_with_our_mark_but_no_row_waits_in_suspense(
    house: House, fake: FakeGateway, database: Database
) -> None:
    reply = await house.callbacks.receive("fake", fake.pay("nobodysreference", Money(99000, "RUB")))
    assert reply.result == Outcome.SUSPENSE
    assert await notices(database) == ["money_suspense"]


async def test_foreign_money_is_noted_and_not_booked(house: House, fake: FakeGateway, count: Count) -> None:
    reply = await house.callbacks.receive("fake", fake.foreign(Money(99000, "RUB")))
    assert (reply.status, reply.result) == (200, Outcome.FOREIGN)
    assert (await count(events), await count(transfers)) == (1, 0)


async def test_a_test_payment_is_not_money(
    house: House, database: Database, fake: FakeGateway, order: Order, count: Count
) -> None:
    callback = fake.pay(await begun(house, database, order), test=True)
    assert (await house.callbacks.receive("fake", callback)).result == Outcome.TEST
    assert await count(transfers) == 0


async def test_a_second_movement_for_a_paid_payment_goes_to_review(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    second = await house.callbacks.receive("fake", fake.pay(reference, movement="another"))
    assert second.result == Outcome.REVIEW
    assert await balance(database) == Money(0, "RUB")


async def test_another_currency_is_credited_in_that_currency(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, order), Money(5, "USD")))
    assert await balance(database, "USD") == Money(5, "USD")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING


async def test_a_refund_made_elsewhere_after_the_money_was_used_is_a_debt(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    taken = fake.refund_by_hand(reference, price_of(order))
    for _ in range(2):
        await house.callbacks.receive("fake", taken)
    price = price_of(order)
    assert await balance(database) == -price


async def test_the_next_payment_covers_a_debt_first(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    await house.callbacks.receive("fake", fake.refund_by_hand(reference, price_of(order)))
    second = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, second)))
    assert (await house.orders.get(ANNA, second.id)).state is OrderState.AWAITING
    assert await balance(database) == Money(0, "RUB")


async def test_success_after_a_refusal_still_counts(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.refuse(reference))
    link = await house.payments.history(ANNA)
    assert link.items[0].state is PaymentState.REFUSED
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_a_forged_callback_changes_nothing(
    house: House, database: Database, fake: FakeGateway, order: Order, count: Count
) -> None:
    genuine = fake.pay(await begun(house, database, order))
    forged = type(genuine)(genuine.body, {**genuine.headers, "x-signature": "0" * 64})
    assert (await house.callbacks.receive("fake", forged)).status == 403
    assert await count(events) == 0


async def test_a_lost_callback_is_made_good_by_asking(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    link = await house.payments.start(ANNA, order.id, "fake")
    payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    fake.pay(payment.reference)
    report = await house.payments.check(ANNA, link.payment_id)
    assert report.standing is Standing.DONE


def _today() -> date:
    return periods.today(ZoneInfo("Europe/Moscow"))


async def test_what_is_told_of_a_payment_is_what_came_and_what_a_debt_left_missing(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    await house.callbacks.receive("fake", fake.refund_by_hand(reference, price_of(order)))
    second = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, second.id, "fake")
    short = price_of(order) - Money(10000, "RUB")
    await house.callbacks.receive("fake", fake.pay(await reference_of(database, link.payment_id), short))
    told = await database.read(
        lambda tx: tx.connection.execute(select(outbox.c.payload).order_by(outbox.c.id)).scalars().all()
    )
    assert told[-1]["missing"] == {"minor": price_of(order).minor, "currency": "RUB"}
    report = await house.payments.details(ANNA, link.payment_id)
    assert (report.standing, report.amount, report.missing) == (Standing.SHORT, short, price_of(order))
    view = await house.links.open_link(link.url.rsplit("/", 1)[1])
    assert view.amount == short
