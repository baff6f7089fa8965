"""Receipts of payment: whose they are, what they say, and the letter that comes by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import periods
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, OWNER, WHATSAPP
from tests.services.money import begun, notices, price_of
from tests.services.test_balance import top_up


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP, LINE], 1)


async def paid(house: House, database: Database, fake: FakeGateway, order: Order) -> Payment:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    found = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert found is not None
    return found


async def payloads(database: Database, kind: str) -> list[dict[str, Any]]:
    query = select(outbox.c.payload).where(outbox.c.kind == kind).order_by(outbox.c.id)
    return await database.read(lambda tx: list(tx.connection.execute(query).scalars()))


async def test_a_receipt_says_all_that_a_bank_statement_is_compared_with(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    payment = await paid(house, database, fake, order)
    receipt = await house.payment_receipts.receipt(payment.id)
    assert receipt.amount == price_of(order)
    assert receipt.number == payment.provider_payment
    assert receipt.proof == payment.proof
    assert [(line.title, line.months) for line in receipt.lines] == [("Line 5", 1), ("WhatsApp +7 999", 1)]
    assert all(line.until for line in receipt.lines)


async def test_what_went_back_stands_on_the_receipt_and_in_the_period(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    payment = await paid(house, database, fake, order)
    part = Money(10_000, "RUB")
    await house.refunds.refund(payment.id, part, who=OWNER, reason="a part")
    assert (await house.payment_receipts.receipt(payment.id)).refunded == part
    day = periods.now().date()
    found = await house.payment_receipts.period(ANNA, day - timedelta(days=1), day + timedelta(days=1))
    assert [line.amount for line in found.lines] == [price_of(order), -part]
    assert (found.paid, found.refunded) == ([price_of(order)], [-part])
    assert found.totals == [price_of(order) - part]


async def test_a_top_up_and_what_the_balance_pays_have_receipts_of_their_own(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    payment_id = await top_up(house, database, fake, 500_000)
    assert (await house.payment_receipts.receipt(payment_id)).lines == ()
    with pytest.raises(CustomerError, match="not_paid_yet"):
        await house.payment_receipts.send_of_order(ANNA, order.id)
    await house.orders.settle(ANNA, order.id, "RUB")
    receipt = await house.payment_receipts.of_order(order.id)
    assert (receipt.method, receipt.amount, len(receipt.lines)) == ("balance", price_of(order), 2)
    day = periods.now().date()
    found = await house.payment_receipts.period(ANNA, day - timedelta(days=1), day + timedelta(days=1))
    assert [line.amount for line in found.lines] == [Money(500_000, "RUB")], "used money is counted once"


async def test_nobody_gets_anothers_receipt_nor_one_of_what_was_not_paid(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    unpaid = (await house.payments.start(ANNA, order.id, "fake")).payment_id
    with pytest.raises(CustomerError, match="not_paid_yet"):
        await house.payment_receipts.send(ANNA, unpaid)
    payment = await paid(house, database, fake, order)
    with pytest.raises(NotYours):
        await house.payment_receipts.send(BOB, payment.id)
    with pytest.raises(NotYours):
        await house.payment_receipts.send_of_order(BOB, order.id)
    assert "documents" not in await notices(database)
    await house.payment_receipts.send(ANNA, payment.id)
    files = [{"kind": "receipt", "subject": {"payment_id": payment.id}}]
    assert await payloads(database, "documents") == [{"files": files}]


async def test_what_the_balance_pays_has_a_letter_of_its_own(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    await top_up(house, database, fake, 500_000)
    database.listeners.add("mail")
    await house.customers.set_email(ANNA, "anna@example.org")
    await house.orders.settle(ANNA, order.id, "RUB")
    await house.orders.settle(ANNA, order.id, "RUB")
    (letter,) = await payloads(database, "receipt")
    assert (letter["order_id"], letter["method"]) == (order.id, "balance")
    assert "payment_id" not in letter and "merchant" not in letter


async def test_a_letter_comes_by_itself_where_there_is_an_address_and_mail(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    await top_up(house, database, fake, 100_000)
    database.listeners.add("mail")
    await top_up(house, database, fake, 200_000)
    assert "receipt" not in await notices(database), "no address is known"
    await house.customers.set_email(ANNA, "anna@example.org")
    payment = await paid(house, database, fake, order)
    (letter,) = await payloads(database, "receipt")
    assert letter["payment_id"] == payment.id
    assert letter["merchant"] == "KANAL PLUS"
    assert letter["titles"] == ["Line 5", "WhatsApp +7 999"]


async def test_a_period_goes_to_any_address_that_is_one(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    database.listeners.add("mail")
    await paid(house, database, fake, order)
    day = periods.now().date()
    days = (day - timedelta(days=1), day + timedelta(days=1))
    with pytest.raises(CustomerError, match="bad_email"):
        await house.payment_receipts.mail_period(ANNA, "бухгалтер@", *days)
    assert (await house.payment_receipts.mail_period(BOB, "bob@example.org", *days)).lines == ()
    await house.payment_receipts.mail_period(ANNA, "books@example.org", *days)
    (letter,) = await payloads(database, "receipts")
    assert (letter["count"], letter["subject"]["customer_id"]) == (1, ANNA)
