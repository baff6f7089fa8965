"""Doing without for a while: the days that were paid for are all given, not one more, not one less."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from bot.domain.errors import CustomerError, NotYours
from bot.domain.periods import today
from bot.domain.states import ExtensionCause
from bot.domain.suspensions import Span, Suspension, SuspensionState
from bot.domain.webhooks import SELLER
from bot.services import suspensions as resting
from bot.services.house import House
from bot.services.suspension.views import Subject
from bot.storage.database import Database
from bot.storage.tables import connectors, extensions, outbox, suspensions, webhooks
from bot.storage.tx import Tx
from tests.autopays import connect
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, OWNER, WHATSAPP
from tests.services.money import begun, paid_until
from tests.services.test_invoices import invoiced
from tests.services.test_invoices_given_up import transfer
from tests.services.test_told_elsewhere import told as booked

TODAY = date(2027, 1, 10)
UNTIL = date(2027, 2, 1)
MOSCOW = ZoneInfo("Europe/Moscow")
MOVING_DAYS = 240
WA = Subject(connector_id=WHATSAPP)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon(TODAY), tick=False) as traveller:
        yield traveller


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
async def paid(clock: time_machine.Traveller, house: House, database: Database) -> House:
    """Anna's line is paid until the first of February."""
    await database.write(lambda tx: dated(tx, WHATSAPP, UNTIL))
    return house


def dated(tx: Tx, connector_id: str, until: date, cause: ExtensionCause = ExtensionCause.IMPORT) -> None:
    connector = tx.connectors.lock(connector_id)
    assert connector is not None
    tx.connectors.extend(connector, until, anchor_day=until.day, cause=cause)


async def pay(house: House, fake: FakeGateway, connector_id: str = WHATSAPP, months: int = 1) -> None:
    order = await house.orders.place(ANNA, [connector_id], months)
    reference = await begun(house, house.orders.database, order)
    assert (await house.callbacks.receive("fake", fake.pay(reference))).status == 200


async def on(house: House, clock: time_machine.Traveller, day: date) -> None:
    clock.move_to(noon(day))
    while await house.suspensions.advance():
        pass


async def plan(house: House, starts: date, days: int, subject: Subject = WA) -> Suspension:
    return await house.suspensions.plan(ANNA, subject, Span(starts, starts + timedelta(days=days)))


async def told(database: Database, who: int = ANNA) -> list[tuple[str, dict[str, Any]]]:
    query = select(outbox.c.kind, outbox.c.payload).where(outbox.c.address == who).order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.payload) for row in rows if row.kind.startswith("suspension")]


async def told_seller(database: Database) -> list[tuple[str, dict[str, Any]]]:
    query = select(webhooks.c.kind, webhooks.c.payload).order_by(webhooks.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.payload) for row in rows]


async def test_from_today_its_date_moves_at_once_and_the_seller_hears_both(
    paid: House, database: Database
) -> None:
    database.listeners.add(SELLER)
    begun = await plan(paid, TODAY, 30)
    assert begun.state is SuspensionState.RUNNING
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=30)
    (extended, date_news), (suspended, rest_news) = await told_seller(database)
    assert (extended, date_news["cause"]) == ("connector.extended", "suspension")
    assert (suspended, rest_news["from"], rest_news["until"]) == (
        "connector.suspended",
        "2027-01-10",
        "2027-02-09",
    )
    assert rest_news["sequence"] > date_news["sequence"]
    assert rest_news["paid_until"] == date_news["paid_until"] == "2027-03-03"
    ((kind, facts),) = await told(database)
    assert (kind, facts["lines"][0]["paid_until"]) == ("suspension_started", {"date": "2027-03-03"})


async def test_planned_ahead_nothing_moves_before_its_day(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    planned = await plan(paid, after(5), 10)
    assert planned.state is SuspensionState.PLANNED
    await on(paid, clock, after(4))
    assert await paid_until(database, WHATSAPP) == UNTIL
    await on(paid, clock, after(5))
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=10)
    await on(paid, clock, after(15))
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=10)
    kinds = [kind for kind, _ in await told(database)]
    assert kinds == ["suspension_planned", "suspension_started", "suspension_ended"]


