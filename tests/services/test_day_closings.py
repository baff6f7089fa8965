"""A day's books against a provider's list: equal, or every movement in which they differ."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import update

from bot.domain.day_closing import DayState, ProviderDay, Says
from bot.domain.errors import CustomerError
from bot.domain.events import Paid, Refunded
from bot.domain.money import Money
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import events
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, CASHIER, LINE, OPERATOR, OWNER, WHATSAPP
from tests.services.money import begun

DAY = date(2026, 11, 21)
EVENING = datetime(2026, 11, 21, 18, tzinfo=ZoneInfo("Europe/Moscow"))
PRICE = Money(99_000, "RUB")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


async def pay(house: House, database: Database, fake: FakeGateway, connector: str = WHATSAPP) -> str:
    order = await house.orders.place(ANNA, [connector], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    return reference


async def unheard(house: House, database: Database, fake: FakeGateway) -> str:
    """Paid at the provider, whose callback never came."""
    reference = await begun(house, database, await house.orders.place(ANNA, [LINE], 1))
    fake.pay(reference)
    return reference


async def of_fake(house: House, who: int = CASHIER) -> ProviderDay:
    closing = await house.day_closings.compare(who, DAY)
    return next(each for each in closing.providers if each.provider == "fake")


async def test_a_day_that_is_equal_is_closed_once(
    house: House, database: Database, fake: FakeGateway
) -> None:
    reference = await pay(house, database, fake)
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    await house.refunds.refund(payment.id, Money(9_000, "RUB"), who=OWNER, reason="a part")
    found = await of_fake(house)
    assert (found.state, found.movements) == (DayState.EQUAL, 2)
    assert list(found.ours) == list(found.theirs) == [Money(90_000, "RUB")]
    closings = await asyncio.gather(
        *(house.day_closings.close(who, DAY) for who in (CASHIER, OWNER)), return_exceptions=True
    )
    (refusal,) = [each for each in closings if isinstance(each, CustomerError)]
    closer = (await house.day_closings.get(OWNER, DAY)).closed_by
    assert closer in (CASHIER, OWNER)
    assert (refusal.code, refusal.blanks) == ("done_by", {"who": closer}), "the second hears who was first"


async def test_what_was_never_told_is_found_and_booked(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await pay(house, database, fake)
    reference = await unheard(house, database, fake)
    found = await of_fake(house)
    (missing,) = found.differences
    assert (found.state, missing.says, missing.theirs) == (
        DayState.DIFFERS,
        Says.MISSING_HERE,
        Money(45_000, "RUB"),
    )
    with pytest.raises(CustomerError, match="day_differs"):
        await house.day_closings.close(CASHIER, DAY)
    await house.day_closings.book(CASHIER, missing.id)
    with pytest.raises(CustomerError, match="already_done"):
        await house.day_closings.book(OWNER, missing.id)
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None and payment.state.value == "succeeded"
    assert (await of_fake(house)).state is DayState.EQUAL
    assert (await house.day_closings.close(CASHIER, DAY)).closed_by == CASHIER


async def test_what_only_the_books_have_needs_a_word(
    house: House, database: Database, fake: FakeGateway
) -> None:
    reference = await pay(house, database, fake)
    sale = next(sale for sale in fake.sales.values() if sale.reference == reference)
    del fake.sales[sale.id]
    (missing,) = (await of_fake(house)).differences
    assert (missing.says, missing.ours, missing.theirs) == (Says.MISSING_THERE, PRICE, None)
    with pytest.raises(CustomerError, match="already_done"):
        await house.day_closings.book(CASHIER, missing.id)
    with pytest.raises(CustomerError, match="words_needed"):
        await house.day_closings.accept(CASHIER, missing.id, "  ")
    await house.day_closings.accept(CASHIER, missing.id, "their list is late")
    assert (await house.day_closings.compare(CASHIER, DAY)).open_differences == []
    await house.day_closings.close(CASHIER, DAY)


async def test_other_sums_are_told(house: House, database: Database, fake: FakeGateway) -> None:
    await pay(house, database, fake)
    await database.write(lambda tx: tx.connection.execute(update(events).values(minor=98_000)))
    (other,) = (await of_fake(house)).differences
    await database.write(lambda tx: tx.connection.execute(update(events).values(minor=99_000)))
    assert (other.says, other.ours, other.theirs) == (Says.OTHER_SUM, Money(98_000, "RUB"), PRICE)


async def test_a_movement_around_midnight_is_on_one_day_alone(
    house: House, database: Database, fake: FakeGateway, clock: time_machine.Traveller
) -> None:
    clock.move_to(EVENING.replace(hour=23, minute=59, second=59))
    reference = await begun(house, database, await house.orders.place(ANNA, [WHATSAPP], 1))
    callback = fake.pay(reference)
    clock.shift(timedelta(seconds=5))
    await house.callbacks.receive("fake", callback)
    clock.shift(timedelta(hours=9))
    assert (await of_fake(house)).movements == 1
    after = await house.day_closings.compare(CASHIER, DAY + timedelta(days=1))
    assert [each.movements for each in after.providers if each.provider == "fake"] == [0]


async def test_a_payment_whose_time_is_listed_no_more_is_of_the_day_that_the_books_say(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await pay(house, database, fake)
    (sale,) = fake.sales.values()
    assert isinstance(sale.told, Paid)
    sale.told = replace(sale.told, happened_at=None)
    assert (await of_fake(house)).state is DayState.EQUAL


async def test_what_went_back_through_a_hold_proves_the_payment_that_the_books_have(
    house: House, database: Database, fake: FakeGateway
) -> None:
    """A list may tell of its last movement alone."""
    reference = await pay(house, database, fake)
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    await house.refunds.refund(payment.id, Money(9_000, "RUB"), who=OWNER, reason="a part")
    (sale,) = fake.sales.values()
    ((key, back),) = sale.refunds.items()
    assert isinstance(back, Refunded)
    sale.told, sale.refunds[key] = None, replace(back, of_hold=True, reference=reference)
    found = await of_fake(house)
    assert (found.state, found.movements) == (DayState.EQUAL, 2)


async def test_a_provider_that_is_silent_is_told_and_can_be_passed_over(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await pay(house, database, fake)
    fake.day = Day.DOWN
    found = await of_fake(house)
    assert (found.state, found.why, list(found.ours)) == (DayState.UNKNOWN, "no_answer", [PRICE])
    assert (await house.day_closings.close(CASHIER, DAY)).closed_by == CASHIER


async def test_one_without_a_list_is_asked_payment_by_payment(
    house: House, database: Database, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "lists_movements", False)
    await pay(house, database, fake)
    reference = await unheard(house, database, fake)
    found = await of_fake(house)
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None and payment.state.value == "succeeded", "found out on the way"
    assert found.state is DayState.EQUAL
    assert list(found.theirs) == [Money(144_000, "RUB")]


async def test_other_sales_of_the_shop_are_none_of_the_day(house: House, fake: FakeGateway) -> None:
    await house.callbacks.receive("fake", fake.foreign(PRICE))
    found = await of_fake(house)
    assert (found.state, found.movements) == (DayState.EQUAL, 0)


async def test_networks_and_the_bank_wait_for_their_papers(house: House, database: Database) -> None:
    paid = Paid("terminal:elsom", "77", "", Money(100, "KGS"), happened_at=EVENING)
    for source in ("terminal:elsom", "bank"):
        await house.settlement.take(Paid(source, "77", "0" * 8, paid.amount, happened_at=EVENING))
    closing = await house.day_closings.compare(CASHIER, DAY)
    why = {each.provider: each.why for each in closing.providers}
    assert why["bank"] == "no_statement"
    assert why["terminal:elsom"] in ("switched_off", "no_register")


async def test_it_takes_a_cashier_and_a_day_that_has_begun(house: House) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.day_closings.compare(OPERATOR, DAY)
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.day_closings.close(OPERATOR, DAY)
    with pytest.raises(CustomerError, match="bad_days"):
        await house.day_closings.compare(CASHIER, DAY + timedelta(days=2))


async def test_a_day_that_nobody_has_compared_is_not_closed(house: House) -> None:
    with pytest.raises(CustomerError, match="not_found"):
        await house.day_closings.close(CASHIER, DAY)
