"""The balance: paid in, used by a tick or by a tap, and told as it is."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.domain import periods
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.states import OrderState, TransferReason
from bot.services.balance import Due, enough_until
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP
from tests.services.money import balance, begun, notices, price_of, reference_of


async def top_up(house: House, database: Database, fake: FakeGateway, minor: int) -> int:
    payer = (await house.balance.payers(ANNA))[0]
    link = await house.payments.start_top_up(ANNA, payer.id, "fake", Money(minor, "RUB"))
    await house.callbacks.receive("fake", fake.pay(await reference_of(database, link.payment_id)))
    return link.payment_id


async def test_a_top_up_rests_on_the_balance_and_says_what_it_can_pay(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await house.orders.place(ANNA, [LINE], 1)
    await top_up(house, database, fake, 100_000)
    assert await balance(database) == Money(100_000, "RUB")
    assert await notices(database) == ["topped_up", "topped_up"]


@pytest.mark.parametrize(
    ("minor", "code"), [(999, "sum_too_small"), (0, "sum_too_small"), (10_000_001, "sum_too_large")]
)
async def test_the_catalogue_limits_a_top_up(house: House, minor: int, code: str) -> None:
    payer = (await house.balance.payers(ANNA))[0]
    with pytest.raises(CustomerError, match=code):
        await house.payments.start_top_up(ANNA, payer.id, "fake", Money(minor, "RUB"))


async def test_nobody_pays_onto_anothers_balance(house: House) -> None:
    payer = (await house.balance.payers(ANNA))[0]
    with pytest.raises(NotYours):
        await house.payments.start_top_up(BOB, payer.id, "fake", Money(5000, "RUB"))


async def test_two_taps_find_one_top_up_and_another_sum_is_another(house: House) -> None:
    payer = (await house.balance.payers(ANNA))[0]
    start = house.payments.start_top_up
    first, second = await asyncio.gather(
        *(start(ANNA, payer.id, "fake", Money(5000, "RUB")) for _ in range(2))
    )
    other = await start(ANNA, payer.id, "fake", Money(6000, "RUB"))
    assert first.payment_id == second.payment_id != other.payment_id


async def test_a_top_up_whose_page_is_over_is_renewed_behind_its_link(
    house: House, fake: FakeGateway
) -> None:
    fake.link_lives = timedelta(seconds=-1)
    payer = (await house.balance.payers(ANNA))[0]
    link = await house.payments.start_top_up(ANNA, payer.id, "fake", Money(5000, "RUB"))
    fake.link_lives = timedelta(hours=1)
    view = await house.links.renew_link(link.url.rpartition("/")[2])
    assert view.payment.id != link.payment_id
    assert view.url


async def test_the_balance_pays_an_order_by_a_tap(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 100_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    settled = await house.orders.settle(ANNA, order.id, "RUB")
    assert settled.state is OrderState.FULFILLED
    assert await balance(database) == Money(100_000, "RUB") - price_of(order)
    assert (await notices(database))[2:] == ["paid", "paid_new"]
    again = await house.orders.settle(ANNA, order.id, "RUB")
    assert again.state is OrderState.FULFILLED, "a second tap finds it paid"
    assert (await notices(database))[4:] == []


async def test_what_the_balance_paid_for_can_be_had_again(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 100_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.orders.settle(ANNA, order.id, "RUB")
    again = await house.orders.again(ANNA)
    assert again is not None
    assert (again.connector_ids, again.method) == ((WHATSAPP,), "")


async def test_the_use_of_roubles_paid_in_advance_gets_its_receipt(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 100_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.orders.settle(ANNA, order.id, "RUB")
    fake.day = Day.LOST
    assert await house.offset_receipts.issue_due() == 1
    assert [offset.amount for offset in fake.offsets] == [price_of(order)]
    assert await house.offset_receipts.issue_due() == 0, "it is tried again later"


async def test_two_taps_at_once_settle_once(house: House, database: Database, fake: FakeGateway) -> None:
    await top_up(house, database, fake, 300_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    ended = await asyncio.gather(*(house.orders.settle(ANNA, order.id, "RUB") for _ in range(3)))
    assert {end.state for end in ended} == {OrderState.FULFILLED}
    assert await balance(database) == Money(300_000, "RUB") - price_of(order)


async def test_too_little_is_not_enough(house: House, database: Database, fake: FakeGateway) -> None:
    await top_up(house, database, fake, 10_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    with pytest.raises(CustomerError, match="balance_too_low"):
        await house.orders.settle(ANNA, order.id, "RUB")


async def test_a_tick_lets_the_balance_help_and_only_the_rest_is_asked_for(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 30_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    summary = await house.orders.summary(ANNA, order.id, "fake")
    assert (summary.balance_offered, summary.uses_balance, summary.to_pay) == (True, False, price_of(order))
    await house.orders.use_balance(ANNA, order.id, True)
    summary = await house.orders.summary(ANNA, order.id, "fake")
    assert summary.to_pay == price_of(order) - Money(30_000, "RUB")
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await balance(database) == Money(0, "RUB")


async def test_without_the_tick_other_money_does_not_help(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 30_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference, price_of(order) - Money(30_000, "RUB")))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING


async def test_a_tick_after_the_link_was_made_gives_another_link(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 30_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    full = await house.payments.start(ANNA, order.id, "fake")
    await house.orders.use_balance(ANNA, order.id, True)
    rest = await house.payments.start(ANNA, order.id, "fake")
    assert rest.payment_id != full.payment_id
    assert rest.amount == full.amount - Money(30_000, "RUB")


async def test_the_card_and_the_statement_tell_what_happened(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 200_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.orders.settle(ANNA, order.id, "RUB")
    payer = (await house.balance.payers(ANNA))[0]
    card = await house.balance.card(ANNA, payer.id, "RUB")
    assert card.balance == Money(200_000, "RUB") - price_of(order)
    assert card.charged == price_of(order)
    assert card.due is not None
    assert card.due.title == "Line 5", "it never ran, so it comes first"
    page = await house.balance.history(ANNA, payer.id, "RUB")
    assert [(line.kind, line.amount) for line in page.items] == [
        (TransferReason.SETTLED, -price_of(order)),
        (TransferReason.PAID, Money(200_000, "RUB")),
    ]
    assert page.items[0].titles == ("WhatsApp +7 999",)
    assert page.items[1].method == "fake"
    with pytest.raises(NotYours):
        await house.balance.card(BOB, payer.id, "RUB")


async def test_another_payer_has_balances_of_his_own(house: House) -> None:
    firm = await house.balance.add_payer(ANNA, "  OOO  Romashka ")
    assert firm.title == "OOO Romashka"
    accounts = await house.balance.accounts(ANNA)
    assert {account.payer.id for account in accounts} >= {(await house.balance.payers(ANNA))[0].id}
    with pytest.raises(CustomerError, match="title_missing"):
        await house.balance.add_payer(ANNA, "   ")


@pytest.mark.parametrize(
    ("minor", "until"),
    [(0, date(2026, 11, 25)), (99, date(2026, 11, 25)), (100, date(2026, 12, 10)), (350, date(2026, 12, 25))],
)
def test_how_long_a_balance_lasts(minor: int, until: date) -> None:
    dues = [
        Due("a", date(2026, 11, 25), Money(100, "RUB")),
        Due("b", date(2026, 12, 10), Money(250, "RUB")),
    ]
    assert enough_until(Money(minor, "RUB"), dues, date(2026, 11, 22)) == until


def test_a_balance_without_anything_to_renew_lasts_for_no_date() -> None:
    assert enough_until(Money(100, "RUB"), [], periods.now().date()) is None
