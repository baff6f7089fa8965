"""Charging twice, unasked or unannounced, and losing a charge: what a thief and bad luck may try."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.domain import periods
from bot.domain.autopays import AutopayReason, AutopayState, Interval
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.events import Paid, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import CardOnFile
from bot.domain.states import AttemptState, ExtensionCause
from bot.domain.suspensions import Span
from bot.gateways import base
from bot.services.autopay.views import AutopayView
from bot.services.beginning import NO_WISHES, Wishes
from bot.services.house import House, build_house
from bot.services.settlement import Outcome
from bot.services.suspension.views import Subject
from bot.storage.database import Database
from bot.storage.tables import attempts, autopays
from bot.storage.tx import Tx
from tests.gateways.card_bank import CardBank, Ending
from tests.services.calendar import Calendar, agreement, pay_and_connect
from tests.services.conftest import ANNA, BOB, WHATSAPP, Count, surroundings
from tests.services.money import balance, notices, paid_until, reference_of

TOKEN = "card-1"
SUM = Money(50_000, "RUB")


class MuteBank(CardBank):
    """While it is mute nobody learns what became of a charge; `meanwhile` happens during each call."""

    def __init__(self, name: str = "fake") -> None:
        super().__init__(name)
        self.mute = False
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def charge(self, request: base.ChargeRequest) -> Paid | Refused | Unfinished:
        if self.meanwhile is not None:
            await self.meanwhile()
        return await super().charge(request)

    async def ask_charge(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        if self.mute:
            return Unfinished(self.name, reference)
        return await super().ask_charge(provider_payment, reference, since)


@pytest.fixture
def fake() -> MuteBank:
    return MuteBank()


@pytest.fixture
def traveller() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def calendar(house: House, database: Database, traveller: Any) -> Calendar:
    return Calendar(house, database, traveller)


@pytest.fixture
async def line(house: House, database: Database, fake: MuteBank) -> AutopayView:
    """Anna's line, paid for with a card that is remembered, and charged a day before it runs out."""
    return await pay_and_connect(house, database, fake, remember=True)


@pytest.fixture
async def account(house: House, database: Database, fake: MuteBank) -> AutopayView:
    """Anna's balance, topped up with a card that is remembered, and every thirty days again."""
    return await by_top_up(house, database, fake)


async def by_top_up(house: House, database: Database, fake: CardBank) -> AutopayView:
    payer_id = await database.write(lambda tx: tx.customers.person(ANNA))
    offer = await house.autopays.offer_for_top_up(ANNA, payer_id, SUM)
    await top_up(house, database, fake, Wishes(remember=True, agreed=agreement(offer)))
    return (await house.autopays.all(ANNA))[-1]


async def top_up(house: House, database: Database, fake: CardBank, wishes: Wishes = NO_WISHES) -> None:
    payer_id = await database.write(lambda tx: tx.customers.person(ANNA))
    link = await house.payments.start_top_up(ANNA, payer_id, "fake", SUM, wishes)
    await house.settlement.take(fake.saved(await reference_of(database, link.payment_id), TOKEN))


async def to_the_call(calendar: Calendar, fake: CardBank, day: date) -> str:
    """Go on to the charge of that day; its reference."""
    made = len(fake.charges)
    await calendar.go_to(max(periods.now(), datetime(day.year, day.month, day.day, 6, tzinfo=UTC)))
    while len(fake.charges) == made:
        await calendar.go_on(hours=1)
    return fake.charges[-1].reference


def day_of(view: AutopayView) -> date:
    assert view.autopay.charge_on is not None
    return view.autopay.charge_on


async def state_of(database: Database, view: AutopayView) -> tuple[AutopayState, str]:
    found = await database.read(lambda tx: tx.autopays.get(view.autopay.id))
    assert found is not None
    return found.state, found.reason


# charged twice


