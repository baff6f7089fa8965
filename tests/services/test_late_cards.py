"""A provider that tells of money by two doors, and of the card by one of them alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.events import Paid
from bot.services.beginning import Wishes
from bot.services.house import House
from bot.services.settlement import Outcome
from bot.storage.database import Database
from bot.storage.tables import autopays, saved_cards
from tests.gateways.card_bank import CardBank
from tests.services.calendar import Calendar, agreement
from tests.services.conftest import ANNA, WHATSAPP, Count
from tests.services.money import notices, reference_of


@pytest.fixture
def fake() -> CardBank:
    return CardBank()


@pytest.fixture
def calendar(house: House, database: Database) -> Iterator[Calendar]:
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield Calendar(house, database, traveller)


async def agreed(house: House, database: Database, fake: CardBank, *, balance_first: bool = False) -> Paid:
    """The callback of a payment that an autopay was agreed to with; nobody has heard of it yet."""
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    offer = await house.autopays.offer_for_order(ANNA, order.id, "RUB")
    assert offer is not None
    wishes = Wishes(remember=True, agreed=agreement(offer, balance_first=balance_first))
    link = await house.payments.start(ANNA, order.id, "fake", "RUB", wishes)
    return fake.saved(await reference_of(database, link.payment_id), "card-1")


def as_asked(told: Paid) -> Paid:
    return replace(told, card_on_file=None, card_follows=True)


async def test_autopay_waits_for_the_door_that_knows_the_card(
    house: House, database: Database, fake: CardBank, calendar: Calendar, count: Count
) -> None:
    told = await agreed(house, database, fake)
    assert await house.settlement.take(as_asked(told)) is Outcome.BOOKED
    await calendar.go_on(minutes=30)
    assert await house.autopays.all(ANNA) == []
    for _ in range(2):
        assert await house.settlement.take(told) is Outcome.REPEATED
    (view,) = await house.autopays.all(ANNA)
    assert view.autopay.state is AutopayState.ACTIVE
    assert view.autopay.card_id is not None
    await calendar.go_on(hours=2)
    assert (await notices(database)).count("autopay_connected") == 2  # the customer's and the operators'
    assert await count(saved_cards) == 1


async def test_autopay_whose_card_nobody_tells_of_is_given_up(
    house: House, database: Database, fake: CardBank, calendar: Calendar, count: Count
) -> None:
    told = await agreed(house, database, fake)
    await house.settlement.take(as_asked(told))
    await calendar.go_on(hours=2)
    ended = autopays.c.reason == AutopayReason.NOT_SAVED.value
    assert await count(autopays, ended) == 1
    assert (await notices(database)).count("autopay_not_connected") == 1
    await house.settlement.take(told)
    assert await house.autopays.all(ANNA) == []


async def test_autopay_from_the_balance_begins_without_a_card(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    told = await agreed(house, database, fake, balance_first=True)
    await house.settlement.take(as_asked(told))
    await calendar.go_on(hours=2)
    (view,) = await house.autopays.all(ANNA)
    assert (view.autopay.state, view.autopay.card_id) == (AutopayState.ACTIVE, None)


async def test_repeated_callback_does_not_link_an_unlinked_card_again(
    house: House, database: Database, fake: CardBank, calendar: Calendar, count: Count
) -> None:
    told = await agreed(house, database, fake)
    await house.settlement.take(told)
    (view,) = await house.autopays.all(ANNA)
    assert view.autopay.card_id is not None
    await house.saved_cards.unlink(ANNA, view.autopay.card_id, 5)
    await house.saved_cards.tell_providers()
    await house.settlement.take(told)
    assert await count(saved_cards, saved_cards.c.unlinked_at.is_(None)) == 0


async def test_card_is_kept_late_only_where_its_owner_wished_it(
    house: House, database: Database, fake: CardBank, calendar: Calendar, count: Count
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "fake", "RUB")
    told = fake.saved(await reference_of(database, link.payment_id), "card-1")
    await house.settlement.take(as_asked(told))
    await house.settlement.take(told)
    assert await count(saved_cards) == 0
