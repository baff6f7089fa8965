"""Pay links never die, and never take money twice for one thing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.orders import Order
from bot.services.house import House, build_house
from bot.services.links import LinkKind
from bot.services.payments import PayLink
from bot.services.reports import Standing
from bot.storage.database import Database
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, WHATSAPP, surroundings
from tests.services.money import notices, reference_of


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


@pytest.fixture
async def over(house: House, fake: FakeGateway, order: Order) -> PayLink:
    """A link whose page at the provider is over."""
    fake.link_lives = timedelta(minutes=-1)
    link = await house.payments.start(ANNA, order.id, "fake")
    fake.link_lives = timedelta(hours=1)
    return link


def token(link: PayLink) -> str:
    return link.url.rsplit("/", 1)[1]


async def test_a_link_that_is_over_leads_to_the_payment_begun_from_the_chat(
    house: House, over: PayLink, order: Order
) -> None:
    newer = await house.payments.start(ANNA, order.id, "fake")
    assert (await house.links.open_link(token(over))).kind is LinkKind.EXPIRED
    renewed = await house.links.renew_link(token(over))
    assert (renewed.kind, renewed.payment.id) == (LinkKind.LIVE, newer.payment_id)


async def test_the_page_of_a_payment_that_made_way_and_was_paid_says_so(
    house: House, database: Database, fake: FakeGateway, over: PayLink
) -> None:
    await house.links.renew_link(token(over))
    reference = await reference_of(database, over.payment_id)
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.links.result(token(over))).kind is LinkKind.PAID


async def test_checking_a_payment_that_made_way_asks_the_provider(
    house: House, database: Database, fake: FakeGateway, over: PayLink, order: Order
) -> None:
    await house.payments.start(ANNA, order.id, "fake")
    fake.pay(await reference_of(database, over.payment_id))
    assert (await house.payments.check(ANNA, over.payment_id)).standing is Standing.DONE


async def test_a_refused_attempt_is_not_asked_for_again_under_its_old_name(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    fake.day = Day.REFUSES
    with pytest.raises(CustomerError):
        await house.payments.start(ANNA, order.id, "fake")
    fake.day = Day.GOOD
    link = await house.payments.start(ANNA, order.id, "fake")
    first = await database.read(lambda tx: tx.payment_history.newest_of(ANNA, limit=2)[-1])
    assert first.id != link.payment_id, "a provider remembers what it refused, by its key"
    assert first.next_ask_at is not None, "and yet nothing is taken for granted"


async def test_a_payment_that_was_never_created_is_no_news(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    fake.day = Day.SILENT
    with pytest.raises(CustomerError):
        await house.payments.start(ANNA, order.id, "fake")
    fake.day = Day.GOOD
    (payment,) = await database.read(lambda tx: tx.payment_history.newest_of(ANNA, limit=2))
    report = await house.payments.check(ANNA, payment.id)
    assert report.standing is Standing.EXPIRED
    assert await notices(database) == [], "nobody refused anything"


async def test_many_who_renew_a_link_at_once_are_one_call(
    house: House, fake: FakeGateway, over: PayLink
) -> None:
    fake.calls.clear()
    fake.delay = 0.05
    views = await asyncio.gather(*(house.links.renew_link(token(over)) for _ in range(10)))
    assert fake.calls == ["create_link"]
    assert len({view.payment.id for view in views}) == 1


async def test_a_link_of_a_provider_that_is_switched_off_says_so(
    database: Database, catalogue: Catalogue, hinting: FakeGateway, over: PayLink
) -> None:
    without = build_house(database, surroundings(catalogue, hinting))
    with pytest.raises(CustomerError, match="method_gone"):
        await without.links.renew_link(token(over))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_order_that_closes_while_its_payment_begins_gets_none(
    house: House, database: Database, database_url: str, order: Order
) -> None:
    other = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    closing = other.transaction()
    await closing.start()
    await other.execute("select 1 from payers for update")
    start = asyncio.create_task(house.payments.start(ANNA, order.id, "fake"))
    while not await other.fetchval("select count(*) from pg_locks where not granted"):
        await asyncio.sleep(0.01)
    await other.execute("update orders set state = 'fulfilled', settled_minor = 0")
    await closing.commit()
    with pytest.raises(CustomerError, match="order_not_open"):
        await start
    await other.execute("update orders set state = 'cancelled'")
    await other.close()