async def test_called_off_before_its_day_it_never_was(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    database.listeners.add(SELLER)
    planned = await plan(paid, after(5), 10)
    cancelled = await paid.suspensions.cancel(ANNA, planned.id)
    assert cancelled.state is SuspensionState.CANCELLED
    await on(paid, clock, after(6))
    assert await paid_until(database, WHATSAPP) == UNTIL
    assert await told_seller(database) == []
    with pytest.raises(CustomerError, match="suspension_over"):
        await paid.suspensions.cancel(ANNA, planned.id)
    await plan(paid, after(7), 10)


async def test_resumed_early_only_the_days_without_it_are_added(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    database.listeners.add(SELLER)
    begun = await plan(paid, TODAY, 60)
    await on(paid, clock, after(12))
    ended = await paid.suspensions.resume(ANNA, begun.id)
    assert (ended.state, ended.ends_on) == (SuspensionState.ENDED, after(12))
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=12)
    kinds = [kind for kind, _ in await told_seller(database)]
    assert kinds == ["connector.extended", "connector.suspended", "connector.extended", "connector.resumed"]
    sequences = [news["sequence"] for _, news in await told_seller(database)]
    assert sequences == sorted(set(sequences))
    await on(paid, clock, after(61))
    assert [kind for kind, _ in await told(database)] == ["suspension_started", "suspension_ended"]
    with pytest.raises(CustomerError, match="suspension_over"):
        await paid.suspensions.resume(ANNA, begun.id)


async def test_taken_back_on_the_same_day_even_its_anchor_day_is_as_before(
    clock: time_machine.Traveller, house: House, database: Database
) -> None:
    anchored = update(connectors).where(connectors.c.id == WHATSAPP).values(anchor_day=31)
    await database.write(lambda tx: dated(tx, WHATSAPP, date(2027, 2, 28)))
    await database.write(lambda tx: tx.connection.execute(anchored) and None)
    begun = await plan(house, TODAY, 10)
    await house.suspensions.resume(ANNA, begun.id)
    connector = await database.read(lambda tx: tx.connectors.get(WHATSAPP))
    assert connector is not None
    assert (connector.paid_until, connector.anchor_day) == (date(2027, 2, 28), 31)


async def test_a_month_paid_meanwhile_is_a_month_afterwards(
    paid: House, database: Database, clock: time_machine.Traveller, fake: FakeGateway
) -> None:
    begun = await plan(paid, TODAY, 30)
    await pay(paid, fake)
    assert await paid_until(database, WHATSAPP) == date(2027, 4, 3)
    await on(paid, clock, after(20))
    await paid.suspensions.resume(ANNA, begun.id)
    assert await paid_until(database, WHATSAPP) == date(2027, 4, 3) - timedelta(days=10)


async def test_paid_after_it_was_planned_it_starts_all_the_same(
    paid: House, database: Database, clock: time_machine.Traveller, fake: FakeGateway
) -> None:
    await plan(paid, after(5), 10)
    await pay(paid, fake)
    await on(paid, clock, after(5))
    assert await paid_until(database, WHATSAPP) == date(2027, 3, 11)


async def test_what_ran_out_before_its_day_does_not_rest(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    await plan(paid, after(20), 10)
    await database.write(lambda tx: dated(tx, WHATSAPP, after(2)))
    await on(paid, clock, after(20))
    assert await paid_until(database, WHATSAPP) == after(2)
    assert [kind for kind, _ in await told(database)] == ["suspension_planned", "suspension_not_started"]
    query = select(suspensions.c.ended_how)
    assert await database.read(lambda tx: tx.connection.execute(query).scalar_one()) == "ran_out"


async def test_the_sellers_own_date_stands_and_is_never_cut_below_today(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    begun = await plan(paid, TODAY, 60)
    await database.write(lambda tx: dated(tx, WHATSAPP, after(30), ExtensionCause.API))
    await on(paid, clock, after(10))
    await paid.suspensions.resume(ANNA, begun.id)
    assert await paid_until(database, WHATSAPP) == after(10)


async def test_what_is_lent_cannot_rest_and_what_rests_is_not_lent(paid: House, database: Database) -> None:
    await plan(paid, TODAY, 10)
    invoice = await invoiced(paid)
    with pytest.raises(CustomerError, match="suspended_now"):
        await paid.bridges.bridge(OWNER, invoice.id, 5, "known for years")


async def test_a_lent_line_is_not_offered_to_rest(paid: House, database: Database) -> None:
    invoice = await invoiced(paid)
    await paid.bridges.bridge(OWNER, invoice.id, 5, "known for years")
    assert not (await paid.suspensions.offer(ANNA, WA)).can_rest
    with pytest.raises(CustomerError, match="nothing_to_suspend"):
        await plan(paid, TODAY, 10)


async def test_a_transfer_that_is_undone_takes_its_days_alone(paid: House, database: Database) -> None:
    invoice = await invoiced(paid)
    (line,) = await booked(database, paid, "1c", transfer(invoice))
    assert await paid_until(database, WHATSAPP) == date(2027, 3, 1)
    await plan(paid, TODAY, 30)
    await paid.statement_desk.undo(OWNER, line)
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=30)


async def test_who_is_forgotten_leaves_it_resting(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    """Its date has moved by as long already: ended now, it would work for more than was paid."""
    await plan(paid, TODAY, 30)
    await paid.personal_data.forget(ANNA)
    await on(paid, clock, after(30))
    query = select(suspensions.c.state, suspensions.c.customer_id)
    (row,) = await database.read(lambda tx: tx.connection.execute(query).all())
    assert (row.state, row.customer_id < 0) == ("ended", True)


@pytest.mark.parametrize(
    ("starts", "days", "problem"),
    [
        (-1, 10, "suspension_start_wrong"),
        (61, 10, "suspension_start_wrong"),
        (0, 9, "suspension_too_short"),
        (0, 182, "suspension_too_long"),
        (23, 10, "nothing_to_suspend"),
    ],
)
async def test_limits(paid: House, starts: int, days: int, problem: str) -> None:
    with pytest.raises(CustomerError, match=problem):
        await plan(paid, after(starts), days)
    with pytest.raises(CustomerError, match=problem):
        await paid.suspensions.preview(ANNA, WA, Span(after(starts), after(starts + days)))


async def test_what_may_be_chosen_and_what_it_would_change(paid: House, database: Database) -> None:
    await database.write(lambda tx: connect(tx, ANNA, WHATSAPP) and None)
    offer = await paid.suspensions.offer(ANNA, WA)
    assert (offer.earliest, offer.latest, offer.can_rest, offer.has_autopay) == (TODAY, UNTIL, True, True)
    (line,) = await paid.suspensions.preview(ANNA, WA, Span(after(1), after(11)))
    assert (line.paid_until, line.until) == (UNTIL, UNTIL + timedelta(days=10))
    assert await paid_until(database, WHATSAPP) == UNTIL


async def test_everybody_his_own_alone(paid: House) -> None:
    begun = await plan(paid, TODAY, 10)
    with pytest.raises(NotYours):
        await paid.suspensions.plan(BOB, WA, Span(TODAY, after(10)))
    for verb in (paid.suspensions.resume, paid.suspensions.cancel):
        with pytest.raises(NotYours):
            await verb(BOB, begun.id)


async def test_one_at_a_time(paid: House) -> None:
    ways = await asyncio.gather(*(plan(paid, TODAY, 10) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(way, Suspension) for way in ways) == 1


async def test_an_account_rests_with_all_that_is_paid_for(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    payer = await database.read(lambda tx: tx.customers.person(ANNA))
    begun = await plan(paid, TODAY, 30, Subject(payer_id=payer))
    assert begun.is_running
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=30)
    assert await paid_until(database, LINE) is None, "it was never paid for"
    ((_, facts),) = await told(database)
    assert [line["title"] for line in facts["lines"]] == ["WhatsApp +7 999"]
    until = await database.read(lambda tx: resting.account_until(tx, payer, after(29)))
    assert until == after(30)
    await on(paid, clock, after(10))
    await paid.suspensions.resume(ANNA, begun.id)
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=10)
    assert [kind for kind, _ in await told(database)] == ["suspension_started", "suspension_ended"]
    assert await database.read(lambda tx: tx.suspensions.of_connector(WHATSAPP)) is None


async def test_of_an_account_one_line_may_come_back_before_the_others(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    await database.write(lambda tx: dated(tx, LINE, UNTIL))
    payer = await database.read(lambda tx: tx.customers.person(ANNA))
    await plan(paid, TODAY, 30, Subject(payer_id=payer))
    await on(paid, clock, after(5))
    part = (await paid.suspensions.stand(ANNA, WA)).lasting
    assert part is not None
    await paid.suspensions.resume(ANNA, part.id)
    await on(paid, clock, after(30))
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=5)
    assert await paid_until(database, LINE) == UNTIL + timedelta(days=30)
    query = select(suspensions.c.state).distinct()
    assert await database.read(lambda tx: tx.connection.execute(query).scalar_one()) == "ended"


async def test_given_to_somebody_else_it_rests_on_and_he_may_wake_it(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    begun = await plan(paid, TODAY, 30)
    await paid.connector_links.detach(ANNA, WHATSAPP)
    await paid.connector_links.attach(BOB, await paid.connector_links.to_attach(WHATSAPP))
    with pytest.raises(NotYours):
        await paid.suspensions.resume(ANNA, begun.id)
    await on(paid, clock, after(10))
    await paid.suspensions.resume(BOB, begun.id)
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=10)
    assert [kind for kind, _ in await told(database, BOB)] == ["suspension_ended"]


async def test_given_away_before_its_day_it_does_not_start(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    await plan(paid, after(5), 30)
    await paid.connector_links.detach(ANNA, WHATSAPP)
    await on(paid, clock, after(5))
    assert await paid_until(database, WHATSAPP) == UNTIL
    assert await database.read(lambda tx: tx.suspensions.of_connector(WHATSAPP)) is None


async def test_autopay_waits_while_it_rests_or_will(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    def waits(tx: Tx) -> date | None:
        connector = tx.connectors.get(WHATSAPP)
        assert connector is not None
        return resting.until(tx, connector)

    assert await database.read(waits) is None
    begun = await plan(paid, after(5), 30)
    assert await database.read(waits) == after(35)
    await on(paid, clock, after(5))
    assert await database.read(waits) == after(35)
    await paid.suspensions.resume(ANNA, begun.id)
    assert await database.read(waits) is None


async def test_at_midnight_nobody_is_woken(
    paid: House, database: Database, clock: time_machine.Traveller
) -> None:
    await plan(paid, after(5), 30)
    clock.move_to(datetime(2027, 1, 14, 21, 5, tzinfo=UTC))
    while await paid.suspensions.advance():
        pass
    assert await paid_until(database, WHATSAPP) == UNTIL + timedelta(days=30)
    query = select(outbox.c.due_at).where(outbox.c.kind == "suspension_started", outbox.c.address == ANNA)
    due = await database.read(lambda tx: tx.connection.execute(query).scalar_one())
    assert datetime(2027, 1, 15, 6, tzinfo=UTC) <= due < datetime(2027, 1, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_done_the_days_given_are_the_days_paid_for(
    house: House, database: Database, clock: time_machine.Traveller, fake: FakeGateway, seed: int
) -> None:
    """Months of paying, planning, calling off and resuming; then it is left to run out."""
    dice, day, given = random.Random(seed), TODAY, 0
    while day < TODAY + timedelta(days=MOVING_DAYS) or day <= (await paid_until(database, WHATSAPP) or day):
        await on(house, clock, day)
        if day < TODAY + timedelta(days=MOVING_DAYS) and dice.random() < 0.3:
            with suppress(CustomerError):
                await do_something(house, fake, dice, day)
        given += await database.read(works)
        day += timedelta(days=1)
    assert given == await database.read(days_paid_for) > 0
    query = select(suspensions.c.state).distinct()
    fates = await database.read(lambda tx: {row.state for row in tx.connection.execute(query)})
    assert fates == {"ended", "cancelled"}, "the dice must try it all"


async def do_something(house: House, fake: FakeGateway, dice: random.Random, day: date) -> None:
    lasting = (await house.suspensions.stand(ANNA, WA)).lasting
    match dice.choice(["pay", "plan", "end", "end"]):
        case "pay":
            await pay(house, fake, months=dice.choice([1, 1, 3]))
        case "plan":
            await plan(house, day + timedelta(days=dice.choice([0, 1, 5, 20])), dice.randint(10, 100))
        case _ if lasting is not None and lasting.is_running:
            await house.suspensions.resume(ANNA, lasting.id)
        case _ if lasting is not None:
            await house.suspensions.cancel(ANNA, lasting.id)


def works(tx: Tx) -> bool:
    """Whether the line works on this day, as the seller was told."""
    connector, lasting = tx.connectors.get(WHATSAPP), tx.suspensions.of_connector(WHATSAPP)
    assert connector is not None
    rests = lasting is not None and lasting.is_running
    return connector.paid_until is not None and connector.paid_until > today(MOSCOW) and not rests


def days_paid_for(tx: Tx) -> int:
    query = select(extensions).where(extensions.c.cause == ExtensionCause.ORDER.value)
    spans = [
        row.to_date - max(row.from_date or date.min, row.created_at.astimezone(MOSCOW).date())
        for row in tx.connection.execute(query)
    ]
    return sum(span.days for span in spans)
