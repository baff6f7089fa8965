"""An autopay's year in small: agreed to, announced, reminded of, charged, tried again, given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.errors import CustomerError
from bot.domain.events import Refunded
from bot.domain.money import Money
from bot.domain.states import AttemptKind
from bot.i18n import speaking
from bot.i18n.payment_words import proof
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import attempts, connectors, outbox, payments
from bot.storage.tx import Tx
from tests.gateways.card_bank import CardBank, Ending
from tests.services.calendar import Calendar, agreement, pay_and_connect
from tests.services.conftest import ANNA, WHATSAPP, Count
from tests.services.money import notices, paid_until

TOKEN = "card-1"


@pytest.fixture
def fake() -> CardBank:
    return CardBank()


@pytest.fixture
def traveller() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def calendar(house: House, database: Database, traveller: Any) -> Calendar:
    return Calendar(house, database, traveller)


async def test_a_charge_is_announced_reminded_of_and_made_a_day_before_it_runs_out(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    assert view.autopay.state is AutopayState.ACTIVE
    assert await paid_until(database, WHATSAPP) == date(2027, 1, 2)
    await calendar.go_on(days=33)
    assert [request.amount for request in fake.charges] == [Money(99_000, "RUB")]
    charged_at = fake.charged_at[fake.charges[0].reference].astimezone(calendar.zone)
    assert charged_at.date() == date(2027, 1, 1)
    assert 9 <= charged_at.hour < 21
    assert await paid_until(database, WHATSAPP) == date(2027, 2, 2)
    told = await notices(database)
    assert [kind for kind in told if kind.startswith("autopay")] == [
        "autopay_connected",
        "autopay_announced",
        "autopay_reminded",
    ]
    assert told.count("paid") == 2
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert view.autopay.charge_on == date(2027, 2, 1)


async def test_after_a_decline_it_is_tried_on_three_more_days_and_then_paused(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    fake.will(TOKEN, *[Ending.NO_FUNDS] * 9)
    await calendar.go_to(datetime(2027, 1, 12, tzinfo=UTC))
    days = [fake.charged_at[each.reference].astimezone(calendar.zone).date() for each in fake.charges]
    first = date(2027, 1, 1)
    assert days == [first, *(first + timedelta(days=n) for n in (1, 3, 7))]
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert (view.autopay.state, view.autopay.reason) == (
        AutopayState.PAUSED,
        AutopayReason.RETRIES_EXHAUSTED,
    )
    assert (await notices(database)).count("autopay_failed") == 3 + 3
    await calendar.go_on(days=20)
    ended = await database.read(lambda tx: tx.autopays.get(view.autopay.id))
    assert ended is not None
    assert ended.reason == AutopayReason.GRACE_PERIOD_EXPIRED
    told = [kind for kind in await notices(database) if kind.startswith("arrears")]
    assert told == ["arrears_grace", "arrears_limited", "arrears_stopped"]
    assert len(fake.charges) == 4


@pytest.mark.parametrize("ending", [Ending.SILENT_PAID, Ending.LATER_PAID])
async def test_silence_is_asked_after_and_never_charged_again(
    house: House, database: Database, fake: CardBank, calendar: Calendar, ending: Ending
) -> None:
    await pay_and_connect(house, database, fake)
    fake.will(TOKEN, ending)
    await calendar.go_on(days=33)
    assert len(fake.charges) == 1
    assert await paid_until(database, WHATSAPP) == date(2027, 2, 2)


async def test_what_provably_never_arrived_is_sent_again_under_the_same_reference(
    house: House, database: Database, fake: CardBank, calendar: Calendar, count: Count
) -> None:
    view = await pay_and_connect(house, database, fake)
    fake.will(TOKEN, Ending.SILENT_NOT)
    await calendar.go_on(days=33)
    assert len({each.reference for each in fake.charges}) == 1
    assert len(fake.charges) == 2
    assert await count(attempts, attempts.c.kind == AttemptKind.CHARGE.value) == 2
    assert await count(payments, payments.c.autopay_id == view.autopay.id) == 1
    assert await paid_until(database, WHATSAPP) == date(2027, 2, 2)


async def test_unlinking_the_card_stops_the_charge_that_is_due_tonight(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    assert view.autopay.card_id is not None
    await calendar.go_to(datetime(2027, 1, 1, 5, tzinfo=UTC))
    stopped = await house.saved_cards.unlink(ANNA, view.autopay.card_id, 5)
    assert [each.autopay.id for each in stopped] == [view.autopay.id]
    await calendar.go_on(days=30)
    assert fake.charges == []
    await house.saved_cards.tell_providers()
    assert fake.unlinked == [TOKEN]


async def test_without_a_road_to_the_customer_nothing_is_charged(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    calendar.undeliverable.add(ANNA)
    await calendar.go_on(days=40)
    assert fake.charges == []
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert view.autopay.reason == AutopayReason.UNDELIVERABLE


async def test_who_could_not_be_reminded_is_not_charged(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    """He had blocked the chat when the reminder was due, and has no e-mail; he is back before the charge."""
    await pay_and_connect(house, database, fake)
    await calendar.go_to(datetime(2026, 12, 30, tzinfo=UTC))
    await house.customers.set_reachable(ANNA, False)
    await calendar.go_to(datetime(2027, 1, 1, 4, tzinfo=UTC))
    await house.customers.greet(ANNA, name="Anna", language="en")
    await calendar.go_on(days=10)
    assert fake.charges == []


async def test_paying_by_hand_moves_the_next_charge(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    await calendar.go_on(days=11)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "fake")
    payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    fake.pay(payment.reference)
    await house.payments.check(ANNA, payment.id)
    await calendar.do_due()
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert view.autopay.charge_on == date(2027, 2, 1)
    await calendar.go_to(datetime(2027, 1, 25, tzinfo=UTC))
    assert fake.charges == []


async def test_a_top_up_every_thirty_days_from_the_last(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake, remember=True)
    assert view.autopay.card_id is not None
    offer = await house.autopays.offer_for_top_up(ANNA, view.autopay.payer_id, Money(1_000, "RUB"))
    agreed = agreement(offer, card_id=view.autopay.card_id)
    account = await house.autopays.connect(ANNA, None, view.autopay.payer_id, agreed)
    assert account.autopay.charge_on == date(2027, 1, 1)
    await house.autopays.delete(ANNA, view.autopay.id)
    await calendar.go_to(datetime(2027, 3, 3, tzinfo=UTC))
    days = [fake.charged_at[each.reference].astimezone(calendar.zone).date() for each in fake.charges]
    assert days == [date(2027, 1, 1), date(2027, 1, 31), date(2027, 3, 2)]


async def test_a_charge_in_the_days_of_grace_keeps_the_day_that_it_ends_on(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    await pay_and_connect(house, database, fake)
    fake.will(TOKEN, Ending.NO_FUNDS, Ending.NO_FUNDS)
    await calendar.go_on(days=40)
    assert len(fake.charges) == 3
    assert await paid_until(database, WHATSAPP) == date(2027, 2, 2)


async def test_without_a_road_for_its_receipt_nothing_is_charged_and_nobody_is_asked_every_hour(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    """The seller has switched receipts on since."""
    view = await pay_and_connect(house, database, fake)
    object.__setattr__(fake.methods[0], "needs_email", True)
    await calendar.go_on(days=33)
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert (fake.charges, view.autopay.reason) == ([], AutopayReason.NO_CONTACT)
    offer = await house.autopays.offer_of(ANNA, view.autopay.id)
    agreed = agreement(offer, card_id=view.autopay.card_id)
    with pytest.raises(CustomerError, match="email_needed"):
        await house.autopays.change(ANNA, view.autopay.id, agreed)
    await house.customers.set_email(ANNA, "anna@example.org")
    view = await house.autopays.change(ANNA, view.autopay.id, agreed)
    assert view.autopay.state is AutopayState.ACTIVE


async def test_a_charge_that_the_bank_took_back_is_the_last_without_a_tap(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    await calendar.go_on(days=33)
    [charge] = fake.charges
    back = Refunded("fake", "back-1", f"fake-{charge.reference}", charge.amount, reference=charge.reference)
    await house.settlement.take(back)
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert (view.autopay.state, view.autopay.reason) == (AutopayState.PAUSED, AutopayReason.TAKEN_BACK)
    assert "autopay_paused" in await notices(database)
    await calendar.go_on(days=40)
    assert len(fake.charges) == 1


async def test_a_refund_of_ours_lets_the_autopay_go_on_and_says_so(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    await calendar.go_on(days=33)
    payment = (await house.payments.history(ANNA)).items[0]
    assert payment.autopay_id == view.autopay.id
    with speaking("en"):
        assert "Charged by autopay" in proof(payment)[0], "the history says so"
    await house.refunds.refund(payment.id, payment.amount, who=ANNA, reason="kindness")
    assert (await told(database, "refunded"))["autopay_goes_on"]
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert view.autopay.state is AutopayState.ACTIVE


async def told(database: Database, kind: str) -> dict[str, Any]:
    """What the customer's newest notice of that kind says."""

    def look(tx: Tx) -> dict[str, Any]:
        query = select(outbox.c.payload).where(outbox.c.kind == kind, outbox.c.address == ANNA)
        return dict(tx.connection.execute(query.order_by(outbox.c.id.desc()).limit(1)).scalar_one())

    return await database.read(look)


