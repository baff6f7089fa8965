"""A date moved by an operator: by days or to a day, once, with everybody told who has to know."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain import periods
from bot.domain.autopays import AutopayStep
from bot.domain.errors import CustomerError
from bot.domain.states import ExtensionCause
from bot.services.acts.dates import Shift
from bot.services.house import House
from bot.storage.connectors import Bridge
from bot.storage.database import Database
from bot.storage.tables import audit, extensions
from bot.storage.tx import Tx
from tests.autopays import connect
from tests.services.conftest import ANNA, CASHIER, OPERATOR, OWNER, WHATSAPP
from tests.services.money import notices, paid_until
from tests.services.test_desk import refused_with

ZONE = ZoneInfo("Europe/Moscow")
DAY = timedelta(days=1)
WHY = "the line was down"


async def sequence(database: Database) -> int:
    found = await database.read(lambda tx: tx.connectors.get(WHATSAPP))
    assert found is not None
    return found.sequence


async def move(house: House, database: Database, shift: Shift, *, who: int = CASHIER, why: str = WHY) -> date:
    seen = await sequence(database)
    return await house.acts.dates.move(who, WHATSAPP, shift, why, seen=seen, silently=False)


async def pay_until(database: Database, until: date, bridge: Bridge | None = None) -> None:
    def write(tx: Tx) -> None:
        connector = tx.connectors.get(WHATSAPP)
        assert connector is not None
        cause = ExtensionCause.BRIDGE if bridge else ExtensionCause.IMPORT
        tx.connectors.extend(connector, until, anchor_day=until.day, cause=cause, bridge=bridge)

    await database.write(write)


async def test_days_count_from_where_the_date_stands(house: House, database: Database) -> None:
    today = periods.today(ZONE)
    await pay_until(database, today + 10 * DAY)
    assert await move(house, database, Shift(days=3)) == today + 13 * DAY
    assert await move(house, database, Shift(days=-5)) == today + 8 * DAY
    assert await paid_until(database, WHATSAPP) == today + 8 * DAY
    assert await notices(database) == ["date_moved", "date_moved"]
    row = await database.read(lambda tx: tx.connection.execute(select(audit).order_by(audit.c.id)).first())
    assert row is not None and (row.who, row.action) == (CASHIER, "date_moved")
    assert row.details["reason"] == WHY
    causes = await database.read(lambda tx: list(tx.connection.scalars(select(extensions.c.cause))))
    assert causes == ["import", "operator", "operator"]


async def test_what_has_run_out_is_extended_from_today(house: House, database: Database) -> None:
    today = periods.today(ZONE)
    await pay_until(database, today - 9 * DAY)
    assert await move(house, database, Shift(days=2)) == today + 2 * DAY
    assert await move(house, database, Shift(to=today - 20 * DAY)) == today - 20 * DAY


async def test_it_can_be_done_silently(house: House, database: Database) -> None:
    seen = await sequence(database)
    await house.acts.dates.move(OWNER, WHATSAPP, Shift(days=2), WHY, seen=seen, silently=True)
    assert await notices(database) == []


async def test_slips_are_refused(house: House, database: Database) -> None:
    today = periods.today(ZONE)
    await pay_until(database, today)
    for shift, code in (
        (Shift(), "act_days_wrong"),
        (Shift(days=367), "act_days_wrong"),
        (Shift(to=today), "act_date_wrong"),
        (Shift(to=date(2206, 1, 1)), "act_date_wrong"),
    ):
        await refused_with(code, move(house, database, shift))
    await refused_with("reason_missing", move(house, database, Shift(days=1), why="  "))
    await refused_with("not_allowed", move(house, database, Shift(days=1), who=OPERATOR))
    await refused_with("record_gone", house.acts.dates.of(OWNER, "nowhere"))
    assert await paid_until(database, WHATSAPP) == today


async def test_of_two_at_once_one_moves_it_and_the_other_hears_who(house: House, database: Database) -> None:
    await pay_until(database, periods.today(ZONE))
    seen, dates = await sequence(database), house.acts.dates
    both = [
        dates.move(who, WHATSAPP, Shift(days=7), WHY, seen=seen, silently=False) for who in (OWNER, CASHIER)
    ]
    done = await asyncio.gather(*both, return_exceptions=True)
    (refusal,) = [each for each in done if isinstance(each, CustomerError)]
    assert refusal.code == "done_by"
    first = OWNER if done[0] is not refusal else CASHIER
    assert refusal.blanks == {"who": first}
    assert await paid_until(database, WHATSAPP) == periods.today(ZONE) + 7 * DAY


async def test_lent_days_stay_lent_under_more_days(house: House, database: Database) -> None:
    today = periods.today(ZONE)
    await pay_until(database, today + 3 * DAY, Bridge(today - DAY, today))
    await move(house, database, Shift(days=2))
    found = await database.read(lambda tx: tx.connectors.get(WHATSAPP))
    assert found is not None
    assert (found.paid_until, found.bridged_from, found.bridged_since) == (
        today + 5 * DAY,
        today + DAY,
        today,
    )


@pytest.mark.parametrize("shift", [Shift(days=30), Shift(to=periods.today(ZONE) + 50 * DAY)])
async def test_its_autopay_goes_by_the_new_date(house: House, database: Database, shift: Shift) -> None:
    connected = await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    await move(house, database, shift)
    autopay = await database.read(lambda tx: tx.autopays.get(connected.autopay_id))
    assert autopay is not None and autopay.step is AutopayStep.PLAN
