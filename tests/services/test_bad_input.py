"""Bad input that concerns money, at the level of services, on both databases."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError, NotYours
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.services.callbacks import Reply
from bot.services.house import House
from bot.services.imports import ImportService
from bot.services.settlement import Outcome
from bot.storage.database import Database
from bot.storage.tables import events, extensions, orders, payments, transfers
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, OWNER, WHATSAPP, Count
from tests.services.money import balance, begun, notices, paid_until, price_of


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


async def test_a_refund_told_before_its_payment_leaves_nothing_to_use(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    paid = fake.pay(reference)
    await house.callbacks.receive("fake", fake.refund_by_hand(reference, price_of(order)))
    await house.callbacks.receive("fake", paid)
    assert await balance(database) == Money(0, "RUB")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING
    assert await paid_until(database, WHATSAPP) is None


async def test_a_refusal_told_after_the_money_came_takes_nothing_away(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    before = await notices(database)
    reply = await house.callbacks.receive("fake", fake.refuse(reference))
    assert (reply.status, reply.result) == (200, Outcome.REPEATED)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await notices(database) == before, "nobody is told that it was refused"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"payment": 1}', b"\x00" * 64]
)
async def test_junk_is_refused_and_leaves_no_trace(
    house: House, fake: FakeGateway, hinting: FakeGateway, count: Count, body: bytes
) -> None:
    for provider in ("fake", "hinting"):
        assert (await house.callbacks.receive(provider, Callback(body))).status == 403
    assert (await count(events), hinting.calls) == (0, [])


async def test_another_shops_callback_is_refused(
    house: House, database: Database, fake: FakeGateway, order: Order, count: Count
) -> None:
    reference = await begun(house, database, order)
    fake.pay(reference)
    told = fake.sales[f"fake-{reference}"].told
    assert told is not None
    assert (await house.callbacks.receive("fake", fake.callback(told, shop="another"))).status == 403
    assert await count(events) == 0


async def test_nobody_reaches_what_is_another_customers(
    house: House, database: Database, fake: FakeGateway, order: Order, count: Count
) -> None:
    link = await house.payments.start(ANNA, order.id, "fake")
    fake.calls.clear()
    for attempt in (
        house.orders.get(BOB, order.id),
        house.orders.cancel(BOB, order.id),
        house.orders.place(BOB, [WHATSAPP], 1),
        house.orders.periods(BOB, [LINE]),
        house.connectors.get(BOB, WHATSAPP),
        house.payments.methods(BOB, order.id),
        house.payments.start(BOB, order.id, "fake"),
        house.payments.check(BOB, link.payment_id),
        house.payments.details(BOB, link.payment_id),
        house.complaints.complain(BOB, payment_id=link.payment_id, day=date(2026, 11, 20), amount="1"),
    ):
        with pytest.raises(NotYours):
            await attempt
    assert (await house.payments.history(BOB)).total == 0
    assert (await count(payments), fake.calls) == (1, [])
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING


async def test_many_taps_at_once_begin_one_payment_with_one_call(
    house: House, fake: FakeGateway, order: Order, count: Count
) -> None:
    fake.delay = 0.02
    links = await asyncio.gather(*(house.payments.start(ANNA, order.id, "fake") for _ in range(10)))
    assert len(set(links)) == 1
    assert (await count(payments), fake.calls) == (1, ["create_link"])


async def test_many_orders_of_one_line_at_once_leave_one_open(house: House, count: Count) -> None:
    await asyncio.gather(*(house.orders.place(ANNA, [WHATSAPP, LINE], 1) for _ in range(8)))
    assert await count(orders, orders.c.state == OrderState.AWAITING.value) == 1
    assert await count(orders, orders.c.state == OrderState.REPLACED.value) == 7


async def test_two_payments_of_one_order_at_once_extend_it_once(
    house: House, database: Database, fake: FakeGateway, hinting: FakeGateway, order: Order, count: Count
) -> None:
    one, two = await begun(house, database, order), await begun(house, database, order, "hinting")
    await asyncio.gather(
        house.callbacks.receive("fake", fake.pay(one)),
        house.callbacks.receive("hinting", hinting.pay(two)),
    )
    assert await count(extensions) == 1
    assert await count(transfers, transfers.c.reason == "settled") == 1
    assert await balance(database) == price_of(order)


async def test_a_cancel_and_the_money_at_once_agree_about_who_was_first(
    house: House, database: Database, fake: FakeGateway
) -> None:
    for _ in range(5):
        order = await house.orders.place(ANNA, [LINE], 1)
        paid = fake.pay(await begun(house, database, order))
        before = await balance(database)
        told, _ = await asyncio.gather(
            house.callbacks.receive("fake", paid), house.orders.cancel(ANNA, order.id), return_exceptions=True
        )
        assert isinstance(told, Reply) and told.result == "booked", told
        state = (await house.orders.get(ANNA, order.id)).state
        rests = await balance(database) - before
        assert (state, rests) in [
            (OrderState.FULFILLED, Money(0, "RUB")),
            (OrderState.CANCELLED, price_of(order)),
        ]


async def test_dates_that_are_set_while_a_line_is_paid_for_leave_their_trace(
    house: House, database: Database, catalogue: Catalogue, fake: FakeGateway, tmp_path: Path
) -> None:
    """The house proves at the end that every date is where its last extension ended."""
    file = tmp_path / "lines.csv"
    imports = ImportService(database, catalogue, "en")
    for month in range(1, 6):
        file.write_text(
            "id,kind,title,tariff,paid_until,telegram_id,phone,email\n"
            f"{WHATSAPP},whatsapp,W,whatsapp,2030-{month:02}-01,,,\n{LINE},line,L,line,2030-{month:02}-02,,,\n"
        )
        order = await house.orders.place(ANNA, [WHATSAPP, LINE], 1)
        paid = fake.pay(await begun(house, database, order))
        reply, report = await asyncio.gather(
            house.callbacks.receive("fake", paid), imports.connectors(file, set_dates=True)
        )
        assert (reply.result, report.updated) == ("booked", 2)


async def test_a_whole_payment_leaves_nothing_secret_in_the_log(
    house: House, database: Database, fake: FakeGateway, hinting: FakeGateway, order: Order
) -> None:
    await house.customers.set_email(ANNA, "anna@example.org")
    with capture_logs() as said:
        link = await house.payments.start(ANNA, order.id, "fake")
        payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
        assert payment is not None
        genuine = fake.pay(payment.reference)
        await house.callbacks.receive("fake", Callback(genuine.body, {"x-signature": "0" * 64}))
        await house.callbacks.receive("fake", genuine)
        await house.callbacks.receive("hinting", hinting.foreign(Money(100, "RUB")))
        await house.links.result(link.url.rsplit("/", 1)[1])
        with pytest.raises(NotYours):
            await house.links.open_link("f" * 40)
    assert said, "else this test proves nothing"
    secrets = (
        payment.reference,
        link.url.rsplit("/", 1)[1],
        "anna@example.org",
        "Anna",
        "2987",
        "bank.example",
    )
    assert [secret for secret in secrets if secret in str(said)] == []
    assert periods.now() > payment.created_at


async def test_the_price_that_is_offered_is_the_price_that_is_asked(
    house: House, order: Order, catalogue: Catalogue
) -> None:
    """On either database; PostgreSQL sorts what it is not told to keep in order."""
    period = catalogue.tariffs["whatsapp"].period(1)
    assert period is not None and order.prices == period.prices
    for offer in await house.payments.methods(ANNA, order.id):
        assert (await house.payments.start(ANNA, order.id, offer.name)).amount == offer.price


async def test_two_movements_for_one_payment_at_once_are_credited_once(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    one, two = fake.pay(reference, movement="one"), fake.pay(reference, movement="two")
    replies = await asyncio.gather(*(house.callbacks.receive("fake", each) for each in (one, two)))
    assert sorted(reply.result for reply in replies) == [Outcome.BOOKED, Outcome.REVIEW]
    assert await balance(database) == Money(0, "RUB")


async def test_refunds_at_once_send_back_no_more_than_came(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    part = Money(price_of(order).minor * 2 // 3, "RUB")
    tries = (house.refunds.refund(payment.id, part, who=OWNER, reason="") for _ in range(4))
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert len([each for each in ended if isinstance(each, CustomerError)]) == 3
    assert len(fake.sales[f"fake-{reference}"].refunds) == 1


async def test_a_late_refusal_does_not_ask_to_pay_again_for_what_is_paid(
    house: House, database: Database, fake: FakeGateway, hinting: FakeGateway, order: Order
) -> None:
    refused, paid = await begun(house, database, order), await begun(house, database, order, "hinting")
    await house.callbacks.receive("hinting", hinting.pay(paid))
    await house.callbacks.receive("fake", fake.refuse(refused))
    assert "refused" not in await notices(database)
