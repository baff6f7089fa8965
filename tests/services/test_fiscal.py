"""Fiscal receipts: asked after until they are known; one that failed is somebody's task."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.errors import ProviderUnavailable
from bot.domain.fiscal import FiscalReceipt, FiscalState
from bot.domain.payments import Payment
from bot.services.house import House, build_house
from bot.services.receipts.fiscal import GIVEN_UP_AFTER
from bot.storage.database import Database
from bot.storage.tables import fiscal_receipts, payments
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, WHATSAPP, give_anna_her_lines, surroundings
from tests.services.money import begun, notices

REGISTERED = FiscalReceipt(FiscalState.REGISTERED, "133 / 9288")


class ReceiptGateway(FakeGateway):
    """A fake provider that makes receipts as well."""

    makes_receipts = True
    told: FiscalReceipt | None = FiscalReceipt(FiscalState.PENDING)
    asked = 0

    async def ask_receipt(self, provider_payment: str) -> FiscalReceipt:
        assert provider_payment
        self.asked += 1
        if self.told is None:
            raise ProviderUnavailable("no answer")
        return self.told


@pytest.fixture
def shop() -> ReceiptGateway:
    return ReceiptGateway()


@pytest.fixture
async def house(database: Database, catalogue: Catalogue, shop: ReceiptGateway) -> AsyncIterator[House]:
    house = build_house(database, surroundings(catalogue, shop))
    await house.customers.greet(ANNA, name="Anna", language="en")
    await database.write(give_anna_her_lines)
    yield house


@pytest.fixture
async def payment(house: House, database: Database, shop: ReceiptGateway) -> Payment:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", shop.pay(reference))
    found = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert found is not None
    return found


async def ask_again(house: House, database: Database) -> int:
    """The next time it is asked after has come."""
    earlier = update(fiscal_receipts).where(fiscal_receipts.c.next_ask_at.is_not(None))
    await database.write(lambda tx: tx.connection.execute(earlier.values(next_ask_at=periods.now())))
    return await house.fiscal.ask_due()


async def fiscal_of(house: House, payment: Payment) -> FiscalReceipt | None:
    return (await house.payments.details(ANNA, payment.id)).fiscal


async def test_it_is_asked_after_until_it_is_registered(
    house: House, database: Database, shop: ReceiptGateway, payment: Payment
) -> None:
    assert await house.fiscal.ask_due() == 1
    assert await fiscal_of(house, payment) == FiscalReceipt(FiscalState.PENDING)
    assert await house.fiscal.ask_due() == 0, "not before a minute has gone"
    shop.told = None
    assert await ask_again(house, database) == 1
    shop.told = REGISTERED
    assert await ask_again(house, database) == 1
    assert await fiscal_of(house, payment) == REGISTERED
    assert (await house.payment_receipts.receipt(payment.id)).fiscal == REGISTERED
    assert await ask_again(house, database) == 0
    assert shop.asked == 3
    assert "fiscal_failed" not in await notices(database)


async def test_one_that_failed_is_a_card_once(
    house: House, database: Database, shop: ReceiptGateway, payment: Payment
) -> None:
    shop.told = FiscalReceipt(FiscalState.FAILED)
    await house.fiscal.ask_due()
    await ask_again(house, database)
    assert await database.read(lambda tx: tx.cards.has_open(f"payment:{payment.id}"))
    assert (await notices(database)).count("fiscal_failed") == 1
    assert await fiscal_of(house, payment) == FiscalReceipt(FiscalState.FAILED)


async def test_silence_is_a_task_for_people_after_three_days(
    house: House, database: Database, shop: ReceiptGateway, payment: Payment
) -> None:
    shop.told = None
    await house.fiscal.ask_due()
    long_ago = update(payments).values(settled_at=periods.now() - GIVEN_UP_AFTER - timedelta(hours=1))
    await database.write(lambda tx: tx.connection.execute(long_ago))
    await ask_again(house, database)
    assert (await notices(database)).count("fiscal_failed") == 1


async def test_where_nobody_makes_receipts_nothing_is_asked(database: Database, catalogue: Catalogue) -> None:
    house = build_house(database, surroundings(catalogue, FakeGateway()))
    assert await house.fiscal.ask_due() == 0
