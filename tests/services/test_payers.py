"""A customer's other payers: their balances, their codes, and what each of them pays for."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.domain.errors import CustomerError, NotYours
from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.states import OrderState
from bot.domain.webhooks import SELLER
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import webhooks
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP
from tests.services.money import price_of, reference_of


@pytest.fixture
async def firm(house: House) -> int:
    return (await house.balance.add_payer(ANNA, "OOO Romashka")).id


async def person(house: House) -> int:
    return (await house.balance.payers(ANNA))[0].id


async def test_a_new_payer_has_the_customers_currencies_and_never_stars(house: House, firm: int) -> None:
    accounts = await house.balance.accounts(ANNA)
    mine = [each.balance for each in accounts if each.payer.id == firm]
    assert mine == [Money(0, code) for code in ("RUB", "BYN", "KGS")]


async def test_payer_of_somebody_without_connectors_has_what_is_sold(house: House) -> None:
    assert await house.balance.accounts(BOB) == []
    await house.balance.add_payer(BOB, "Bob and sons")
    found = {each.balance.currency for each in await house.balance.accounts(BOB)}
    assert found == {"RUB", "BYN", "KGS"}


async def test_a_new_payer_is_topped_up_and_has_a_code_of_his_own(
    house: House, database: Database, fake: FakeGateway, firm: int
) -> None:
    link = await house.payments.start_top_up(ANNA, firm, "fake", Money(50_000, "KGS"))
    await house.callbacks.receive("fake", fake.pay(await reference_of(database, link.payment_id)))
    balances = {
        (each.payer.id, each.balance.currency): each.balance.minor
        for each in await house.balance.accounts(ANNA)
    }
    assert balances[firm, "KGS"] == 50_000
    assert balances[await person(house), "KGS"] == 0
    assert await house.codes.code(ANNA, firm) != await house.codes.code(ANNA, await person(house))


async def test_a_connector_is_paid_for_by_the_chosen_payer(
    house: House, database: Database, firm: int
) -> None:
    before = await house.connectors.get(ANNA, LINE)
    after = await house.connectors.choose_payer(ANNA, LINE, firm)
    assert (after.payer_id, after.sequence) == (firm, before.sequence + 1)
    assert await house.connectors.choose_payer(ANNA, LINE, firm) == after, "nothing changes twice"
    order = await house.orders.place(ANNA, [LINE], 1)
    assert order.payer_id == firm
    paid = Paid("fake", "7", "", price_of(order), "7", account=await house.codes.code(ANNA, firm))
    await house.settlement.take(paid)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_payers_who_differ_leave_the_order_to_the_person(house: House, firm: int) -> None:
    await house.connectors.choose_payer(ANNA, LINE, firm)
    assert (await house.orders.place(ANNA, [LINE, WHATSAPP], 1)).payer_id == await person(house)
    await house.connectors.choose_payer(ANNA, WHATSAPP, firm)
    assert (await house.orders.place(ANNA, [LINE, WHATSAPP], 1)).payer_id == firm


async def test_the_payer_of_an_order_may_be_named_and_is_the_customers_own(house: House, firm: int) -> None:
    assert (await house.orders.place(ANNA, [LINE], 1, payer_id=firm)).payer_id == firm
    bobs = (await house.balance.payers(BOB))[0].id
    with pytest.raises(NotYours):
        await house.orders.place(ANNA, [LINE], 1, payer_id=bobs)


async def test_somebody_elses_payer_never_pays(house: House, firm: int) -> None:
    await house.connectors.choose_payer(ANNA, LINE, firm)
    token = (await house.connector_links.to_pay(LINE)).rpartition("_")[2]
    order = await house.orders.place(BOB, [LINE], 1, link=token)
    assert order.payer_id == (await house.balance.payers(BOB))[0].id


async def test_nobody_gives_a_connector_away_or_takes_one(house: House, firm: int) -> None:
    bobs = (await house.balance.payers(BOB))[0].id
    with pytest.raises(NotYours):
        await house.connectors.choose_payer(ANNA, LINE, bobs)
    with pytest.raises(NotYours):
        await house.connectors.choose_payer(BOB, LINE, bobs)


async def test_a_choice_and_an_unlinking_at_once_leave_one_of_them(
    house: House, database: Database, firm: int
) -> None:
    ended = await asyncio.gather(
        house.connectors.choose_payer(ANNA, LINE, firm),
        house.connector_links.detach(ANNA, LINE),
        return_exceptions=True,
    )
    assert [type(end) for end in ended if isinstance(end, Exception)] in ([], [NotYours])
    found = await database.read(lambda tx: tx.connectors.get(LINE))
    assert found is not None
    assert found.payer_id in (firm, None)


async def test_the_seller_hears_of_it(house: House, database: Database, firm: int) -> None:
    database.listeners.add(SELLER)
    await house.connectors.choose_payer(ANNA, LINE, firm)
    kinds = select(webhooks.c.kind)
    assert await database.read(lambda tx: list(tx.connection.scalars(kinds))) == ["connector.changed"]


async def test_titles_are_asked_for_and_payers_have_an_end(house: House) -> None:
    for number in range(19):
        await house.balance.add_payer(ANNA, f"Firm {number}")
    with pytest.raises(CustomerError, match="too_many_payers"):
        await house.balance.add_payer(ANNA, "One more")
