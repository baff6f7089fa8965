"""The seller's links: who may pay, who may take a connector over, and how that is undone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.periods import now
from bot.domain.references import fingerprint
from bot.domain.states import OrderState
from bot.services.house import House
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tables import audit, connector_links, outbox
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP, Count
from tests.services.money import balance, begun, price_of

FREE = "free line/7"


@pytest.fixture
async def free(database: Database, house: House) -> str:
    """An ownerless connector."""

    def make(tx: Tx) -> None:
        tx.connectors.add(Connector(FREE, "line", "Line +7 999 123-45-67", "line", None, None, None))

    await database.write(make)
    return FREE


async def owner(database: Database, connector_id: str) -> int | None:
    def look(tx: Tx) -> int | None:
        connector = tx.connectors.get(connector_id)
        assert connector is not None
        return tx.customers.owner(connector.payer_id) if connector.payer_id else None

    return await database.read(look)


async def test_pay_link_is_the_same_each_time_until_it_grows_old(house: House, count: Count) -> None:
    token = await house.connector_links.to_pay(WHATSAPP)
    assert await house.connector_links.to_pay(WHATSAPP) == token
    assert await house.connector_links.to_pay(LINE) != token
    with time_machine.travel(now() + timedelta(days=800)):
        assert await house.connector_links.to_pay(WHATSAPP) != token
        assert (await house.connector_links.open_to_pay(BOB, token)).id == WHATSAPP
    assert await count(connector_links) == 3


async def test_tokens_are_kept_as_fingerprints_alone(house: House, database: Database) -> None:
    token = await house.connector_links.to_pay(WHATSAPP)
    row = await database.read(lambda tx: tx.connector_links.find(fingerprint(token)))
    assert row is not None
    assert token not in repr(row)


async def test_a_new_secret_key_leaves_the_old_links_good_and_makes_new_ones(
    house: House, database: Database
) -> None:
    service = house.connector_links
    token = await service.to_pay(WHATSAPP)
    service._vault = Vault("another key of the tests, also long enough")
    newer = await service.to_pay(WHATSAPP)
    assert newer != token
    for each in (token, newer):
        assert (await service.open_to_pay(BOB, each)).id == WHATSAPP


async def test_a_stranger_sees_a_mask_and_prices_the_owner_his_own(house: House, free: str) -> None:
    seen = await house.connector_links.open_to_pay(BOB, await house.connector_links.to_pay(FREE))
    assert (seen.own, seen.title) == (False, "Line +7 9•• •••-••-67")
    assert seen.periods
    own = await house.connector_links.open_to_pay(ANNA, await house.connector_links.to_pay(WHATSAPP))
    assert (own.own, own.title) == (True, "WhatsApp +7 999")


@pytest.mark.parametrize("token", ["", "x", "0" * 40, "a" * 4000, "wa-1", "\x00", "ё" * 20])
async def test_guessed_tokens_find_nothing(house: House, token: str) -> None:
    with pytest.raises(NotYours):
        await house.connector_links.open_to_pay(BOB, token)
    with pytest.raises(NotYours):
        await house.connector_links.attach(BOB, token)


async def test_a_stranger_does_not_take_the_order_from_an_owner_who_is_paying(house: House) -> None:
    token = await house.connector_links.to_pay(WHATSAPP)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.payments.start(ANNA, order.id, "fake")
    with pytest.raises(CustomerError, match="being_paid"):
        await house.orders.place(BOB, [WHATSAPP], 1, link=token)
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert (await house.orders.place(BOB, [WHATSAPP], 1, link=token)).customer_id == BOB
        await house.payments.start(BOB, (await house.orders.place(BOB, [WHATSAPP], 1, link=token)).id, "fake")
        assert (await house.orders.place(ANNA, [WHATSAPP], 1)).customer_id == ANNA, "it is her line"


async def test_one_kind_of_link_is_not_the_other(house: House, free: str) -> None:
    to_pay, to_attach = await house.connector_links.to_pay(FREE), await house.connector_links.to_attach(FREE)
    with pytest.raises(NotYours):
        await house.connector_links.attach(BOB, to_pay)
    with pytest.raises(NotYours):
        await house.connector_links.open_to_pay(BOB, to_attach)


@pytest.mark.parametrize("make", ["to_pay", "to_attach"])
async def test_nothing_links_to_what_does_not_exist(house: House, make: str) -> None:
    with pytest.raises(NotYours):
        await getattr(house.connector_links, make)("nothing")


async def test_attach_link_works_once_and_its_owner_may_open_it_again(
    house: House, database: Database, free: str, count: Count
) -> None:
    token = await house.connector_links.to_attach(FREE)
    for _ in range(2):
        assert (await house.connector_links.attach(BOB, token)).id == FREE
    assert await owner(database, FREE) == BOB
    assert await count(audit, audit.c.action == "attached_by_link") == 1
    await house.connector_links.detach(BOB, FREE)
    for who in (ANNA, BOB):
        with pytest.raises(CustomerError, match="link_used"):
            await house.connector_links.attach(who, token)


async def test_two_who_open_it_at_once_do_not_both_get_it(
    house: House, database: Database, free: str
) -> None:
    token = await house.connector_links.to_attach(FREE)
    both = (house.connector_links.attach(who, token) for who in (ANNA, BOB))
    results = await asyncio.gather(*both, return_exceptions=True)
    refused = [result for result in results if isinstance(result, CustomerError)]
    assert [error.code for error in refused] == ["link_used"]
    assert await owner(database, FREE) in (ANNA, BOB)


async def test_two_links_at_once_give_it_to_one(house: House, database: Database, free: str) -> None:
    links = [await house.connector_links.to_attach(FREE) for _ in range(2)]
    both = (house.connector_links.attach(who, link) for who, link in zip((ANNA, BOB), links, strict=True))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(result, Connector) for result in results) == 1
    assert [str(each) for each in results if isinstance(each, CustomerError)] == ["connector_taken"]


async def test_somebody_elses_connector_is_not_taken_and_the_link_not_used_up(
    house: House, database: Database
) -> None:
    token = await house.connector_links.to_attach(WHATSAPP)
    with pytest.raises(CustomerError, match="connector_taken"):
        await house.connector_links.attach(BOB, token)
    assert await owner(database, WHATSAPP) == ANNA
    await house.connector_links.detach(ANNA, WHATSAPP)
    await house.connector_links.attach(BOB, token)
    assert await owner(database, WHATSAPP) == BOB


async def test_links_have_their_time(house: House, free: str) -> None:
    token, to_pay = await house.connector_links.to_attach(FREE), await house.connector_links.to_pay(FREE)
    with time_machine.travel(now() + timedelta(days=7, seconds=1)):
        with pytest.raises(CustomerError, match="link_over"):
            await house.connector_links.attach(BOB, token)
        await house.connector_links.open_to_pay(BOB, to_pay)
    with time_machine.travel(now() + timedelta(days=3 * 365, seconds=1)), pytest.raises(CustomerError):
        await house.connector_links.open_to_pay(BOB, to_pay)


async def test_unlinking_cancels_what_was_ordered_and_leaves_what_was_paid(
    house: House, database: Database, count: Count
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP, LINE], 1)
    await house.connector_links.detach(ANNA, WHATSAPP)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.CANCELLED
    assert await owner(database, WHATSAPP) is None
    assert await owner(database, LINE) == ANNA
    assert await count(audit, audit.c.action == "detached") == 1
    with pytest.raises(NotYours):
        await house.connector_links.detach(ANNA, WHATSAPP)


async def test_nobody_unlinks_what_is_not_his(house: House, database: Database) -> None:
    with pytest.raises(NotYours):
        await house.connector_links.detach(BOB, WHATSAPP)
    assert await owner(database, WHATSAPP) == ANNA


async def test_a_connector_unlinked_twice_at_once_is_unlinked_once(house: House, count: Count) -> None:
    twice = (house.connector_links.detach(ANNA, WHATSAPP) for _ in range(2))
    results = await asyncio.gather(*twice, return_exceptions=True)
    assert sum(isinstance(each, NotYours) for each in results) == 1
    assert await count(audit, audit.c.action == "detached") == 1


async def test_link_of_a_tariff_that_is_no_longer_sold_is_refused_kindly(
    house: House, database: Database
) -> None:
    token = await house.connector_links.to_pay(WHATSAPP)

    def change(tx: Tx) -> None:
        tx.connectors.change(WHATSAPP, kind="x", title="Secret name", tariff="gone", phone="", email="")

    await database.write(change)
    for opening in (
        house.connector_links.open_to_pay(BOB, token),
        house.orders.periods(BOB, [WHATSAPP], link=token),
        house.orders.place(BOB, [WHATSAPP], 1, link=token),
    ):
        with pytest.raises(CustomerError, match="tariff_gone") as refused:
            await opening
        assert refused.value.blanks == {"title": "S••• n•••"}


async def test_who_gave_a_line_away_hears_nothing_of_it_by_an_order_that_ran_out(
    house: House, database: Database, fake: FakeGateway
) -> None:
    """Late money revives an expired order: of another's line it would tell title and dates."""
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    with time_machine.travel(now() + timedelta(days=4)):
        assert await house.orders.expire() == 1
    await house.connector_links.detach(ANNA, WHATSAPP)
    await house.connector_links.attach(BOB, await house.connector_links.to_attach(WHATSAPP))
    assert (await house.orders.summary(ANNA, order.id, "fake")).lasts == {}
    with pytest.raises(CustomerError, match="order_not_open"):
        await house.payments.start(ANNA, order.id, "fake")
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.CANCELLED
    assert await balance(database) == price_of(order)


async def test_an_order_for_a_line_that_an_import_gave_to_another_tells_its_payer_no_dates(
    house: House, database: Database, fake: FakeGateway
) -> None:
    reference = await begun(house, database, await house.orders.place(ANNA, [WHATSAPP], 1))

    def give(tx: Tx) -> None:
        tx.connectors.give(WHATSAPP, tx.customers.person(BOB))

    await database.write(give)
    await house.callbacks.receive("fake", fake.pay(reference))
    told = await addressed(database)
    assert {kind: who for kind, (who, _) in told.items() if who} == {"paid": ANNA, "paid_by_other": BOB}
    assert told["paid"][1]["lines"][0]["paid_until"] is None


async def addressed(database: Database) -> dict[str, tuple[int, Any]]:
    query = select(outbox.c.kind, outbox.c.address, outbox.c.payload)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return {row.kind: (row.address, row.payload) for row in rows}
