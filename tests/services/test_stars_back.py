"""Stars never rest on a balance: what an order could not take goes back by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue, Period
from bot.domain.catalogue_file import read_catalogue
from bot.domain.money import Money
from bot.domain.states import AttemptState
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import attempts
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, WHATSAPP
from tests.services.money import balance, begun, notices


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """WhatsApp for a hundred Stars."""
    example = read_catalogue(Path("catalog.example.toml"))
    tariff = replace(example.tariffs["whatsapp"], periods=(Period(1, (Money(100, "XTR"),)),))
    return replace(example, tariffs={"whatsapp": tariff})


@pytest.fixture
def fake() -> FakeGateway:
    return FakeGateway(currencies=("XTR",))


async def closed_and_paid(house: House, database: Database, fake: FakeGateway) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    await house.orders.cancel(ANNA, order.id)
    await house.callbacks.receive("fake", fake.pay(reference))


async def test_stars_for_a_closed_order_are_sent_back_once(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await closed_and_paid(house, database, fake)
    assert await balance(database, "XTR") == Money(0, "XTR")
    assert await notices(database) == ["sent_back", "sent_back"]
    assert await house.refunds.ask_due() == 1
    assert fake.calls.count("refund") == 1
    assert await house.refunds.ask_due() == 0
    assert (await notices(database))[2:] == ["refunded", "refunded"]


async def test_a_lost_answer_is_asked_after_and_not_sent_again(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await closed_and_paid(house, database, fake)
    fake.day = Day.LOST
    await house.refunds.ask_due()
    states = await database.read(lambda tx: list(tx.connection.execute(select(attempts.c.state)).scalars()))
    assert states == [AttemptState.SENT.value]
    assert fake.calls.count("refund") == 1