async def test_nothing_is_charged_again_while_the_end_of_a_charge_is_unknown(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, account: AutopayView
) -> None:
    """Neither by pausing and going on, nor by deleting and agreeing anew."""
    fake.will(TOKEN, Ending.SILENT_NOT)
    fake.mute = True
    await to_the_call(calendar, fake, day_of(account))
    await house.autopays.pause(ANNA, account.autopay.id)
    await house.autopays.resume(ANNA, account.autopay.id)
    await calendar.go_on(days=6)
    assert len(fake.charges) == 1
    await house.autopays.delete(ANNA, account.autopay.id)
    offer = await house.autopays.offer(ANNA, None, account.payer.id, "RUB", interval=Interval(days=10))
    agreed = agreement(offer, card_id=account.autopay.card_id)
    await house.autopays.connect(ANNA, None, account.payer.id, agreed)
    await calendar.go_on(days=11)
    assert len(fake.charges) == 1
    fake.mute = False
    await calendar.go_on(days=6)
    assert len(fake.charges) == 2, "once it is known, the new one charges"


async def test_a_charge_that_comes_while_paused_counts_as_the_last_one(
    house: House, fake: MuteBank, calendar: Calendar, account: AutopayView
) -> None:
    fake.will(TOKEN, Ending.LATER_PAID)
    fake.mute = True
    await to_the_call(calendar, fake, day_of(account))
    await house.autopays.pause(ANNA, account.autopay.id)
    fake.mute = False
    await calendar.go_on(hours=2)
    view = await house.autopays.resume(ANNA, account.autopay.id)
    assert view.autopay.charge_on == day_of(account) + timedelta(days=30)
    await calendar.go_on(days=20)
    assert len(fake.charges) == 1


async def test_a_top_up_by_hand_stands_for_a_charge_that_never_arrived(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, account: AutopayView
) -> None:
    fake.will(TOKEN, Ending.SILENT_NOT)
    fake.mute = True
    charged = await to_the_call(calendar, fake, day_of(account))
    await top_up(house, database, fake, Wishes(card_id=account.autopay.card_id or 0))
    fake.mute = False
    await calendar.go_on(days=25)
    assert [request.reference for request in fake.charges] == [charged]
    assert charged not in [request.reference for request in fake.links_asked], "nobody is led to its page"
    view = await house.autopays.get(ANNA, account.autopay.id)
    assert view.autopay.charge_on == day_of(account) + timedelta(days=30)


@pytest.mark.parametrize("hand", ["first", "last"])
async def test_by_hand_and_by_autopay_at_once_is_one_month_and_money_on_the_balance(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView, hand: str
) -> None:
    """The provider is silent for so long that he pays by himself."""
    fake.will(TOKEN, Ending.LATER_PAID)
    fake.mute = True
    charged = await to_the_call(calendar, fake, day_of(line))
    await calendar.go_on(minutes=20)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(
        ANNA, order.id, "fake", "RUB", Wishes(card_id=line.autopay.card_id or 0)
    )
    reference = await reference_of(database, link.payment_id)
    assert reference != charged
    told = fake.sales[f"fake-{charged}"].told
    assert isinstance(told, Paid)
    events = [
        lambda: house.callbacks.receive("fake", fake.pay(reference)),
        lambda: house.settlement.take(told),
    ]
    for tell in events if hand == "first" else reversed(events):
        await tell()
    fake.mute = False
    await calendar.go_on(days=3)
    assert (len(fake.charges), await paid_until(database, WHATSAPP)) == (1, date(2027, 2, 2))
    assert await balance(database) == Money(99_000, "RUB")
    assert (await notices(database)).count("autopay_unneeded") == 1


async def test_two_houses_at_the_same_minute_charge_once(
    house: House,
    database: Database,
    catalogue: Catalogue,
    fake: MuteBank,
    calendar: Calendar,
    line: AutopayView,
) -> None:
    """While the customer pauses, goes on, unlinks or deletes: at most one charge, and none afterwards."""
    twin = build_house(database, surroundings(catalogue, fake))
    autopay_id, card_id = line.autopay.id, line.autopay.card_id or 0
    await calendar.go_to(datetime(2027, 1, 1, 6, tzinfo=UTC))
    found = await database.read(lambda tx: tx.autopays.get(autopay_id))
    assert found is not None and found.due_at is not None
    calendar._traveller.move_to(found.due_at + timedelta(minutes=1), tick=False)
    await asyncio.gather(
        house.autopay_charging.charge_due(),
        twin.autopay_charging.charge_due(),
        house.saved_cards.unlink(ANNA, card_id, 7),
        house.autopays.delete(ANNA, autopay_id, 8),
        twin.autopay_charging.charge_due(),
    )
    await asyncio.gather(house.autopay_charging.finish(), twin.autopay_charging.finish())
    assert len(fake.charges) <= 1
    made = len(fake.charges)
    await calendar.go_on(days=35)
    assert len(fake.charges) == made