@pytest.mark.parametrize(("months", "promo", "told_of"), [(1, "", 0), (12, "", 1), (1, "FRIEND", 1)])
async def test_a_yearly_charge_and_the_first_full_one_are_told_of_a_week_before(
    house: House,
    database: Database,
    fake: CardBank,
    calendar: Calendar,
    months: int,
    promo: str,
    told_of: int,
) -> None:
    view = await pay_and_connect(house, database, fake, months=months, promo=promo)
    first = view.autopay.charge_on
    assert first is not None
    await calendar.go_to(datetime.combine(first, datetime.min.time(), UTC) - timedelta(days=4))
    assert (await notices(database)).count("autopay_year") == told_of
    await calendar.go_on(days=40)
    assert len(fake.charges) >= 1
    assert (await notices(database)).count("autopay_year") == told_of, "the full price is no news any more"


async def test_a_paused_autopay_whose_card_was_unlinked_asks_for_another_consent(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    assert view.autopay.card_id is not None
    await house.autopays.pause(ANNA, view.autopay.id)
    await house.saved_cards.unlink(ANNA, view.autopay.card_id, 5)
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert view.autopay.reason == AutopayReason.CARD_UNLINKED
    with pytest.raises(CustomerError, match="autopay_needs_consent"):
        await house.autopays.resume(ANNA, view.autopay.id)
    await calendar.go_on(days=60)
    assert fake.charges == []


async def test_what_is_sold_no_more_is_not_charged_and_that_is_told(
    house: House, database: Database, fake: CardBank, calendar: Calendar
) -> None:
    view = await pay_and_connect(house, database, fake)
    gone = update(connectors).where(connectors.c.id == WHATSAPP).values(tariff="gone")
    await database.write(lambda tx: tx.connection.execute(gone))
    await calendar.go_on(days=33)
    view = await house.autopays.get(ANNA, view.autopay.id)
    assert (fake.charges, view.autopay.reason) == ([], AutopayReason.TARIFF_GONE)
    assert (await told(database, "autopay_paused"))["reason"] == "tariff_gone"
