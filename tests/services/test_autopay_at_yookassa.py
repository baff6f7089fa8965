"""An autopay at the sandbox's YooKassa, over real HTTP: each way that its saved card may behave."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.catalogue import Catalogue
from bot.domain.money import Money
from bot.domain.states import AttemptKind
from bot.services.autopay.views import AutopayView
from bot.services.beginning import Wishes
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import attempts
from sandbox.cards import Behaviour
from tests.gateways.yookassa_street import YooKassaStreet
from tests.services.calendar import Calendar, agreement
from tests.services.conftest import ANNA, WHATSAPP, Count, give_anna_her_lines, surroundings
from tests.services.money import paid_until, reference_of

CARD = "yookassa_card"
PRICE = Money(99_000, "RUB")
PAID_BY_HAND, PAID_BY_AUTOPAY = date(2027, 1, 2), date(2027, 2, 2)


@pytest.fixture
def traveller() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def street() -> AsyncIterator[YooKassaStreet]:
    async with YooKassaStreet(recurring=True, act_timeout=1) as street:
        yield street


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What is tried here is the same on both: the way to the provider."""
    return sqlite_database


@pytest.fixture
async def house(database: Database, catalogue: Catalogue, street: YooKassaStreet) -> AsyncIterator[House]:
    house = build_house(database, replace(surroundings(catalogue), gateways={"yookassa": street.gateway}))
    await house.customers.greet(ANNA, name="Anna", language="en")
    await database.write(give_anna_her_lines)
    yield house
    assert (await house.books.prove()).disagreements == []


@pytest.fixture
def calendar(traveller: Any, house: House, database: Database) -> Calendar:
    return Calendar(house, database, traveller)


async def connected(
    house: House, database: Database, street: YooKassaStreet, behaviour: Behaviour
) -> AutopayView:
    """Pay at YooKassa's page with the switch ticked; the card is kept there, and here."""
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    offer = await house.autopays.offer_for_order(ANNA, order.id, "RUB")
    assert offer is not None
    link = await house.payments.start(ANNA, order.id, CARD, "RUB", Wishes(agreed=agreement(offer)))
    [payment] = await street.payments()
    await street.control(f"payments/{payment['id']}/pay", card="success", behaviour=behaviour.value)
    await house.payments.check(ANNA, link.payment_id)
    assert await street.taken(await reference_of(database, link.payment_id)) == [PRICE]
    [view] = await house.autopays.all(ANNA)
    assert view.autopay.state is AutopayState.ACTIVE
    return view


async def ledger(street: YooKassaStreet) -> list[str]:
    """How each payment ended at YooKassa, oldest first."""
    return [payment["status"] for payment in reversed(await street.payments())]


@pytest.mark.parametrize(
    ("behaviour", "theirs", "calls"),
    [
        (Behaviour.PAYS, ["succeeded"] * 2, 1),
        (Behaviour.CALLBACK_FIRST, ["succeeded"] * 2, 1),
        (Behaviour.SILENT_PAID, ["succeeded"] * 2, 1),
        (Behaviour.NO_FUNDS_TWICE, ["succeeded", "canceled", "canceled", "succeeded"], 3),
    ],
)
async def test_month_is_paid_once_however_the_card_behaves(
    house: House, database: Database, street: YooKassaStreet, calendar: Calendar, count: Count,
    behaviour: Behaviour, theirs: list[str], calls: int,
) -> None:  # fmt: skip
    await connected(house, database, street, behaviour)
    assert await paid_until(database, WHATSAPP) == PAID_BY_HAND
    await calendar.go_on(days=40)
    assert await ledger(street) == theirs
    until = await paid_until(database, WHATSAPP)
    assert until is not None
    assert until >= PAID_BY_AUTOPAY
    assert await count(attempts, attempts.c.kind == AttemptKind.CHARGE.value) == calls


@pytest.mark.parametrize(
    ("behaviour", "reasons", "state"),
    [
        (Behaviour.EXPIRED, {AutopayReason.HARD_DECLINED, AutopayReason.CARD_EXPIRED}, AutopayState.PAUSED),
        (Behaviour.REVOKED, {AutopayReason.REVOKED}, AutopayState.REVOKED),
    ],
)
async def test_dead_card_is_charged_once_and_never_again(
    house: House, database: Database, street: YooKassaStreet, calendar: Calendar,
    behaviour: Behaviour, reasons: set[AutopayReason], state: AutopayState,
) -> None:  # fmt: skip
    view = await connected(house, database, street, behaviour)
    await calendar.go_on(days=60)
    assert await ledger(street) == ["succeeded", "canceled"]
    assert await paid_until(database, WHATSAPP) == PAID_BY_HAND
    autopay = await database.read(lambda tx: tx.autopays.get(view.autopay.id))
    assert autopay is not None
    assert (autopay.state, AutopayReason(autopay.reason) in reasons) == (state, True)


async def test_what_never_arrived_is_sent_again_until_the_card_answers(
    house: House, database: Database, street: YooKassaStreet, calendar: Calendar
) -> None:
    view = await connected(house, database, street, Behaviour.SILENT_NOTHING)
    card = await database.read(lambda tx: tx.saved_cards.get_for_customer(view.autopay.card_id or 0, ANNA))
    assert card is not None
    await calendar.go_to(datetime(2027, 1, 1, 5, tzinfo=UTC))
    await street.control(f"cards/{card.token}", behaviour=Behaviour.SILENT_NOTHING.value)
    await calendar.go_to(datetime(2027, 1, 1, 18, 30, tzinfo=UTC))
    assert await ledger(street) == ["succeeded"]
    await street.control(f"cards/{card.token}", behaviour=Behaviour.PAYS.value)
    await calendar.go_on(days=10)
    assert await ledger(street) == ["succeeded"] * 2
    until = await paid_until(database, WHATSAPP)
    assert until is not None and until >= PAID_BY_AUTOPAY, "a day later, where the line ran out meanwhile"


async def test_permission_lost_is_no_fault_of_the_card(
    house: House, database: Database, street: YooKassaStreet, calendar: Calendar
) -> None:
    view = await connected(house, database, street, Behaviour.PAYS)
    await street.fault(saving="forbidden")
    await calendar.go_to(datetime(2027, 1, 1, 20, tzinfo=UTC))
    assert await ledger(street) == ["succeeded"]
    assert (await house.autopays.get(ANNA, view.autopay.id)).autopay.stands
    await street.fault(saving="allowed")
    await calendar.go_on(days=2)
    assert await ledger(street) == ["succeeded"] * 2


async def test_page_of_a_remembered_card_asks_its_owner(
    house: House, database: Database, street: YooKassaStreet, calendar: Calendar
) -> None:
    await connected(house, database, street, Behaviour.PAYS)
    await calendar.go_on(days=1, hours=1)
    [card] = await house.saved_cards.all(ANNA)
    await house.saved_cards.remember(ANNA, card.card.id, remembered=True)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.payments.start(ANNA, order.id, CARD, "RUB", Wishes(card_id=card.card.id))
    newest, _ = await street.payments()
    assert (newest["status"], street.bodies[-1]["confirmation"]["enforce"]) == ("pending", True)