# a charge lost


@pytest.mark.parametrize("what", ["line", "account"])
async def test_a_payment_that_made_way_for_one_by_hand_still_tells_how_its_charge_ended(
    house: House,
    database: Database,
    fake: MuteBank,
    calendar: Calendar,
    count: Count,
    what: str,
) -> None:
    """Else the autopay would wait for ever, and nobody could decide about the charge."""
    connected = by_top_up if what == "account" else pay_and_connect
    view = await connected(house, database, fake)
    fake.will(TOKEN, Ending.SILENT_NOT)
    fake.mute = True
    charged = await to_the_call(calendar, fake, day_of(view))
    await calendar.go_on(minutes=20)
    if what == "line":
        order = await house.orders.place(ANNA, [WHATSAPP], 1)
        await house.payments.start(ANNA, order.id, "fake", "RUB")
    else:
        await house.payments.start_top_up(ANNA, view.payer.id, "fake", SUM)
    assert await count(attempts, attempts.c.state == AttemptState.SENT.value) == 1
    refused = Refused("fake", charged, Refusal.NO_FUNDS, code="no_funds")
    assert await house.settlement.take(refused) is Outcome.REFUSED
    assert await house.settlement.take(refused) is Outcome.REPEATED
    assert (await state_of(database, view))[0] is AutopayState.RETRYING
    fake.mute = False
    await calendar.go_on(days=3)
    assert len(fake.charges) == 2
    assert (await notices(database)).count("autopay_failed") == 2, "one for him, one for the operators"


async def test_a_late_refusal_of_what_was_paused_begins_no_retries(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, account: AutopayView
) -> None:
    """The next charge is one that was announced, not a retry of the one before."""
    fake.will(TOKEN, Ending.SILENT_NOT)
    fake.mute = True
    charged = await to_the_call(calendar, fake, day_of(account))
    await house.autopays.pause(ANNA, account.autopay.id)
    await house.autopays.resume(ANNA, account.autopay.id)
    announced = (await notices(database)).count("autopay_announced")
    await house.settlement.take(Refused("fake", charged, Refusal.NO_FUNDS, code="no_funds"))
    assert await state_of(database, account) == (AutopayState.ACTIVE, "")
    await calendar.go_on(days=6)
    assert len(fake.charges) == 2
    assert (await notices(database)).count("autopay_announced") == announced + 1


# unannounced


async def test_a_dearer_retry_is_announced_before_it_is_made(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView
) -> None:
    """It was announced at a lower price, which has risen since, though not above what was agreed to."""
    fake.will(TOKEN, Ending.NO_FUNDS)
    await to_the_call(calendar, fake, day_of(line))
    await database.write(lambda tx: tx.autopays.change(line.autopay.id, announced_minor=90_000))
    await calendar.go_on(days=2)
    assert len(fake.charges) == 1
    await calendar.go_on(days=4)
    assert len(fake.charges) == 2
    assert (await notices(database)).count("autopay_announced") == 2


@pytest.mark.parametrize("step", ["announced", "reminded", "declined"])
async def test_after_a_long_sleep_it_is_announced_anew(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView, step: str
) -> None:
    """Nothing ran for two months: what was told then is not what would be charged now."""
    if step == "declined":
        fake.will(TOKEN, Ending.NO_FUNDS)
        await to_the_call(calendar, fake, day_of(line))
    elif step == "reminded":
        await calendar.go_to(datetime(2027, 1, 1, 6, tzinfo=UTC))
    else:
        await calendar.go_to(datetime(2026, 12, 30, 6, tzinfo=UTC))
    made = len(fake.charges)
    calendar._traveller.move_to(datetime(2027, 3, 2, 9, tzinfo=UTC), tick=False)
    await calendar.go_on(hours=70)
    assert len(fake.charges) == made
    await calendar.go_on(days=3)
    assert len(fake.charges) == made + 1
    assert (await notices(database)).count("autopay_announced") == 2


