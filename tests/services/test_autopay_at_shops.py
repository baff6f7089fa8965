"""Autopays at the sandbox's Robokassa and WEBPAY, over real HTTP: each way that a saved card may behave."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.catalogue import Catalogue
from bot.domain.states import AttemptKind
from bot.storage.database import Database
from bot.storage.tables import attempts
from sandbox.cards import Behaviour
from tests.gateways.robokassa_street import RobokassaStreet
from tests.gateways.webpay_street import WebPayStreet
from tests.services.autopay_shops import Shop, opened
from tests.services.calendar import Calendar
from tests.services.conftest import ANNA, Count
from tests.services.money import paid_until

PAID_BY_HAND, PAID_BY_AUTOPAY = date(2027, 1, 2), date(2027, 2, 2)
EVENING = datetime(2027, 1, 1, 18, 30, tzinfo=UTC)


@pytest.fixture
def traveller() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What is tried here is the same on both: the way to the provider."""
    return sqlite_database


@pytest.fixture(params=["robokassa", "webpay"])
async def shop(
    request: pytest.FixtureRequest, database: Database, catalogue: Catalogue, traveller: Any
) -> AsyncIterator[Shop]:
    streets: dict[str, type[RobokassaStreet | WebPayStreet]]
    streets = {"robokassa": RobokassaStreet, "webpay": WebPayStreet}
    street = streets[request.param](recurring=True, act_timeout=0.5)
    async with opened(street, database, catalogue) as shop:
        yield shop


@pytest.fixture
def calendar(shop: Shop, traveller: Any) -> Calendar:
    return Calendar(shop.house, shop.database, traveller)


async def is_paid_by_autopay(shop: Shop) -> bool:
    """Whether one month was added; a charge after the line ran out counts from its own day."""
    until = await paid_until(shop.database, shop.connector)
    return until is not None and PAID_BY_AUTOPAY <= until <= date(2027, 2, 28)


@pytest.mark.parametrize(
    ("behaviour", "calls"),
    [
        (Behaviour.PAYS, 1),
        (Behaviour.CALLBACK_FIRST, 1),
        (Behaviour.SILENT_PAID, 1),
        (Behaviour.NO_FUNDS_TWICE, 3),
    ],
)
async def test_month_is_paid_once_however_the_card_behaves(
    shop: Shop, calendar: Calendar, count: Count, behaviour: Behaviour, calls: int
) -> None:
    await shop.connected(behaviour)
    assert await paid_until(shop.database, shop.connector) == PAID_BY_HAND
    await calendar.go_on(days=40)
    assert await is_paid_by_autopay(shop)
    assert await count(attempts, attempts.c.kind == AttemptKind.CHARGE.value) == calls


async def test_card_that_never_pays_is_given_up_in_the_end(
    shop: Shop, calendar: Calendar, count: Count
) -> None:
    """Neither provider says that it is dead, so it is tried as often as one without money."""
    view = await shop.connected(Behaviour.REVOKED)
    await calendar.go_to(datetime(2027, 1, 10, tzinfo=UTC))
    assert await paid_until(shop.database, shop.connector) == PAID_BY_HAND
    assert await count(attempts, attempts.c.kind == AttemptKind.CHARGE.value) == 4
    autopay = (await shop.house.autopays.get(ANNA, view.autopay.id)).autopay
    assert (autopay.state, autopay.reason) == (AutopayState.PAUSED, AutopayReason.RETRIES_EXHAUSTED)


async def test_what_never_arrived_is_sent_again_under_its_own_number(
    shop: Shop, calendar: Calendar, count: Count
) -> None:
    view = await shop.connected()
    await calendar.go_to(datetime(2027, 1, 1, 5, tzinfo=UTC))
    await shop.behaves(view, Behaviour.SILENT_NOTHING)
    await calendar.go_to(EVENING)
    assert await paid_until(shop.database, shop.connector) == PAID_BY_HAND
    await shop.behaves(view, Behaviour.PAYS)
    await calendar.go_on(days=10)
    assert await is_paid_by_autopay(shop)


async def test_bad_day_of_the_provider_is_no_fault_of_the_card(shop: Shop, calendar: Calendar) -> None:
    view = await shop.connected()
    await calendar.go_to(datetime(2027, 1, 1, 5, tzinfo=UTC))
    await shop.street.fault(api="500")
    await calendar.go_to(EVENING)
    assert (await shop.view()).autopay.id == view.autopay.id
    await shop.street.fault(api="ok")
    await calendar.go_on(days=4)
    assert await is_paid_by_autopay(shop)


async def test_card_gets_its_face_and_is_let_go(shop: Shop, calendar: Calendar) -> None:
    view = await shop.connected()
    await shop.house.saved_cards.describe_new()
    [card] = await shop.house.saved_cards.all(ANNA)
    assert card.card.masked in ("•••• 2987", "•••• 0051")
    assert view.autopay.card_id == card.card.id
    [stopped] = await shop.house.saved_cards.unlink(ANNA, card.card.id, 5)
    assert stopped.autopay.id == view.autopay.id
    assert await shop.house.saved_cards.tell_providers() == 1
    await calendar.go_on(days=40)
    assert await paid_until(shop.database, shop.connector) == PAID_BY_HAND


async def test_payment_that_was_asked_after_first_still_keeps_its_card(
    shop: Shop, calendar: Calendar
) -> None:
    """WEBPAY's back office knows no cards, so its notification is waited for."""
    payment, link = await shop.agreed()
    callback = await shop.street.pay(link)
    await shop.house.payments.check(ANNA, payment.id)
    assert await paid_until(shop.database, shop.connector) == PAID_BY_HAND
    reply = await shop.house.callbacks.receive(shop.name, callback)
    assert (reply.status, reply.result) == (200, "repeated")
    assert (await shop.view()).autopay.card_id is not None
