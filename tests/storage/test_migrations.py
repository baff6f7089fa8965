"""The steps in `migrations/versions` end at `tables.py`, on both databases, and cost nothing once taken."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.domain.errors import StorageError, StorageUnavailable
from bot.storage.database import Database
from bot.storage.migrate import STEPS, alembic_config, layout, migrate, newest
from bot.storage.tables import metadata
from bot.storage.tx import Tx
from tests.conftest import opened
from tests.postgres import Server

_POSTGRES_LAYOUT = (
    "select table_name, column_name, data_type, is_nullable, column_default, is_identity"
    " from information_schema.columns where table_schema = 'public'",
    "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
    " where connamespace = 'public'::regnamespace",
)
_SQLITE_LAYOUT = (
    "select type, name, sql from sqlite_master where type = 'index'",
    'select t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk'
    " from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'",
    'select t.name, f."table", f."from", f."to", f.on_delete, f.on_update'
    " from sqlite_master t, pragma_foreign_key_list(t.name) f where t.type = 'table'",
)

Layout = set[tuple[str, ...]]


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Addresses of books that nobody has touched yet."""
    if request.param == "sqlite":
        return lambda name: f"sqlite:///{tmp_path / name}.db"

    def create(name: str) -> str:
        server: Server = request.getfixturevalue("postgres_server")
        server.sql(f"drop database if exists {name} with (force)")
        server.sql(f"create database {name}")
        return server.url(name)

    return create


def look(tx: Tx) -> Layout:
    """What the database itself says about its tables, with the quirks of spelling taken out."""
    queries = _SQLITE_LAYOUT if tx.connection.dialect.name == "sqlite" else _POSTGRES_LAYOUT
    rows = [row for query in queries for row in tx.connection.execute(text(query))]
    said = {tuple(re.sub(r"[\s()\"]+", " ", str(value)).strip() for value in row) for row in rows}
    return {row for row in said if not any("alembic_version" in value for value in row)}


def differences(tx: Tx) -> Any:
    return compare_metadata(MigrationContext.configure(tx.connection), metadata)


async def test_the_steps_make_exactly_the_tables(blank_url: Callable[[str], str]) -> None:
    async with opened(blank_url("stepped")) as stepped, opened(blank_url("created")) as created:
        assert await migrate(stepped)
        await created.alone(metadata.create_all)
        assert await stepped.read(differences) == []
        by_steps, at_once = await stepped.read(look), await created.read(look)
        assert by_steps - at_once == at_once - by_steps == set()


async def test_the_second_start_has_nothing_to_do(blank_url: Callable[[str], str]) -> None:
    async with opened(blank_url("twice")) as database:
        assert await migrate(database)
        assert not await migrate(database)
        assert await database.read(layout) == newest()


async def test_books_of_a_newer_version_are_left_alone(database: Database) -> None:
    def pretend(tx: Tx) -> None:
        tx.connection.execute(text("update alembic_version set version_num = '9999'"))

    def undo(tx: Tx) -> None:
        tx.connection.execute(text("update alembic_version set version_num = :known"), {"known": newest()})

    await database.write(pretend)
    assert not await migrate(database)
    assert await database.read(layout) == "9999"
    await database.write(undo)


async def test_charges_of_before_belong_to_the_month_they_began_in(blank_url: Callable[[str], str]) -> None:
    def before(connection: Connection) -> None:
        command.upgrade(alembic_config(connection), "0002")
        moment = "'2026-10-31 23:30:00.000000'"
        connection.execute(
            text(
                "insert into connectors (id, kind, title, tariff, created_at)"
                f" values ('sip-1', 'line', 'Office', 'sip', {moment})"
            )
        )
        connection.execute(
            text(
                "insert into charges (reference, connector_id, started_at, currency, minor, created_at)"
                f" values ('a', 'sip-1', {moment}, 'RUB', 120, {moment})"
            )
        )

    async with opened(blank_url("charged")) as database:
        await database.alone(before)
        assert await migrate(database)
        months = await database.read(
            lambda tx: tx.connection.scalars(text("select month from charges")).all()
        )
    assert months == ["2026-10"]


async def test_two_processes_may_start_at_once_on_postgresql(postgres_server: Server) -> None:
    postgres_server.sql("drop database if exists racing with (force)")
    postgres_server.sql("create database racing")
    url = postgres_server.url("racing")
    async with opened(url) as one, opened(url) as other:
        await asyncio.gather(migrate(one), migrate(other))
        assert await other.read(differences) == []


async def test_a_step_that_fails_leaves_nothing_behind(blank_url: Callable[[str], str]) -> None:
    def half(connection: Connection) -> None:
        connection.execute(text("create table half_done (id integer)"))
        raise StorageError("stopped here")

    async with opened(blank_url("half")) as database:
        with pytest.raises(StorageError, match="stopped here"):
            await database.alone(half)
        assert not [row for row in await database.read(look) if "half_done" in row]
        assert await migrate(database)


async def test_a_step_that_cannot_be_taken_says_so(database: Database) -> None:
    with pytest.raises(StorageUnavailable, match="was not changed"):
        await database.alone(metadata.tables["facts"].create)


async def test_a_step_that_orphans_rows_is_undone(sqlite_database: Database) -> None:
    def orphan(connection: Connection) -> None:
        insert = "insert into payers (id, customer_id, created_at) values (1, 404, '2026-01-01')"
        connection.execute(text(insert))

    with pytest.raises(StorageError, match="payers"):
        await sqlite_database.alone(orphan)
    assert (
        await sqlite_database.read(lambda tx: tx.connection.execute(text("select 1 from payers")).all()) == []
    )


def test_alembic_is_not_loaded_when_there_is_nothing_to_do(sqlite_url: str) -> None:
    script = (
        "import asyncio, sys\n"
        "from bot.storage.database import Database\n"
        "from bot.storage.migrate import migrate\n"
        "async def start():\n"
        "    database = Database.connect(sys.argv[1])\n"
        "    await database.start()\n"
        "    assert not await migrate(database)\n"
        "    await database.close()\n"
        "asyncio.run(start())\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script, sqlite_url], check=True, timeout=30)


def test_steps_are_numbered_and_go_one_way() -> None:
    steps = list(ScriptDirectory(str(STEPS)).walk_revisions())
    assert steps[0].revision == newest()
    assert [step.revision for step in reversed(steps)] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    assert not [step for step in steps if hasattr(step.module, "downgrade")]