async def test_a_provider_that_was_switched_off_charges_nothing_stale(
    house: House,
    database: Database,
    catalogue: Catalogue,
    fake: MuteBank,
    calendar: Calendar,
    line: AutopayView,
) -> None:
    await calendar.go_to(datetime(2027, 1, 1, 6, tzinfo=UTC))
    calendar.house = build_house(database, surroundings(catalogue))
    await calendar.go_on(days=10)
    assert (await notices(database)).count("charging_refused") == 1
    calendar.house = house
    before = len(await notices(database))
    await calendar.go_on(hours=70)
    assert fake.charges == []
    await calendar.go_on(days=3)
    assert len(fake.charges) == 1
    assert (await notices(database))[before:].count("autopay_announced") == 1


# without a consent, or by a card that must not be charged


async def test_a_card_that_comes_back_brings_no_consent_back(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView
) -> None:
    """Paused, unlinked, saved again under the same token: he has to agree anew."""
    autopay_id, card_id = line.autopay.id, line.autopay.card_id or 0
    await house.autopays.pause(ANNA, autopay_id)
    await house.saved_cards.unlink(ANNA, card_id, 7)
    await top_up(house, database, fake, Wishes(remember=True))
    assert [view.card.id for view in await house.saved_cards.all(ANNA)] == [card_id]
    with pytest.raises(CustomerError, match="autopay_needs_consent"):
        await house.autopays.resume(ANNA, autopay_id)

    def by_force(tx: Tx) -> None:
        plan = {"state": "active", "reason": "", "step": "plan", "due_at": periods.now()}
        tx.connection.execute(autopays.update().where(autopays.c.id == autopay_id).values(**plan))

    await database.write(by_force)
    await calendar.go_on(days=35)
    assert fake.charges == []
    assert await state_of(database, line) == (AutopayState.PAUSED, AutopayReason.CARD_UNLINKED)


async def test_a_card_that_is_unlinked_on_its_page_begins_no_autopay(
    house: House, database: Database, fake: MuteBank, line: AutopayView
) -> None:
    card_id = line.autopay.card_id or 0
    await house.autopays.delete(ANNA, line.autopay.id)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    offer = await house.autopays.offer_for_order(ANNA, order.id, "RUB")
    assert offer is not None
    wishes = Wishes(card_id=card_id, agreed=agreement(offer, card_id=card_id))
    link = await house.payments.start(ANNA, order.id, "fake", "RUB", wishes)
    await house.saved_cards.unlink(ANNA, card_id, 7)
    await house.callbacks.receive("fake", fake.pay(await reference_of(database, link.payment_id)))
    assert await house.autopays.all(ANNA) == []


async def test_a_hard_declined_card_is_never_charged_again_by_anything(
    house: House,
    database: Database,
    fake: MuteBank,
    calendar: Calendar,
    line: AutopayView,
    account: AutopayView,
) -> None:
    fake.will(TOKEN, Ending.BLOCKED)
    await to_the_call(calendar, fake, min(day_of(line), day_of(account)))
    await calendar.go_on(days=3)
    assert len(fake.charges) == 1
    assert {(await state_of(database, view))[1] for view in (line, account)} == {AutopayReason.HARD_DECLINED}
    await house.autopays.delete(ANNA, line.autopay.id)
    offer = await house.autopays.offer(ANNA, WHATSAPP, line.payer.id, "RUB")
    assert offer.cards == ()
    with pytest.raises(CustomerError, match="saved_card_gone"):
        await house.autopays.connect(
            ANNA, WHATSAPP, line.payer.id, agreement(offer, card_id=account.autopay.card_id)
        )
    await top_up(house, database, fake, Wishes(remember=True))
    assert len((await house.autopays.offer(ANNA, WHATSAPP, line.payer.id, "RUB")).cards) == 1


