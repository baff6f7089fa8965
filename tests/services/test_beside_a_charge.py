"""While nobody knows what became of a charge its owner may pay by hand: neither gets in the other's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.autopays import AutopayState
from bot.domain.errors import CustomerError
from bot.domain.events import Refused
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.refusals import Refusal
from bot.domain.states import OPEN_PAYMENTS
from bot.keyboards.pay import pay_or_rest
from bot.services.autopay.views import AutopayView
from bot.services.beginning import Wishes
from bot.services.house import House
from bot.services.links import LinkKind
from bot.storage.database import Database
from bot.storage.payments import to_payment
from bot.storage.tables import payments
from bot.storage.tx import Tx
from tests.gateways.card_bank import CardBank, Ending
from tests.services.calendar import Calendar, agreement, pay_and_connect
from tests.services.conftest import ANNA, CASHIER
from tests.services.money import reference_of

TOKEN = "card-1"
SUM = Money(50_000, "RUB")


@pytest.fixture
def fake() -> CardBank:
    return CardBank()


@pytest.fixture
def calendar(house: House, database: Database) -> Iterator[Calendar]:
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield Calendar(house, database, traveller)


async def connect_top_up(house: House, database: Database, bank: CardBank) -> AutopayView:
    view = await pay_and_connect(house, database, bank, remember=True)
    await house.autopays.delete(ANNA, view.autopay.id)
    offer = await house.autopays.offer_for_top_up(ANNA, view.autopay.payer_id, SUM)
    agreed = agreement(offer, card_id=view.autopay.card_id)
    return await house.autopays.connect(ANNA, None, view.autopay.payer_id, agreed)


async def charge_of(database: Database) -> Payment:
    """The one that was sent last."""

    def look(tx: Tx) -> Payment:
        query = select(payments).where(payments.c.autopay_id.is_not(None)).order_by(payments.c.id.desc())
        return to_payment(tx.connection.execute(query.limit(1)).one())

    return await database.read(look)


async def wait_for_charge(calendar: Calendar, bank: CardBank, ending: Ending) -> Payment:
    """Go on from step to step until it is sent."""
    bank.will(TOKEN, ending)
    while not bank.charges:
        [view] = await calendar.house.autopays.all(ANNA)
        assert view.autopay.due_at is not None
        await calendar.go_to(view.autopay.due_at)
    charge = await charge_of(calendar.database)
    assert charge.is_charge_under_way
    return charge


async def test_a_top_up_of_the_same_sum_is_another_payment_than_the_charge(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await connect_top_up(house, database, fake)
    charge = await wait_for_charge(calendar, fake, Ending.SILENT_PAID)
    card = Wishes(card_id=view.autopay.card_id or 0)
    link = await house.payments.start_top_up(ANNA, view.autopay.payer_id, "fake", SUM, card)
    assert link.payment_id != charge.id
    assert (await charge_of(database)).state in OPEN_PAYMENTS
    await calendar.go_on(hours=2)
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert (view.autopay.state, len(fake.charges)) == (AutopayState.ACTIVE, 1)


@pytest.mark.parametrize(("refused", "tries"), [(True, 1), (False, 0)])
async def test_a_charge_that_made_way_for_another_payment_still_has_its_end_heard(
    house: House, database: Database, fake: CardBank, calendar: Calendar, refused: bool, tries: int
) -> None:
    """The provider has refused it, or knows nothing of it: its autopay goes on either way."""
    view = await pay_and_connect(house, database, fake)
    charge = await wait_for_charge(calendar, fake, Ending.SILENT_NOT)
    await calendar.go_on(minutes=16)
    assert charge.order_id is not None
    link = await house.payments.start(ANNA, charge.order_id, "fake")
    assert link.payment_id != charge.id
    if refused:
        told = Refused("fake", charge.reference, Refusal.NO_FUNDS, "p-1", code="no_funds")
        assert [await house.settlement.take(told) for _ in range(2)] == ["refused", "repeated"]
    await calendar.go_on(minutes=6)
    after = await house.autopays.get(ANNA, view.autopay.id)
    assert after.autopay.due_at is not None
    assert after.autopay.tries == tries
    assert await reference_of(database, link.payment_id) != charge.reference


async def test_a_person_may_decide_about_a_charge_that_made_way(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    charge = await wait_for_charge(calendar, fake, Ending.SILENT_NOT)
    await database.write(lambda tx: tx.payments.give_way(charge.id))
    await house.unknown_charges.decide(CASHIER, charge.id)
    after = await house.autopays.get(ANNA, view.autopay.id)
    assert after.autopay.due_at is not None
    with pytest.raises(CustomerError, match="already_done"):
        await house.unknown_charges.decide(CASHIER, charge.id)


async def test_the_link_of_a_charge_under_way_makes_no_page(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    await connect_top_up(house, database, fake)
    charge = await wait_for_charge(calendar, fake, Ending.SILENT_PAID)
    report = await house.payments.details(ANNA, charge.id)
    token = report.url.rsplit("/", 1)[1]
    assert pay_or_rest(report) == []
    view = await house.links.renew_link(token)
    assert (view.payment.id, view.kind, view.url) == (charge.id, LinkKind.WAITING, "")
    await calendar.go_on(hours=1)
    assert (await house.links.renew_link(token)).kind is LinkKind.PAID
