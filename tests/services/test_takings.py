"""The till's report: what crossed the threshold, by day; a day that is over is added up once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import update

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import PaymentState
from bot.domain.takings import Flow, Span
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import payments, report_days
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, LINE, OWNER, STRANGER, VIEWER, WHATSAPP, Count
from tests.services.money import begun, notices, reference_of

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Moscow"))
PRICE = Money(99_000, "RUB")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


async def pay(house: House, database: Database, fake: FakeGateway, connector: str = WHATSAPP) -> int:
    """Buy a month; the payment's number."""
    order = await house.orders.place(ANNA, [connector], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    found = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert found is not None
    return found.id


async def test_what_came_is_told_by_method_tariff_and_day(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await pay(house, database, fake)
    await pay(house, database, fake)
    await pay(house, database, fake, LINE)
    report = await house.takings.report(Span(TODAY - timedelta(days=6), TODAY))
    assert report.currencies == ["RUB"]
    assert [(each.name, each.came.minor, each.movements) for each in report.by_method("RUB")] == [
        ("fake", 243_000, 3)
    ]
    assert [(each.name, each.came.minor) for each in report.by_tariff("RUB")] == [
        ("whatsapp", 198_000),
        ("line", 45_000),
    ]
    days = report.by_day("RUB")
    assert [each.came.minor for each in days] == [0] * 6 + [243_000]


async def test_what_goes_back_is_told_by_itself(house: House, database: Database, fake: FakeGateway) -> None:
    payment = await pay(house, database, fake)
    await house.refunds.refund(payment, Money(9_000, "RUB"), who=OWNER, reason="a part")
    total = (await house.takings.report(Span(TODAY, TODAY))).total("RUB")
    assert (total.came, total.back, total.movements) == (PRICE, Money(9_000, "RUB"), 1)


async def test_a_past_day_is_added_up_once_and_stays(
    house: House, database: Database, fake: FakeGateway, clock: time_machine.Traveller, count: Count
) -> None:
    await pay(house, database, fake)
    span = Span(TODAY, TODAY)
    await house.takings.report(span)
    assert await count(report_days, report_days.c.day == TODAY) == 0, "the day is not over"
    clock.shift(timedelta(hours=12, minutes=30))
    before = await house.takings.report(span)
    assert await count(report_days, report_days.c.day == TODAY) == 0, "a unit may still be writing"
    clock.shift(timedelta(hours=1))
    assert await house.takings.report(span) == before
    assert await count(report_days, report_days.c.day == TODAY) == 1
    await pay(house, database, fake)
    assert await house.takings.report(span) == before, "money of the next day is none of it"
    assert (await house.takings.report(Span(TODAY, TODAY + timedelta(days=1)))).total("RUB").movements == 2


async def test_the_clock_keeps_days_that_are_over(
    house: House, database: Database, fake: FakeGateway, clock: time_machine.Traveller, count: Count
) -> None:
    assert await house.takings.keep_days() == 0
    await pay(house, database, fake)
    assert await house.takings.keep_days() == 0
    clock.shift(timedelta(days=10))
    assert [await house.takings.keep_days() for _time in range(3)] == [7, 3, 0]
    assert await count(report_days) == 10, "a day without money is remembered as well"
    assert (await house.takings.report(Span(TODAY, TODAY))).total("RUB").came == PRICE


async def test_earlier_days_declined_payments_and_debts_stand_beside_it(
    house: House, database: Database, fake: FakeGateway, clock: time_machine.Traveller
) -> None:
    payment = await pay(house, database, fake)
    clock.shift(timedelta(days=1))
    order = await house.orders.place(ANNA, [LINE], 1)
    reference = await begun(house, database, order)
    refused = {"state": PaymentState.REFUSED.value, "refusal": "no_funds"}
    change = update(payments).where(payments.c.reference == reference).values(refused)
    await database.write(lambda tx: tx.connection.execute(change))
    paid = await reference_of(database, payment)
    await house.callbacks.receive("fake", fake.refund_by_hand(paid, PRICE))
    report = await house.takings.report(Span(TODAY + timedelta(days=1), TODAY + timedelta(days=1)))
    assert list(report.earlier) == [PRICE]
    assert [(each.refusal, each.payments) for each in report.declined] == [("no_funds", 1)]
    assert [(each.flow, each.amount) for each in report.takings] == [(Flow.TAKEN_BACK, PRICE)]
    assert list(report.owed) == [PRICE]


@pytest.mark.parametrize(
    "span",
    [
        Span(TODAY, TODAY - timedelta(days=1)),
        Span(TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
        Span(TODAY - timedelta(days=400), TODAY),
    ],
)
async def test_days_that_are_none(house: House, span: Span) -> None:
    with pytest.raises(CustomerError, match="bad_days"):
        await house.takings.report(span)


async def test_a_viewer_may_ask_and_a_stranger_may_not(house: House, database: Database) -> None:
    await house.takings.send(VIEWER, Span(TODAY, TODAY))
    await house.takings.send_table(VIEWER, Span(TODAY, TODAY))
    assert (await notices(database))[-2:] == ["takings", "takings_table"]
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.takings.send(STRANGER, Span(TODAY, TODAY))
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.takings.send_table(STRANGER, Span(TODAY, TODAY))


async def test_the_picture_says_what_was_told_in_words(
    house: House, database: Database, fake: FakeGateway, clock: time_machine.Traveller
) -> None:
    today = Span(TODAY, TODAY)
    await house.takings.send(VIEWER, today)
    await pay(house, database, fake)
    assert (await house.takings.told(today)).currencies == []
    assert (await house.takings.told(Span(TODAY - timedelta(days=1), TODAY))).currencies == ["RUB"]
    clock.shift(timedelta(minutes=2))
    assert (await house.takings.told(today)).total("RUB").came == PRICE
