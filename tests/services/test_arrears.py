"""A connector whose autopay could not pay: grace, limited, stopped, each told by day, ended by any money."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from bot.domain.arrears import ArrearsStage, course
from bot.domain.autopay_terms import AutopayTerms
from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.catalogue import Catalogue
from bot.domain.states import ExtensionCause
from bot.domain.webhooks import SELLER
from bot.services import arrears as owing
from bot.services.autopay import ending as autopay_ending
from bot.services.house import House
from bot.services.imports import ImportService
from bot.storage.database import Database
from bot.storage.tables import arrears, autopay_consents, connectors, outbox, webhooks
from bot.storage.tx import Tx
from tests.autopays import connect
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP
from tests.services.money import begun, paid_until

PAID_UNTIL = date(2026, 12, 10)
HEAD = "id,kind,title,tariff,paid_until,telegram_id,phone,email"
NOON = timedelta(hours=9)
"""Of Moscow, in UTC."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(_noon(PAID_UNTIL), tick=False) as coordinates:
        yield coordinates


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + NOON


def failing(tx: Tx, connector_id: str = WHATSAPP, **changes: Any) -> int:
    """Anna's connector, paid until that day, with an autopay that was declined."""
    dated(tx, connector_id, PAID_UNTIL)
    usual: dict[str, Any] = {"state": AutopayState.RETRYING.value, "tries": 2, "token": connector_id}
    return connect(tx, ANNA, connector_id, **usual | changes).autopay_id


def dated(tx: Tx, connector_id: str, until: date) -> None:
    connector = tx.connectors.lock(connector_id)
    assert connector is not None
    tx.connectors.extend(connector, until, anchor_day=until.day, cause=ExtensionCause.IMPORT)


def delete(tx: Tx, autopay_id: int) -> None:
    autopay = tx.autopays.get(autopay_id)
    assert autopay is not None
    autopay_ending.end(tx, autopay, AutopayReason.CUSTOMER, tell=False)


async def told(database: Database) -> list[tuple[str, dict[str, Any]]]:
    """What Anna heard."""
    query = select(outbox.c.kind, outbox.c.payload).where(outbox.c.address == ANNA).order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.payload) for row in rows]


async def told_seller(database: Database) -> list[tuple[str, dict[str, Any]]]:
    """What his system heard of connectors."""
    query = select(webhooks.c.kind, webhooks.c.payload).order_by(webhooks.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.payload) for row in rows if row.kind.startswith("connector.")]


async def on(house: House, clock: time_machine.Traveller, days: int) -> None:
    """Noon, so many days after the last paid one, and everything done that is due."""
    clock.move_to(_noon(PAID_UNTIL + timedelta(days=days)))
    while await house.arrears.advance():
        pass


def test_stages_are_counted_from_the_first_day_that_is_not_paid() -> None:
    days = course(date(2026, 12, 11), AutopayTerms())
    assert (days.limited_on, days.stopped_on) == (date(2026, 12, 14), date(2026, 12, 25))
    assert days.kept_until == date(2027, 1, 24)
    stages = [days.stage_on(date(2026, 12, day)) for day in (11, 13, 14, 24, 25)]
    assert stages == ["grace", "grace", "limited", "limited", "stopped"]


def test_where_nothing_is_limited_grace_ends_in_a_stop() -> None:
    days = course(date(2026, 12, 11), AutopayTerms(grace_days=5, limited_days=5))
    assert days.ends_on(ArrearsStage.GRACE) == days.stopped_on
    assert days.stage_on(days.stopped_on) is ArrearsStage.STOPPED