async def test_going_on_again_and_again_ends_below_the_ceiling_of_the_schemes(
    house: House, fake: MuteBank, calendar: Calendar, account: AutopayView
) -> None:
    fake.will(TOKEN, *[Ending.NO_FUNDS] * 60)
    await calendar.go_to(datetime(2027, 1, 1, 21, tzinfo=UTC))
    for _ in range(12):
        await calendar.go_on(days=1)
        await house.autopays.pause(ANNA, account.autopay.id)
        await house.autopays.resume(ANNA, account.autopay.id)
        await calendar.go_on(days=4)
    moments = sorted(fake.charged_at.values())
    within = [sum(at <= each < at + timedelta(days=30) for each in moments) for at in moments]
    assert 10 < max(within) < 15


async def test_a_withdrawal_concerns_the_card_that_was_charged(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView
) -> None:
    """He took another card for his autopay while the call was under way."""
    fake.will(TOKEN, Ending.SILENT_NOT)
    fake.mute = True
    charged = await to_the_call(calendar, fake, day_of(line))

    def another(tx: Tx) -> int:
        card = CardOnFile("card-2", "card-2", "•••• 1111")
        return tx.saved_cards.add(
            ANNA, card, provider="fake", method="fake", remembered=True, payment_id=None
        )

    other = await database.write(another)
    offer = await house.autopays.offer_of(ANNA, line.autopay.id)
    await house.autopays.change(ANNA, line.autopay.id, agreement(offer, card_id=other))
    await house.settlement.take(Refused("fake", charged, Refusal.CARD_REMOVED, code="revoked"))
    assert [view.card.id for view in await house.saved_cards.all(ANNA)] == [other]
    fake.mute = False
    await calendar.go_on(days=3)
    assert [request.token for request in fake.charges] == [TOKEN, "card-2"]


# somebody else's


async def test_a_connector_that_was_handed_on_shows_nothing_of_who_paid_before(
    house: House, database: Database, fake: MuteBank, line: AutopayView
) -> None:
    bobs = await database.write(lambda tx: tx.customers.person(BOB))
    await database.write(lambda tx: tx.connectors.give(WHATSAPP, bobs))
    offer = await house.autopays.offer(BOB, WHATSAPP, bobs, "RUB")
    assert (offer.standing, offer.cards) == (None, ())
    view = await pay_and_connect(house, database, fake, token="card-2", customer=BOB)
    assert (view.autopay.customer_id, view.card and view.card.customer_id) == (BOB, BOB)
    assert (await state_of(database, line))[0] is AutopayState.REVOKED


