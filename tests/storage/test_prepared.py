"""The short way to SQLite brings what the long way brings, and fails as it fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound

from bot.domain.errors import KassirError
from bot.storage.database import Database
from bot.storage.prepared import prepared, swift
from bot.storage.tables import customers, outbox
from bot.storage.tx import Tx

ADD = prepared(insert(customers))
ADD_NOTICE = prepared(insert(outbox).returning(outbox.c.id))
GET = prepared(select(customers).where(customers.c.id == bindparam("person")))
ALL = prepared(select(customers.c.id, customers.c.name).order_by(customers.c.id))
RENAME = prepared(
    update(customers)
    .where(customers.c.id == bindparam("person"))
    .values(name=bindparam("called"), language="ky")
    .returning(customers.c.name)
)
MOMENT = datetime(2026, 12, 14, 11, 5, tzinfo=UTC)
ANNA: dict[str, Any] = {"id": 1, "name": "Anna", "language": "ru", "consented_at": None, "created_at": MOMENT}
BOB = ANNA | {"id": 2, "name": "Bob", "consented_at": MOMENT}


def add_both(tx: Tx) -> None:
    for person in (ANNA, BOB):
        swift(tx.connection).execute(ADD, person)


def everybody(tx: Tx) -> list[int]:
    return [row.id for row in swift(tx.connection).execute(ALL)]


async def test_rows_come_out_as_by_the_long_way(sqlite_database: Database) -> None:
    await sqlite_database.write(add_both)

    def look(tx: Tx) -> None:
        for person in (1, 2):
            long = tx.connection.execute(select(customers).where(customers.c.id == person)).one()
            short = swift(tx.connection).execute(GET, {"person": person}).one()
            assert tuple(short) == tuple(long)
            assert short.created_at == long.created_at == MOMENT
            assert short.reachable is long.reachable is True
        assert swift(tx.connection).execute(GET, {"person": 3}).one_or_none() is None
        assert everybody(tx) == [1, 2]

    await sqlite_database.read(look)


async def test_documents_and_given_values_are_written_alike(sqlite_database: Database) -> None:
    notice = {
        "address": 1,
        "kind": "paid",
        "lane": 1,
        "payload": {"titles": ["Линия", None], "deep": {"minor": 1}},
        "informs": False,
        "state": "due",
        "due_at": MOMENT,
        "created_at": MOMENT,
    }

    def unit(tx: Tx) -> None:
        queries = swift(tx.connection)
        short = queries.execute(ADD_NOTICE, notice).scalar_one()
        long = tx.connection.execute(insert(outbox).returning(outbox.c.id), notice).scalar_one()
        rows = tx.connection.execute(select(outbox).where(outbox.c.id.in_([short, long]))).all()
        assert rows[0][1:] == rows[1][1:]
        queries.execute(ADD, ANNA)
        assert queries.execute(RENAME, {"person": 1, "called": "Аня"}).scalar_one() == "Аня"
        assert queries.execute(GET, {"person": 1}).one().language == "ky"

    await sqlite_database.write(unit)


async def test_wrong_number_of_rows_and_missing_values_are_errors(sqlite_database: Database) -> None:
    await sqlite_database.write(add_both)

    def look(tx: Tx) -> None:
        queries = swift(tx.connection)
        with pytest.raises(MultipleResultsFound):
            queries.execute(ALL).one()
        with pytest.raises(NoResultFound):
            queries.execute(GET, {"person": 3}).scalar_one()
        with pytest.raises(KeyError):
            queries.execute(GET, {})

    await sqlite_database.read(look)


async def test_what_is_derived_from_a_prepared_statement_goes_the_long_way(sqlite_database: Database) -> None:
    await sqlite_database.write(add_both)
    narrower = ALL.where(customers.c.id == 2)
    found = await sqlite_database.read(lambda tx: swift(tx.connection).execute(narrower).scalars().all())
    assert found == [2]


async def test_broken_constraint_undoes_its_own_unit_alone_even_when_swallowed(
    sqlite_database: Database,
) -> None:
    """The very first statement of the writer, when SQLAlchemy does not know of a transaction yet."""

    def twice(tx: Tx) -> None:
        queries = swift(tx.connection)
        queries.execute(ADD, BOB)
        try:
            queries.execute(ADD, BOB)
        except IntegrityError:
            return

    with pytest.raises((IntegrityError, KassirError)):
        await sqlite_database.write(twice)
    await sqlite_database.write(lambda tx: swift(tx.connection).execute(ADD, ANNA) and None)
    assert await sqlite_database.read(everybody) == [1]


async def test_full_disk_under_a_prepared_statement_lies_to_nobody(sqlite_database: Database) -> None:
    await sqlite_database.write(
        lambda tx: tx.connection.exec_driver_sql("PRAGMA max_page_count = 1") and None
    )

    def fill(tx: Tx) -> None:
        queries = swift(tx.connection)
        for number in range(3, 2000):
            queries.execute(ADD, ANNA | {"id": number, "name": "x" * 4000})

    with pytest.raises(KassirError):
        await sqlite_database.write(fill)
    assert await sqlite_database.read(everybody) == []
    await sqlite_database.write(
        lambda tx: tx.connection.exec_driver_sql("PRAGMA max_page_count = 1000000") and None
    )
    await sqlite_database.write(add_both)
    assert await sqlite_database.read(everybody) == [1, 2]
