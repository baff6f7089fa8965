"""What is done for each payment, charge and tap reads no whole table: such a table grows with the seller."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
import time_machine

from bot import storage
from bot.services.house import House
from bot.storage.database import Database
from tests.autopays import connect
from tests.gateways.card_bank import CardBank
from tests.services.calendar import Calendar, pay_and_connect
from tests.services.conftest import ANNA, LINE, WHATSAPP
from tests.services.money import begun, paid_until

_TESTS = Path(__file__).parents[1]
_STORAGE = Path(storage.__file__).parent
FEW = ("ix_attempts_charges_sent", "ix_autopays_failing")
"""Indexes of what is under way or fails now: a few rows, which may well be read to their end."""
_DOORS = ("prepared.py", "sqlite.py")  # through which a query of a test goes as well


class Watched(sqlite3.Connection):
    """Asks SQLite how it will run each statement of ours that is new.

    Not those that add a row: they name tables that refer to it, which are not read.
    """

    plans: ClassVar[dict[str, list[str]]] = {}

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or WatchedCursor)

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        self.explain(sql, values)
        return super().execute(sql, values)

    def explain(self, sql: str, values: Any) -> None:
        if sql.startswith(("SELECT", "WITH", "UPDATE", "DELETE")) and sql not in self.plans and _is_ours():
            rows = super().execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
            self.plans[sql] = [str(row[3]) for row in rows]

    def reads_whole(self, line: str) -> bool:
        """By no index, or by one of many rows."""
        found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$", line)
        if found is None or found[2] in FEW:
            return False
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
        return bool(super().execute(query, (found[1],)).fetchone()[0])


class WatchedCursor(sqlite3.Cursor):
    def execute(self, sql: str, values: Any = (), /) -> WatchedCursor:
        connection: Any = self.connection
        connection.explain(sql, values)
        super().execute(sql, values)
        return self


def _is_ours() -> bool:
    """Whether it comes from storage, and not from the test itself."""
    frame = sys._getframe(2)
    while frame := frame.f_back:  # type: ignore[assignment]  # None ends it
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_TESTS) or (file.is_relative_to(_STORAGE) and file.name not in _DOORS):
            return not file.is_relative_to(_TESTS)
    return False


@pytest.fixture
def fake() -> CardBank:
    return CardBank()


@pytest.fixture
def traveller() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def database_url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(Watched, "plans", {})
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Watched))
    return sqlite_url


def reading_whole_tables(url: str) -> list[str]:
    """The statements that did, with what SQLite says of them."""
    with closing(Watched(url.removeprefix("sqlite:///"))) as books:
        found = (
            (sql, [line for line in plan if books.reads_whole(line)]) for sql, plan in Watched.plans.items()
        )
        return [f"{lines}: {sql}" for sql, lines in found if lines]


async def test_a_charge_and_all_that_led_to_it(
    house: House, database: Database, fake: CardBank, traveller: Any, sqlite_url: str
) -> None:
    calendar = Calendar(house, database, traveller)
    await pay_and_connect(house, database, fake)
    await calendar.go_on(days=33)
    assert await paid_until(database, WHATSAPP) == date(2027, 2, 2)
    assert len(Watched.plans) > 60
    assert reading_whole_tables(sqlite_url) == []


async def test_a_payment_in_the_chat(
    house: House, database: Database, fake: CardBank, sqlite_url: str
) -> None:
    await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    order = await house.orders.place(ANNA, [WHATSAPP, LINE], 1)
    await house.menu.look(ANNA)
    await house.payments.methods(ANNA, order.id)
    await house.orders.summary(ANNA, order.id, "fake")
    await house.autopays.standing_for_order(ANNA, order.id)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    await house.connectors.page(ANNA)
    await house.payments.history(ANNA)
    await house.balance.accounts(ANNA)
    await house.saved_cards.all(ANNA)
    await house.autopays.offers(ANNA)
    await house.orders.again(ANNA)
    await house.orders.expire()
    assert await paid_until(database, LINE) is not None
    assert reading_whole_tables(sqlite_url) == []
