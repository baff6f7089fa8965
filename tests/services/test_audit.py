"""The audit log is found again by person, deed, thing and day, by owners alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.documents.audit_table import audit_table
from bot.domain.errors import CustomerError
from bot.i18n import speaking
from bot.i18n.deed_words import all_deed_words
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.services.conftest import CASHIER, OPERATOR, OWNER, STRANGER, VIEWER

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
async def deeds(database: Database, clock: time_machine.Traveller) -> None:
    noted: list[tuple[int, str, str, dict[str, Any]]] = [
        (OPERATOR, "answered", "customer:1001", {"card": 7}),
        (CASHIER, "date_moved", "connector:wa-17", {"reason": "=Подарок «за ожидание» 100%"}),
        (OWNER, "payments_closed", "house", {}),
    ]
    for who, action, subject, details in noted:
        note = partial(_note, who=who, action=action, subject=subject, details=details)
        await database.write(note)
        clock.shift(timedelta(days=1))


def _note(tx: Tx, who: int, action: str, subject: str, details: dict[str, Any]) -> None:
    tx.audit.note(who, action, subject, **details)


async def found(house: House, words: str, first: date | None = None, last: date | None = None) -> list[str]:
    with speaking("ru"):
        deeds, names = all_deed_words(), {OPERATOR: "Олег Петров", CASHIER: "Clara"}
        search = house.audit.search(words, first, last, names=names, deeds=deeds)
    return [deed.action for deed in (await house.audit.page(OWNER, search)).items]


@pytest.mark.parametrize(
    ("words", "actions"),
    [
        ("", ["payments_closed", "date_moved", "answered"]),
        ("олег", ["answered"]),
        (str(CASHIER), ["date_moved"]),
        ("сдвинута", ["date_moved"]),
        ("DATE_moved", ["date_moved"]),
        ("customer:1001", ["answered"]),
        ("wa-17 clara", ["date_moved"]),
        ("wa-17 олег", []),
        ("Подарок", ["date_moved"]),
        ("100%", ["date_moved"]),
        ("%", ["date_moved"]),
        ("_", ["payments_closed", "date_moved"]),
        ("' or 1=1 --", []),
        ("\\", []),
        ("🙂", []),
        ("9" * 40, []),
        ("x " * 500, []),
    ],
)
async def test_every_word_has_to_be_found(house: House, words: str, actions: list[str]) -> None:
    assert await found(house, words) == actions


async def test_days_are_those_of_the_sellers_clock(house: House) -> None:
    assert await found(house, "", date(2026, 11, 17), date(2026, 11, 17)) == ["date_moved"]
    assert await found(house, "", date(2026, 11, 17)) == ["payments_closed", "date_moved"]
    assert await found(house, "", None, date(2026, 11, 16)) == ["answered"]


@pytest.mark.parametrize("who", [STRANGER, VIEWER, OPERATOR, CASHIER])
async def test_only_owners_read_it(house: House, who: int) -> None:
    search = house.audit.search("")
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.audit.page(who, search)
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.audit.export(who, search)


async def test_taking_it_away_is_a_deed_and_no_formula(house: House) -> None:
    taken = await house.audit.export(OWNER, house.audit.search(""))
    assert len(taken) == 3
    assert await found(house, "audit_exported") == ["audit_exported"]
    with speaking("ru"):
        text = audit_table("a.csv", taken, {CASHIER: "=Clara()"}, MOSCOW).content.decode("utf-8-sig")
    assert "'=Clara()" in text and "2026-11-17 12:00:00" in text
    assert "Подарок" in text, "readable, not escaped"
