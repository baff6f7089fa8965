"""Reminders before something runs out: 7, 3 and 1 day before, by day, once, and all of it in one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from bot.domain.autopays import CHARGING, Agreement, AutopayReason, AutopayState, Interval
from bot.domain.customers import Connector
from bot.domain.errors import NotYours
from bot.domain.money import Money
from bot.domain.notice_topics import NoticePlace, NoticeTopic
from bot.domain.states import ExtensionCause
from bot.keyboards.buttons import handle
from bot.services import renewals
from bot.services.house import House
from bot.storage.connectors import Bridge
from bot.storage.database import Database
from bot.storage.payloads import from_json
from bot.storage.renewals import _OF_CUSTOMER, _PAGE
from bot.storage.tables import connectors, customers, outbox, payers, suspensions
from bot.storage.tx import Tx
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP

MOSCOW = ZoneInfo("Europe/Moscow")
TODAY = date(2026, 12, 1)
MORNING = datetime(2026, 12, 1, 11, 0, tzinfo=MOSCOW)


async def ends(database: Database, connector_id: str, days: int, bridge: Bridge | None = None) -> None:
    """Let it run out so many days from today."""

    def extend(tx: Tx) -> None:
        connector = tx.connectors.lock(connector_id)
        assert connector is not None
        until, cause = TODAY + timedelta(days=days), ExtensionCause.OPERATOR
        tx.connectors.extend(connector, until, anchor_day=until.day, cause=cause, bridge=bridge)

    await database.write(extend)


async def change(database: Database, connector_id: str, **values: Any) -> None:
    query = update(connectors).where(connectors.c.id == connector_id).values(**values)
    await database.write(lambda tx: tx.connection.execute(query) and None)


async def remind(house: House, at: datetime = MORNING) -> None:
    with time_machine.travel(at, tick=False):
        while await house.renewals.remind_due():
            pass


async def reminded(database: Database) -> list[dict[str, Any]]:
    query = select(outbox).where(outbox.c.kind == "runs_out").order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [from_json(row.payload) | {"due_at": row.due_at, "who": row.address} for row in rows]


async def autopay(database: Database, state: AutopayState, reason: str = "") -> None:
    def write(tx: Tx) -> None:
        connector = tx.connectors.get(WHATSAPP)
        assert connector is not None and connector.payer_id is not None
        autopay_id = tx.autopays.add(
            reference=f"autopay-{state}",
            customer_id=ANNA,
            payer_id=connector.payer_id,
            connector_id=WHATSAPP,
            currency="RUB",
            minor=99000,
            months=1,
            balance_first=True,
            state=state.value,
            reason=reason,
        )
        if state in CHARGING:
            amount, month = Money(99000, "RUB"), Interval(months=1)
            agreed = Agreement("Take it.", "1", "en", amount, month, first_on=TODAY)
            tx.autopay_consents.give(autopay_id, ANNA, agreed, card="")

    await database.write(write)


async def test_a_connector_that_runs_out_is_told_of_once_a_day(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 3)
    for _again in range(2):
        await remind(house)
    (notice,) = await reminded(database)
    (line,) = notice["lines"]
    assert (line["connector_id"], line["days"], line["lent"]) == (WHATSAPP, 3, False)
    assert line["paid_until"] == TODAY + timedelta(days=3)
    assert notice["who"] == ANNA


async def test_other_days_are_quiet(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 30)
    for day in range(33):
        if 30 - day not in (7, 3, 1):
            await remind(house, MORNING + timedelta(days=day))
    assert await reminded(database) == []


async def test_all_that_is_his_comes_in_one(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 7)
    await ends(database, LINE, 1)
    await remind(house)
    (notice,) = await reminded(database)
    assert [line["connector_id"] for line in notice["lines"]] == [LINE, WHATSAPP], "the first to end on top"


async def test_each_day_has_its_own(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 7)
    for day in range(8):
        await remind(house, MORNING + timedelta(days=day))
    assert [notice["lines"][0]["days"] for notice in await reminded(database)] == [7, 3, 1]


async def test_nobody_is_reminded_of_what_was_paid_meanwhile(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 7)
    await remind(house)
    await ends(database, WHATSAPP, 37)
    await remind(house, MORNING + timedelta(days=4))
    assert len(await reminded(database)) == 1


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (AutopayState.ACTIVE, "", 0),
        (AutopayState.RETRYING, "", 0),
        (AutopayState.PAUSED, AutopayReason.PRICE_CHANGED, 0),
        (AutopayState.PAUSED, AutopayReason.CUSTOMER, 1),
        (AutopayState.WAITING, "", 1),
        (AutopayState.REVOKED, AutopayReason.CUSTOMER, 1),
    ],
)
async def test_what_an_autopay_will_pay_for_is_told_of_by_the_autopay(
    house: House, database: Database, state: AutopayState, reason: str, told: int
) -> None:
    await ends(database, WHATSAPP, 3)
    await autopay(database, state, reason)
    await remind(house)
    assert len(await reminded(database)) == told


@pytest.mark.parametrize("whole_payer", [True, False])
async def test_what_is_suspended_runs_out_later(house: House, database: Database, whole_payer: bool) -> None:
    await ends(database, WHATSAPP, 3)

    def suspend(tx: Tx) -> None:
        connector = tx.connectors.get(WHATSAPP)
        assert connector is not None
        row = {
            "customer_id": ANNA,
            "payer_id": connector.payer_id,
            "connector_id": None if whole_payer else WHATSAPP,
            "state": "running",
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=30),
            "created_at": MORNING,
        }
        tx.connection.execute(suspensions.insert(), row)

    await database.write(suspend)
    await remind(house)
    assert await reminded(database) == []


async def test_lent_days_are_called_so(house: House, database: Database) -> None:
    yesterday = TODAY - timedelta(days=1)
    await ends(database, WHATSAPP, 0)
    await ends(database, WHATSAPP, 3, Bridge(before=TODAY, since=yesterday))
    await remind(house)
    (notice,) = await reminded(database)
    assert notice["lines"][0]["lent"] is True


async def test_what_cannot_be_paid_here_is_not_asked_for(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 3)
    await change(database, WHATSAPP, tariff="of-old")
    await ends(database, LINE, 3)
    await change(database, LINE, payer_id=None)
    await remind(house)
    assert await reminded(database) == []


async def test_nights_are_quiet(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 3)
    for hour in (0, 8, 21, 23):
        await remind(house, MORNING.replace(hour=hour))
    assert await reminded(database) == []


async def test_a_customer_far_away_hears_of_it_in_his_own_morning(house: House, database: Database) -> None:
    """At 20:30 in Moscow it is 3:30 of the next day in Vladivostok, and a day less is left."""
    await ends(database, WHATSAPP, 3)
    await database.write(lambda tx: tx.customers.choose_zone(ANNA, "Asia/Vladivostok"))
    await remind(house, datetime(2026, 12, 1, 17, 30, tzinfo=UTC))
    (notice,) = await reminded(database)
    local = notice["due_at"].astimezone(ZoneInfo("Asia/Vladivostok"))
    assert (local.date(), local.hour) in [(TODAY + timedelta(days=1), 9), (TODAY + timedelta(days=1), 10)]
    assert notice["lines"][0]["days"] == 2


async def test_who_wants_none_gets_none(house: House, database: Database) -> None:
    await ends(database, WHATSAPP, 3)
    await house.notice_choices.choose(ANNA, NoticeTopic.RENEWAL, NoticePlace.OFF)
    await remind(house)
    assert await reminded(database) == []


async def test_a_pass_goes_page_by_page_and_waits_while_many_wait(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewals, "AT_ONCE", 3)
    monkeypatch.setattr(renewals, "MOST_WAITING", 5)

    def many(tx: Tx) -> None:
        for number in range(10):
            tx.customers.add(5000 + number, name="Many", language="en")
            payer = tx.customers.person(5000 + number)
            tx.connectors.add(Connector(f"m-{number}", "line", "Line", "line", payer, None, None))

    await database.write(many)
    for number in range(10):
        await ends(database, f"m-{number}", 3)
    await remind(house)
    assert len(await reminded(database)) == 6, "two pages: then so many wait that no more are written"
    await database.write(lambda tx: tx.connection.execute(update(outbox).values(state="sent")) and None)
    await remind(house)
    who = [notice["who"] for notice in await reminded(database)]
    assert sorted(who) == [5000 + number for number in range(10)]


async def test_the_button_pays_for_ones_own_alone(house: House) -> None:
    assert await house.renewals.find(ANNA, handle(WHATSAPP), handle) == WHATSAPP
    with pytest.raises(NotYours):
        await house.renewals.find(BOB, handle(WHATSAPP), handle)


def fill(tx: Tx) -> None:
    """Many customers with a line each, spread over a year."""
    people = [{"id": 10_000 + n, "name": "", "language": "en", "created_at": MORNING} for n in range(3000)]
    tx.connection.execute(customers.insert(), people)
    owners = [{"customer_id": each["id"], "kind": "person", "created_at": MORNING} for each in people]
    tx.connection.execute(payers.insert(), owners)
    ids = tx.connection.scalars(select(payers.c.id).where(payers.c.customer_id >= 10_000)).all()
    lines = [
        {
            "id": f"x-{payer}",
            "kind": "line",
            "title": "Line",
            "tariff": "line",
            "payer_id": payer,
            "paid_until": TODAY + timedelta(days=payer % 365),
            "created_at": MORNING,
        }
        for payer in ids
    ]
    tx.connection.execute(connectors.insert(), lines)


async def test_neither_query_looks_through_everything(database: Database) -> None:
    await database.write(fill)
    if database.dialect == "postgresql":
        await database.write(lambda tx: tx.connection.exec_driver_sql("analyze") and None)
    page = await database.read(lambda tx: plan(tx, _PAGE, day=TODAY, after="x", most=40))
    assert "ix_connectors_paid_until" in page
    days = {"first": TODAY, "second": TODAY, "third": TODAY}
    one = await database.read(lambda tx: plan(tx, _OF_CUSTOMER, customer=10_001, most=20, **days))
    for whole_table in ("SCAN connectors", "SCAN payers", "Seq Scan on connectors", "Seq Scan on payers"):
        assert whole_table not in page + one, one
    if database.dialect == "sqlite":
        assert "ix_connectors_paid_until" not in one, "that would read all that ends on these days"
        assert "SCAN autopays" not in one and "uq_autopays_connector" in one


def plan(tx: Tx, statement: Any, **values: Any) -> str:
    """How the database goes about it, when asked with these very words."""
    query, is_sqlite = statement.compile(tx.connection), tx.connection.dialect.name == "sqlite"
    told = {
        name: str(value) if is_sqlite and isinstance(value, date) else value for name, value in values.items()
    }
    row = tuple((query.params | told)[name] for name in query.positiontup)
    asked = tx.connection.exec_driver_sql(f"explain {'query plan ' if is_sqlite else ''}{query}", row)
    return "\n".join(str(line) for line in asked)
