"""Letters in the outbox, on both databases: whether they are written, who is next, once for each key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.money import Money
from bot.domain.notices import MAIL, Later, Notice
from bot.domain.states import Lane
from bot.storage.database import Database
from bot.storage.outbox import _WAITING_LETTERS
from bot.storage.tables import outbox
from bot.storage.tx import Tx

ANNA, BORIS = 7, 8
HERS = "anna@example.org"
ROOM = {Lane.MONEY: 10, Lane.OPERATORS: 10, Lane.REMINDERS: 10, Lane.LETTERS: 10}


@pytest.fixture(autouse=True)
def mail(request: pytest.FixtureRequest) -> None:
    name = "database" if "database" in request.fixturenames else "sqlite_database"
    request.getfixturevalue(name).listeners.add(MAIL)


async def write(database: Database, customer: int, email: str, kind: str, **more: Any) -> None:
    await database.write(lambda tx: tx.outbox.to_email(customer, email, kind, **more))


async def take(database: Database) -> list[Notice]:
    ids = await database.read(lambda tx: tx.outbox.waiting(ROOM))
    return await database.write(lambda tx: tx.outbox.take(ids))


async def count(database: Database) -> int:
    query = select(func.count()).select_from(outbox)
    return await database.read(lambda tx: int(tx.connection.execute(query).scalar_one()))


async def test_a_letter_comes_out_as_it_went_in(database: Database) -> None:
    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="be"))
    await write(database, ANNA, HERS, "invoice", total=Money(99000, "RUB"))
    (letter,) = await take(database)
    assert (letter.address, letter.email, letter.kind, letter.lane) == (ANNA, HERS, "invoice", Lane.LETTERS)
    assert letter.payload == {"total": Money(99000, "RUB")}
    assert letter.language == "be"
    assert len(letter.reference) > 16


async def test_a_letter_may_speak_its_payers_language(database: Database) -> None:
    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="be"))
    await write(database, ANNA, HERS, "invoice", language="ky")
    (letter,) = await take(database)
    assert letter.language == "ky"


async def test_every_try_bears_the_same_name(database: Database) -> None:
    await write(database, ANNA, HERS, "invoice")
    (first,) = await take(database)
    await database.write(lambda tx: tx.outbox.note([Later(first, datetime.now(UTC), "451")]))
    (second,) = await take(database)
    assert second.reference == first.reference
    assert second.tries == 2


async def test_nothing_is_written_without_mail_or_address(database: Database) -> None:
    await write(database, ANNA, "", "invoice")
    database.listeners.discard(MAIL)
    await write(database, ANNA, HERS, "invoice")
    assert await database.write(lambda tx: tx.outbox.mail_is_on) is False
    assert await count(database) == 0


async def test_a_key_is_written_once_to_each_address(database: Database) -> None:
    for email in (HERS, HERS, "firm@example.org"):
        await write(database, ANNA, email, "invoice", key="42")
    assert await count(database) == 2


async def test_letters_wait_for_no_other_and_hold_up_no_chat(database: Database) -> None:
    for number in range(3):
        await write(database, ANNA, HERS, "invoice", number=number)
    await database.write(lambda tx: tx.outbox.to_customer(ANNA, "paid"))
    notice, *letters = await take(database)
    assert notice.kind == "paid"
    assert sorted(letter.payload["number"] for letter in letters) == [0, 1, 2]
    later = Later(letters[0], datetime.now(UTC) + timedelta(hours=1), "451")
    await database.write(lambda tx: tx.outbox.note([later]))
    await write(database, ANNA, HERS, "invoice", number=3)
    assert [letter.payload["number"] for letter in await take(database)] == [3]


async def test_no_digest_takes_letters_in(database: Database) -> None:
    for _ in range(20):
        await write(database, ANNA, HERS, "invoice")
    assert await database.write(lambda tx: tx.outbox_upkeep.fold()) == 0
    backlog = await database.read(lambda tx: tx.outbox_upkeep.backlog())
    assert backlog[Lane.LETTERS].count == 20


async def test_letters_are_found_by_index(sqlite_database: Database) -> None:
    def plan(tx: Tx) -> str:
        query = _WAITING_LETTERS.compile(tx.connection)
        values = query.params | {"rank": 4, "now": "2026-12-01", "most": 10}
        assert query.positiontup is not None
        row = tuple(values[name] for name in query.positiontup)
        return " ".join(line[3] for line in tx.connection.exec_driver_sql(f"explain query plan {query}", row))

    found = await sqlite_database.read(plan)
    assert "ix_outbox_due" in found
    assert "TEMP B-TREE" not in found


async def test_letters_that_wait_are_given_up_and_nothing_else(database: Database) -> None:
    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="be"))
    await write(database, ANNA, HERS, "invoice")
    await database.write(lambda tx: tx.outbox.to_customer(ANNA, "paid"))
    given_up = [await database.write(lambda tx: tx.outbox_upkeep.give_up_letters()) for _ in range(2)]
    assert given_up == [1, 0]
    (left,) = await take(database)
    assert left.kind == "paid"
