"""What came to a shop for the seller's other sales: handed on once, sealed in the books until then."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.events import Callback
from bot.domain.money import Money
from bot.services.house import House
from bot.services.vault import Vault
from bot.services.webhooks import unpacked
from bot.storage.database import Database
from bot.storage.tables import webhooks
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, LINE, Count
from tests.services.money import begun

MUG = Money(5000, "RUB")


async def test_foreign_callback_is_handed_on_once(
    house: House, database: Database, fake: FakeGateway, count: Count
) -> None:
    database.listeners.add("fake")
    came = fake.foreign(MUG)
    headers = {**came.headers, "content-type": "application/x-mug"}
    foreign = Callback(came.body, headers, query="shop=2")
    for _ in range(3):
        assert (await house.callbacks.receive("fake", foreign)).status == 200
    ours = await begun(house, database, await house.orders.place(ANNA, [LINE], 1))
    await house.callbacks.receive("fake", fake.pay(ours))
    assert await count(webhooks) == 1
    sealed = await database.read(lambda tx: tx.connection.scalars(select(webhooks.c.body)).one())
    assert foreign.body not in sealed
    vault = Vault("a key of the tests, long enough to be one")
    assert unpacked(vault.unseal(sealed)) == (foreign.body, "application/x-mug", "shop=2")


async def test_foreign_callback_stays_where_nobody_wants_it(
    house: House, fake: FakeGateway, count: Count
) -> None:
    await house.callbacks.receive("fake", fake.foreign(MUG))
    assert await count(webhooks) == 0


async def test_foreign_hint_is_handed_on_as_it_came(
    house: House, database: Database, hinting: FakeGateway, count: Count
) -> None:
    database.listeners.add("hinting")
    foreign = hinting.foreign(MUG)
    for _ in range(2):
        await house.callbacks.receive("hinting", foreign)
    assert await count(webhooks, webhooks.c.address == "hinting") == 1