async def test_a_late_payment_of_who_paid_before_ends_nobodys_autopay(
    house: House, database: Database, fake: MuteBank
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    offer = await house.autopays.offer_for_order(ANNA, order.id, "RUB")
    assert offer is not None
    link = await house.payments.start(ANNA, order.id, "fake", "RUB", Wishes(agreed=agreement(offer)))
    bobs = await database.write(lambda tx: tx.customers.person(BOB))
    await database.write(lambda tx: tx.connectors.give(WHATSAPP, bobs))
    view = await pay_and_connect(house, database, fake, token="card-2", customer=BOB)
    await house.settlement.take(fake.saved(await reference_of(database, link.payment_id), TOKEN))
    assert (await state_of(database, view))[0] is AutopayState.ACTIVE
    assert await house.autopays.all(ANNA) == []
    assert await house.saved_cards.all(ANNA) == [], "it was to serve that autopay alone"


async def test_the_same_card_stands_in_one_list_alone(
    house: House, database: Database, fake: MuteBank, line: AutopayView
) -> None:
    """Two customers paid with one plastic card, and the provider names it alike."""
    payer_id = await database.write(lambda tx: tx.customers.person(BOB))
    link = await house.payments.start_top_up(BOB, payer_id, "fake", SUM, Wishes(remember=True))
    await house.settlement.take(fake.saved(await reference_of(database, link.payment_id), TOKEN))
    assert await house.saved_cards.all(BOB) == []
    assert len(await house.saved_cards.all(ANNA)) == 1


async def test_saved_anew_under_its_old_token_the_card_serves_the_new_autopay(
    house: House, database: Database, fake: MuteBank
) -> None:
    """The autopay before is replaced by it, and does not take the card along."""
    await pay_and_connect(house, database, fake)
    view = await pay_and_connect(house, database, fake)
    assert view.card is not None and view.card.is_linked


async def test_what_was_ticked_last_counts_whichever_method_is_paid_by(
    house: House, database: Database, fake: MuteBank
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    offer = await house.autopays.offer_for_order(ANNA, order.id, "RUB")
    assert offer is not None
    link = await house.payments.start(ANNA, order.id, "fake", "RUB", Wishes(agreed=agreement(offer)))
    await house.payments.start(ANNA, order.id, "hinting", "RUB")
    await house.settlement.take(fake.saved(await reference_of(database, link.payment_id), TOKEN))
    assert await house.autopays.all(ANNA) == []


async def test_an_order_that_was_given_up_begins_no_autopay(
    house: House, database: Database, fake: MuteBank
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    offer = await house.autopays.offer_for_order(ANNA, order.id, "RUB")
    assert offer is not None
    link = await house.payments.start(ANNA, order.id, "fake", "RUB", Wishes(agreed=agreement(offer)))
    await house.orders.cancel(ANNA, order.id)
    await house.settlement.take(fake.saved(await reference_of(database, link.payment_id), TOKEN))
    assert (await house.autopays.all(ANNA), await house.saved_cards.all(ANNA)) == ([], [])


async def test_an_agreement_names_the_card_that_he_pays_with(
    house: House, database: Database, line: AutopayView
) -> None:
    payer_id = await database.write(lambda tx: tx.customers.person(BOB))
    offer = await house.autopays.offer_for_top_up(BOB, payer_id, SUM)
    agreed = replace(agreement(offer), card_id=line.autopay.card_id)
    with pytest.raises(CustomerError, match="saved_card_gone"):
        await house.payments.start_top_up(BOB, payer_id, "fake", SUM, Wishes(agreed=agreed))


# while the call is under way


def _acts(house: House, database: Database, view: AutopayView) -> dict[str, Callable[[], Awaitable[object]]]:
    """What a customer, his seller or his bank may do while the call is under way."""
    autopay_id, card_id = view.autopay.id, view.autopay.card_id or 0

    async def suspend() -> object:
        today = periods.now().date()
        span = Span(today, today + timedelta(days=20))
        return await house.suspensions.plan(ANNA, Subject(connector_id=WHATSAPP), span)

    async def change() -> object:
        offer = await house.autopays.offer_of(ANNA, autopay_id)
        return await house.autopays.change(ANNA, autopay_id, agreement(offer, card_id=card_id))

    async def back() -> object:
        def move(tx: Tx) -> None:
            connector = tx.connectors.lock(WHATSAPP)
            assert connector is not None
            on = date(2026, 12, 20)
            tx.connectors.extend(connector, on, anchor_day=20, cause=ExtensionCause.IMPORT)

        return await database.write(move)

    async def handed() -> object:
        def give(tx: Tx) -> None:
            tx.connectors.give(WHATSAPP, tx.customers.person(BOB))

        return await database.write(give)

    async def detached() -> object:
        return await database.write(lambda tx: tx.connectors.detach(WHATSAPP, view.payer.id))

    return {
        "unlink": lambda: house.saved_cards.unlink(ANNA, card_id, 7),
        "delete": lambda: house.autopays.delete(ANNA, autopay_id, 8),
        "pause": lambda: house.autopays.pause(ANNA, autopay_id),
        "forget": lambda: house.personal_data.forget(ANNA),
        "change": change,
        "suspend": suspend,
        "moved back": back,
        "handed on": handed,
        "detached": detached,
    }


PAUSED, ACTIVE, REVOKED = AutopayState.PAUSED, AutopayState.ACTIVE, AutopayState.REVOKED


@pytest.mark.parametrize(
    ("act", "ending", "charges", "months", "state"),
    [
        ("unlink", Ending.SILENT_NOT, 1, 1, PAUSED),
        ("delete", Ending.SILENT_PAID, 1, 2, REVOKED),
        ("pause", Ending.NO_FUNDS, 1, 1, PAUSED),
        ("forget", Ending.SILENT_NOT, 1, 1, REVOKED),
        ("change", Ending.PAID, 1, 2, ACTIVE),
        ("suspend", Ending.NO_FUNDS, 1, 1, ACTIVE),
        ("moved back", Ending.SILENT_NOT, 2, 2, ACTIVE),
        ("handed on", Ending.SILENT_NOT, 1, 1, PAUSED),
        ("detached", Ending.NO_FUNDS, 1, 1, PAUSED),
    ],
)
async def test_whatever_happens_during_the_call(
    house: House,
    database: Database,
    fake: MuteBank,
    calendar: Calendar,
    line: AutopayView,
    count: Count,
    act: str,
    ending: Ending,
    charges: int,
    months: int,
    state: AutopayState,
) -> None:
    """The charge ends as it ends, is heard of, and none follows that nobody wants."""

    async def meanwhile() -> None:
        fake.meanwhile = None
        await _acts(house, database, line)[act]()

    fake.meanwhile = meanwhile
    fake.will(TOKEN, ending)
    await to_the_call(calendar, fake, day_of(line))
    await calendar.go_on(days=12)
    paid = [each for each in fake.sales.values() if isinstance(each.told, Paid)]
    assert (len(fake.charges), len(paid)) == (charges, months)
    assert (await state_of(database, line))[0] is state
    assert await count(attempts, attempts.c.state == AttemptState.SENT.value) == 0


async def test_money_that_was_not_needed_goes_back_or_is_used_but_not_both(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView
) -> None:
    """Four taps at once; its charge was cancelled by hand while nobody knew of its end."""
    fake.will(TOKEN, Ending.SILENT_PAID)

    async def meanwhile() -> None:
        (order_id,) = await database.read(lambda tx: tx.orders.open_with([WHATSAPP]))
        await house.orders.cancel(ANNA, order_id)

    fake.meanwhile = meanwhile
    charged = await to_the_call(calendar, fake, day_of(line))
    await calendar.go_on(hours=1)
    payment = await database.read(lambda tx: tx.payments.by_reference(charged))
    assert payment is not None
    assert await balance(database) == payment.amount
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    taps = (
        house.autopays.give_back(ANNA, payment.id),
        house.orders.settle(ANNA, order.id, "RUB"),
        house.autopays.give_back(ANNA, payment.id),
        house.orders.settle(ANNA, order.id, "RUB"),
    )
    await asyncio.gather(*taps, return_exceptions=True)
    assert await balance(database) == Money(0, "RUB")
    is_paid = await paid_until(database, WHATSAPP) == date(2027, 2, 2)
    assert len(fake.sales[f"fake-{charged}"].refunds) == (0 if is_paid else 1)


async def test_two_taps_at_once_connect_one_autopay(
    house: House, database: Database, fake: MuteBank, line: AutopayView
) -> None:
    await house.autopays.delete(ANNA, line.autopay.id)
    offer = await house.autopays.offer(ANNA, WHATSAPP, line.payer.id, "RUB")
    agreed = agreement(offer, card_id=line.autopay.card_id)
    taps = [house.autopays.connect(ANNA, WHATSAPP, line.payer.id, agreed) for _ in range(4)]
    assert len({view.autopay.id for view in await asyncio.gather(*taps)}) == 1


async def test_terms_that_were_agreed_to_during_the_call_hold_for_what_is_sent_again(
    house: House, fake: MuteBank, calendar: Calendar, account: AutopayView
) -> None:
    """The call never arrived; the next one keeps the first day of the new consent, and is announced."""
    fake.will(TOKEN, Ending.SILENT_NOT)
    fake.mute = True
    await to_the_call(calendar, fake, day_of(account))
    offer = await house.autopays.offer_of(ANNA, account.autopay.id, Interval(days=10), Money(30_000, "RUB"))
    await house.autopays.change(ANNA, account.autopay.id, agreement(offer, card_id=account.autopay.card_id))
    fake.mute = False
    await calendar.go_to(datetime.combine(offer.first_on, time(5), tzinfo=UTC))
    assert len(fake.charges) == 1
    await calendar.go_on(days=1)
    assert [request.amount for request in fake.charges] == [SUM, Money(30_000, "RUB")]


async def test_nothing_is_charged_onto_a_balance_while_he_is_at_the_page_of_a_top_up(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, account: AutopayView
) -> None:
    await calendar.go_to(datetime.combine(day_of(account), time(6), tzinfo=UTC))
    found = await database.read(lambda tx: tx.autopays.get(account.autopay.id))
    assert found is not None and found.due_at is not None
    calendar._traveller.move_to(found.due_at - timedelta(minutes=1), tick=False)
    link = await house.payments.start_top_up(ANNA, account.payer.id, "fake", SUM)
    await calendar.go_on(minutes=20)
    assert fake.charges == []
    await house.callbacks.receive("fake", fake.pay(await reference_of(database, link.payment_id)))
    await calendar.go_on(days=20)
    assert fake.charges == []


@pytest.mark.parametrize("is_declined", [False, True])
async def test_after_a_rest_of_the_account_its_charge_is_announced_anew(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, is_declined: bool
) -> None:
    """Announced or declined before, it waits; the day that was told then has long passed."""
    await pay_and_connect(house, database, fake, token="card-2")
    account = await by_top_up(house, database, fake)
    if is_declined:
        fake.will(TOKEN, Ending.NO_FUNDS)
        while TOKEN not in {request.token for request in fake.charges}:
            await to_the_call(calendar, fake, day_of(account))
    else:
        await calendar.go_to(datetime.combine(day_of(account) - timedelta(days=2), time(9), tzinfo=UTC))
    made = len(fake.charges)
    today = periods.now().date()
    span = Span(today, today + timedelta(days=20))
    await house.suspensions.plan(ANNA, Subject(payer_id=account.payer.id), span)
    before = len(await notices(database))
    await calendar.go_on(days=22)
    assert TOKEN not in {request.token for request in fake.charges[made:]}
    await calendar.go_on(days=5)
    told = (await notices(database))[before:]
    charged = [request for request in fake.charges[made:] if request.token == TOKEN]
    assert len(charged) == 1
    assert told.count("autopay_announced") >= 1


async def test_money_taken_back_during_retries_stops_them(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView
) -> None:
    """A debt blocks autopay; what pays it by hand lets it go on."""
    first = next(iter(fake.sales.values()))
    fake.will(TOKEN, Ending.NO_FUNDS)
    await to_the_call(calendar, fake, day_of(line))
    await house.callbacks.receive("fake", fake.refund_by_hand(first.reference, first.amount))
    await calendar.go_on(days=12)
    assert len(fake.charges) == 1
    assert (await state_of(database, line))[1] in (AutopayReason.DEBT, AutopayReason.REVOKED)


async def test_a_zone_that_changes_before_the_charge_keeps_its_day_and_its_hours(
    house: House, database: Database, fake: MuteBank, calendar: Calendar, line: AutopayView
) -> None:
    announced_at = datetime.combine(day_of(line) - timedelta(days=2), time(9), tzinfo=UTC)
    await calendar.go_to(announced_at)
    for zone in ("Asia/Vladivostok", "Europe/Kaliningrad", "Asia/Kamchatka"):
        await house.customers.choose_zone(ANNA, zone)
        await calendar.go_on(hours=8)
    await calendar.go_on(days=5)
    (charged_at,) = fake.charged_at.values()
    assert 9 <= charged_at.astimezone(ZoneInfo("Asia/Kamchatka")).hour < 21


async def test_no_webhook_told_again_links_what_was_unlinked(
    house: House, database: Database, fake: MuteBank
) -> None:
    """Two payments saved the same card under the same token; each is told of again afterwards."""
    told = []
    for _ in range(2):
        payer_id = await database.write(lambda tx: tx.customers.person(ANNA))
        link = await house.payments.start_top_up(ANNA, payer_id, "fake", SUM, Wishes(remember=True))
        told.append(fake.saved(await reference_of(database, link.payment_id), TOKEN))
        await house.settlement.take(told[-1])
    (view,) = await house.saved_cards.all(ANNA)
    await house.saved_cards.unlink(ANNA, view.card.id, 7)
    for event in told:
        await house.settlement.take(event)
    assert await house.saved_cards.all(ANNA) == []
    await house.saved_cards.tell_providers()
    for event in told:
        await house.settlement.take(event)
    assert await house.saved_cards.all(ANNA) == []
