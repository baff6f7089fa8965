"""Promo codes: what they take off, and that nobody has more of them than the seller gives."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.promos import Promo, discounted
from bot.domain.states import OrderState
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import orders
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP
from tests.services.money import balance, begun, notices, paid_until, price_of

TODAY = periods.now().date()
CODES = (
    Promo("TENTH", percent=10),
    Promo("FREE", percent=100),
    Promo("HUNDRED", sums=(Money(10_000, "RUB"),), tariffs=("whatsapp",)),
    Promo("ONE", percent=5, most=1),
    Promo("OLD", percent=5, until=TODAY - timedelta(days=2)),
    Promo("SOON", percent=5, since=TODAY + timedelta(days=2)),
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    from pathlib import Path

    return replace(
        read_catalogue(Path("catalog.example.toml")), promos={promo.code: promo for promo in CODES}
    )


async def test_a_percentage_rounds_down_and_the_full_price_is_kept(house: House) -> None:
    plain = await house.orders.place(ANNA, [WHATSAPP], 1)
    cheaper = await house.orders.place(ANNA, [WHATSAPP], 1, promo=" tenth ")
    off = price_of(plain).minor * 10 // 100
    assert price_of(cheaper) == price_of(plain) - Money(off, "RUB")
    assert cheaper.full_price("RUB") == price_of(plain)
    assert sum(line.prices[0].minor for line in cheaper.lines) == price_of(cheaper).minor


async def test_it_is_held_used_and_never_used_again(
    house: House, database: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1, promo="TENTH")
    with pytest.raises(CustomerError, match="promo_gone"):
        await house.orders.place(ANNA, [LINE], 1, promo="TENTH")
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, order)))
    with pytest.raises(CustomerError, match="promo_used"):
        await house.orders.place(ANNA, [WHATSAPP], 1, promo="TENTH")


async def test_an_order_that_dies_lets_its_code_go(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1, promo="ONE")
    with pytest.raises(CustomerError, match="promo_gone"):
        await house.promos.save(BOB, "ONE")
    await house.orders.cancel(ANNA, order.id)
    assert (await house.promos.save(BOB, "ONE")).code == "ONE"


async def test_an_expired_order_that_is_paid_late_keeps_its_price(
    house: House, database: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1, promo="ONE")
    reference = await begun(house, database, order)
    past = orders.update().values(expires_at=periods.now() - timedelta(days=1))
    await database.write(lambda tx: tx.connection.execute(past) and None)
    assert await house.orders.expire() == 1
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    with pytest.raises(CustomerError, match="promo_used"):
        await house.promos.save(ANNA, "ONE")


async def expired(house: House, database: Database, order: Order) -> None:
    past = orders.update().where(orders.c.id == order.id).values(expires_at=periods.now() - timedelta(days=1))
    await database.write(lambda tx: tx.connection.execute(past) and None)
    assert await house.orders.expire() == 1


async def test_an_expired_order_is_replaced_by_the_one_that_takes_its_code(
    house: House, database: Database, fake: FakeGateway
) -> None:
    """Else one code would make as many orders cheaper as a patient customer lets run out."""
    first = await house.orders.place(ANNA, [WHATSAPP], 1, promo="TENTH")
    reference = await begun(house, database, first)
    await expired(house, database, first)
    second = await house.orders.place(ANNA, [LINE], 1, promo="TENTH")
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, second)))
    assert (await house.orders.get(ANNA, first.id)).state is OrderState.REPLACED
    await house.callbacks.receive("fake", fake.pay(reference))
    assert await paid_until(database, WHATSAPP) is None
    assert await balance(database) == price_of(first)


async def test_an_expired_order_with_a_code_begins_no_new_payment(house: House, database: Database) -> None:
    """Its code is free for others by then: what was begun before is late, what begins now is not."""
    order = await house.orders.place(ANNA, [WHATSAPP], 1, promo="ONE")
    reference = await begun(house, database, order)
    await expired(house, database, order)
    with pytest.raises(CustomerError, match="order_not_open"):
        await house.payments.start(ANNA, order.id, "fake")
    price = price_of(order)
    refusal = await house.checkouts.why_not(reference, price.currency, price.minor, ANNA)
    assert refusal is not None
    assert refusal.code == "order_not_open"


async def test_the_last_one_goes_to_whoever_is_first(house: House, database: Database) -> None:
    from bot.domain.customers import Connector

    def give_bob(tx: object) -> None:
        from bot.storage.tx import Tx

        assert isinstance(tx, Tx)
        tx.connectors.add(
            Connector("wa-b", "whatsapp", "Bob", "whatsapp", tx.customers.person(BOB), None, None)
        )

    await database.write(give_bob)
    ended = await asyncio.gather(
        house.orders.place(ANNA, [WHATSAPP], 1, promo="ONE"),
        house.orders.place(BOB, ["wa-b"], 1, promo="ONE"),
        return_exceptions=True,
    )
    assert sum(isinstance(end, CustomerError) for end in ended) == 1


async def test_a_free_order_is_settled_without_a_payment(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1, promo="FREE")
    summary = await house.orders.summary(ANNA, order.id, "fake")
    assert (summary.to_pay, summary.balance_offered) == (Money(0, "RUB"), False)
    with pytest.raises(CustomerError, match="nothing_to_pay"):
        await house.payments.start(ANNA, order.id, "fake")
    assert (await house.orders.settle(ANNA, order.id, "RUB")).state is OrderState.FULFILLED
    assert await notices(database) == ["paid", "paid_new"]


async def test_a_saved_code_is_used_by_the_next_order_that_it_is_for(house: House) -> None:
    await house.promos.save(ANNA, "hundred")
    assert await house.promos.saved(ANNA) == "HUNDRED"
    line = await house.orders.place(ANNA, [LINE], 1)
    assert line.promo_code == "", "it is for another tariff"
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    assert order.promo_code == "HUNDRED"
    assert price_of(order) == Money(89_000, "RUB")
    assert await house.promos.saved(ANNA) == ""


async def test_a_code_of_an_order_given_up_waits_for_the_next_one_unless_it_is_not_wanted(
    house: House,
) -> None:
    await house.promos.save(ANNA, "TENTH")
    assert (await house.orders.place(ANNA, [WHATSAPP], 1)).promo_code == "TENTH"
    assert (await house.orders.place(ANNA, [WHATSAPP], 3)).promo_code == "TENTH"
    assert (await house.orders.place(ANNA, [WHATSAPP], 3, promo=None)).promo_code == ""
    assert (await house.orders.place(ANNA, [WHATSAPP], 1)).promo_code == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "promo_unknown"),
        ("nope", "promo_unknown"),
        ("old", "promo_over"),
        ("Soon", "promo_not_yet"),
        ("x" * 5000, "promo_unknown"),
    ],
)
async def test_what_is_no_good_is_told_why(house: House, text: str, code: str) -> None:
    with pytest.raises(CustomerError, match=code):
        await house.promos.save(ANNA, text)


async def test_a_code_that_takes_nothing_off_is_refused(house: House) -> None:
    with pytest.raises(CustomerError, match="promo_not_for_this"):
        await house.orders.place(ANNA, [LINE], 1, promo="HUNDRED")


def test_a_sum_is_taken_once_for_the_whole_order_and_never_below_nothing() -> None:
    promo = Promo("P", sums=(Money(700, "RUB"),))
    lines = [
        OrderLine(name, name, "t", 1, (Money(minor, "RUB"), Money(5, "BYN")))
        for name, minor in (("a", 500), ("b", 300))
    ]
    after = discounted(promo, lines)
    assert [line.prices for line in after] == [
        (Money(0, "RUB"), Money(5, "BYN")),
        (Money(100, "RUB"), Money(5, "BYN")),
    ]


def test_dates_are_whole_days() -> None:
    promo = Promo("P", percent=5, since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert not promo.begins_after(date(2026, 11, 1))
    assert not promo.ended_before(date(2026, 11, 30))
    assert promo.ended_before(date(2026, 12, 1))