async def test_each_stage_is_told_once_to_both(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    database.listeners.add(SELLER)
    autopay_id = await database.write(failing)
    for days in (0, 1, 1, 2, 3, 4, 5, 14, 15, 16, 40):
        await on(house, clock, days)
    kinds = [kind for kind, _ in await told(database)]
    assert kinds == ["arrears_grace", "arrears_limited", "arrears_stopped"]
    _, grace = (await told(database))[0]
    assert (grace["since"], grace["until"]) == ({"date": "2026-12-11"}, {"date": "2026-12-14"})
    news = await told_seller(database)
    assert [kind for kind, _ in news] == ["connector.grace", "connector.limited", "connector.stopped"]
    sequences = [each["sequence"] for _, each in news]
    assert sequences == sorted(set(sequences))
    assert [each["until"] for _, each in news] == ["2026-12-14", "2026-12-25", None]
    autopay = await database.read(lambda tx: tx.autopays.get(autopay_id))
    assert autopay is not None
    assert (autopay.state, autopay.reason) == (AutopayState.REVOKED, AutopayReason.GRACE_PERIOD_EXPIRED)
    query = select(autopay_consents.c.ended_how)
    assert await database.read(lambda tx: tx.connection.execute(query).scalar_one()) == autopay.reason


async def test_nothing_begins_before_it_has_run_out_or_without_a_failure(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    await database.write(failing)
    await database.write(
        lambda tx: failing(tx, LINE, state=AutopayState.PAUSED.value, reason=AutopayReason.CUSTOMER.value)
    )
    await on(house, clock, 0)
    assert await told(database) == []
    await on(house, clock, 2)
    assert [each["connector_id"] for _, each in await told(database)] == [WHATSAPP]


async def test_a_charge_that_was_declined_begins_them_once(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    autopay_id = await database.write(failing)

    def declined(tx: Tx) -> tuple[bool, bool]:
        autopay, connector = tx.autopays.get(autopay_id), tx.connectors.lock(WHATSAPP)
        assert autopay is not None
        assert connector is not None
        day = PAID_UNTIL + timedelta(days=1)
        return owing.begin(tx, autopay, connector, PAID_UNTIL), owing.begin(tx, autopay, connector, day)

    assert await database.write(declined) == (False, True)
    assert (await database.write(declined))[1] is False
    await on(house, clock, 1)
    assert [kind for kind, _ in await told(database)] == ["arrears_grace"]


async def test_money_ends_them_and_the_seller_hears_of_it_last(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    database.listeners.add(SELLER)
    await database.write(failing)
    await on(house, clock, 1)
    await on(house, clock, 5)

    def paid(tx: Tx) -> tuple[str, bool]:
        dated(tx, WHATSAPP, PAID_UNTIL + timedelta(days=31))
        ended = owing.end(tx, WHATSAPP, "paid")
        assert ended is not None
        return ended.stage.value, owing.end(tx, WHATSAPP, "paid") is None

    assert await database.write(paid) == ("limited", True)
    kind, news = (await told_seller(database))[-1]
    assert (kind, news["stage"], news["reason"]) == ("connector.restored", "limited", "paid")
    assert (news["since"], news["paid_until"]) == ("2026-12-11", "2027-01-10")
    await on(house, clock, 20)
    assert [kind for kind, _ in await told(database)] == ["arrears_grace", "arrears_limited"]
    query = select(arrears.c.ended_how)
    assert await database.read(lambda tx: tx.connection.execute(query).scalar_one()) == "paid"


async def test_a_payment_by_hand_ends_them_and_its_notice_says_so(
    house: House, database: Database, clock: time_machine.Traveller, fake: FakeGateway
) -> None:
    database.listeners.add(SELLER)
    await database.write(failing)
    await on(house, clock, 1)
    await on(house, clock, 4)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    kind, facts = next(each for each in await told(database) if each[0] == "paid")
    assert [line["restored"] for line in facts["lines"]] == [True], kind
    kinds = [kind for kind, _ in await told_seller(database)]
    assert kinds == ["connector.grace", "connector.limited", "connector.extended", "connector.restored"]
    sequences = [news["sequence"] for _, news in await told_seller(database)]
    assert sequences == sorted(set(sequences))


async def test_days_of_grace_are_paid_for_but_not_the_months_before_them(
    house: House, database: Database, clock: time_machine.Traveller, fake: FakeGateway
) -> None:
    """It had been out of use for two months when its autopay failed."""
    await database.write(failing)
    await on(house, clock, 60)
    await on(house, clock, 62)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    assert await paid_until(database, WHATSAPP) == date(2027, 3, 7), "from the day before it was warned of"
    assert await database.read(lambda tx: tx.arrears.of_connector(WHATSAPP)) is None


async def test_the_sellers_own_date_ends_them_where_it_pays_for_the_days(
    house: House, database: Database, clock: time_machine.Traveller, catalogue: Catalogue, tmp_path: Path
) -> None:
    database.listeners.add(SELLER)
    await database.write(failing)
    await on(house, clock, 1)
    file = tmp_path / "lines.csv"
    imports = ImportService(database, catalogue, "ru")
    for until, ended in (("2026-12-09", 0), ("2026-12-31", 1)):
        file.write_text(f"{HEAD}\nwa-1,whatsapp,WhatsApp +7 999,whatsapp,{until},1001,,\n")
        await imports.connectors(file, set_dates=True)
        kinds = [kind for kind, _ in await told_seller(database)]
        assert kinds.count("connector.restored") == ended
    assert (await told_seller(database))[-1][1]["reason"] == "import"


async def test_they_begin_anew_when_it_runs_out_again(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    await database.write(failing)
    await on(house, clock, 1)
    await database.write(lambda tx: dated(tx, WHATSAPP, PAID_UNTIL + timedelta(days=2)))
    await on(house, clock, 2)
    assert [kind for kind, _ in await told(database)] == ["arrears_grace"]
    await on(house, clock, 4)  # the first end by its new date, though nobody said so
    assert [kind for kind, _ in await told(database)] == ["arrears_grace", "arrears_grace"]
    assert await database.read(lambda tx: tx.connection.execute(select(arrears.c.ended_how)).all()) == [
        ("moved",),
        ("",),
    ]


async def test_at_night_nobody_is_woken(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    database.listeners.add(SELLER)
    await database.write(failing)
    await database.write(lambda tx: tx.customers.choose_zone(ANNA, "Asia/Vladivostok"))
    clock.move_to(datetime(2026, 12, 11, 16, 0, tzinfo=UTC))  # two at night there
    while await house.arrears.advance():
        pass
    assert await told(database) == []
    assert await told_seller(database) == []
    clock.move_to(datetime(2026, 12, 12, 1, 30, tzinfo=UTC))
    while await house.arrears.advance():
        pass
    assert [kind for kind, _ in await told(database)] == ["arrears_grace"]


async def test_what_ran_out_long_ago_is_warned_of_first(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    await database.write(failing)
    await on(house, clock, 60)
    ((kind, facts),) = await told(database)
    assert (kind, facts["since"]) == ("arrears_grace", {"date": "2027-02-08"})


async def test_who_deleted_the_autopay_or_gave_the_line_away_is_not_written_to(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    database.listeners.add(SELLER)
    autopay_id = await database.write(failing)
    await database.write(lambda tx: failing(tx, LINE))
    await on(house, clock, 1)
    await database.write(lambda tx: delete(tx, autopay_id))
    give = update(connectors).where(connectors.c.id == LINE)
    await database.write(
        lambda tx: tx.connection.execute(give.values(payer_id=tx.customers.person(BOB))) and None
    )
    await on(house, clock, 5)
    assert [kind for kind, _ in await told(database)] == ["arrears_grace", "arrears_grace"]
    assert sorted(kind for kind, _ in await told_seller(database))[2:] == ["connector.limited"] * 2
    kept = await database.read(lambda tx: tx.autopays.get(autopay_id))
    assert kept is not None
    assert kept.reason == AutopayReason.CUSTOMER


async def test_an_autopay_that_was_set_right_is_not_ended(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    autopay_id = await database.write(failing)
    await on(house, clock, 1)
    await database.write(lambda tx: tx.autopays.change(autopay_id, state=AutopayState.ACTIVE.value))
    await on(house, clock, 16)
    autopay = await database.read(lambda tx: tx.autopays.get(autopay_id))
    assert autopay is not None
    assert autopay.state is AutopayState.ACTIVE


async def test_two_clocks_at_once_tell_each_stage_once(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    await database.write(failing)
    clock.move_to(_noon(PAID_UNTIL + timedelta(days=1)))
    await asyncio.gather(*(house.arrears.advance() for _ in range(4)))
    await asyncio.gather(*(house.arrears.advance() for _ in range(4)))
    assert [kind for kind, _ in await told(database)] == ["arrears_grace"]


def test_terms_of_a_catalogue_move_the_days() -> None:
    terms = replace(AutopayTerms(), grace_days=1, limited_days=2, kept_days=3)
    days = course(date(2026, 2, 27), terms)
    assert (days.limited_on, days.stopped_on, days.kept_until) == (
        date(2026, 2, 28),
        date(2026, 3, 1),
        date(2026, 3, 4),
    )
