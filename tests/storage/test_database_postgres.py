"""What only a server can do to a unit: lose it, kill it, tie it in a knot with another."""

from __future__ import annotations

import asyncio
import time
import traceback
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import CommitUnknown, SettingsError, StorageUnavailable
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.conftest import opened
from tests.postgres import Server
from tests.storage.proxy import wire_to
from tests.storage.scratch import add_note, bump, counter, create_scratch, notes, pause


@pytest.fixture
async def database(postgres_database: Database) -> Database:
    await postgres_database.write(create_scratch)
    return postgres_database


class Victim:
    """A unit whose connection the server ends half-way, the first `times` times it runs."""

    def __init__(self, server: Server, times: int) -> None:
        self._server = server
        self._times = times
        self.runs = 0

    def __call__(self, tx: Tx) -> None:
        bump(tx)
        self.runs += 1
        if self.runs <= self._times:
            pid = tx.connection.execute(text("select pg_backend_pid()")).scalar_one()
            self._server.sql(f"select pg_terminate_backend({pid}, 5000)")
        bump(tx)


async def test_a_connection_lost_before_commit_is_replaced_and_the_unit_runs_again(
    database: Database, postgres_server: Server
) -> None:
    victim = Victim(postgres_server, times=1)
    await database.write(victim)
    assert victim.runs == 2
    assert await database.read(counter) == 2


async def test_a_server_that_keeps_hanging_up_is_unavailable_and_nothing_is_written(
    database: Database, postgres_server: Server
) -> None:
    victim = Victim(postgres_server, times=100)
    with pytest.raises(StorageUnavailable):
        await database.write(victim)
    assert victim.runs < 10
    assert await database.read(counter) == 0
    await database.write(bump)
    assert await database.read(counter) == 1


@pytest.mark.parametrize(("cut", "stands"), [("before", 0), ("after", 1)])
async def test_a_wire_cut_during_commit_leaves_the_outcome_open(
    database: Database, postgres_server: Server, cut: str, stands: int
) -> None:
    async with (
        wire_to(postgres_server.folder) as (wire, port),
        opened(f"postgresql://kassir@127.0.0.1:{port}/books") as distant,
    ):
        wire.cut_at_commit = cut
        with pytest.raises(CommitUnknown):
            await distant.write(bump)
        assert await database.read(counter) == stands
        await distant.write(bump)
        assert await distant.read(counter) == stands + 1


async def test_idle_connections_that_died_cost_no_unit(database: Database, postgres_server: Server) -> None:
    await asyncio.gather(*(database.write(bump) for _ in range(10)))
    postgres_server.sql(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = 'books'"
    )
    await asyncio.gather(*(database.write(bump) for _ in range(10)))
    assert await database.read(counter) == 20


async def test_two_units_that_block_each_other_both_succeed(database: Database) -> None:
    def lengthen(tx: Tx, body: str) -> None:
        tx.connection.execute(
            text("update notes set body = body || '+' where body like :body"), {"body": body}
        )

    def one_way(tx: Tx) -> None:
        lengthen(tx, "left%")
        pause(tx, 0.2)
        lengthen(tx, "right%")

    def other_way(tx: Tx) -> None:
        lengthen(tx, "right%")
        pause(tx, 0.2)
        lengthen(tx, "left%")

    await database.write(lambda tx: add_note(tx, "left"))
    await database.write(lambda tx: add_note(tx, "right"))
    await asyncio.gather(database.write(one_way), database.write(other_way))
    assert await database.read(notes) == ["left++", "right++"]


async def test_nothing_that_customers_typed_is_in_an_error(database: Database) -> None:
    await database.write(lambda tx: add_note(tx, "anna@example.org"))
    with pytest.raises(IntegrityError) as caught:
        await database.write(lambda tx: add_note(tx, "anna@" + "example.org"))
    assert "duplicate key" in str(caught.value)
    errors = "".join(traceback.format_exception(caught.value)).splitlines()
    assert not [line for line in errors if "anna@example.org" in line]


async def test_without_a_server_the_start_fails_soon(tmp_path: Path) -> None:
    begun = time.monotonic()
    database = Database.connect(f"postgresql+asyncpg:///books?host={tmp_path}&user=kassir")
    with pytest.raises(StorageUnavailable):
        await database.start()
    await database.close()
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(("unanswered", "runs"), [(1, 1), (2, 0)])
async def test_a_server_too_busy_to_let_a_unit_in_is_asked_once_more(
    database: Database,
    postgres_server: Server,
    monkeypatch: pytest.MonkeyPatch,
    unanswered: int,
    runs: int,
) -> None:
    async with wire_to(postgres_server.folder) as (wire, port):
        monkeypatch.setattr("bot.storage.postgres_engine.CONNECT_SECONDS", 1.0)
        async with opened(f"postgresql://kassir@127.0.0.1:{port}/books") as distant:
            wire.hang_up()  # so that the next unit needs a connection
            wire.unanswered = unanswered
            with nullcontext() if runs else pytest.raises(StorageUnavailable):
                await distant.write(bump)
        assert await database.read(counter) == runs


async def test_a_statement_that_takes_too_long_is_given_up_once(
    database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.postgres_engine.COMMAND_SECONDS", 0.2)
    runs: list[int] = []

    def endless(tx: Tx) -> None:
        bump(tx)
        runs.append(1)
        pause(tx, 30)

    async with opened(postgres_url) as hurried:
        with pytest.raises(StorageUnavailable):
            await hurried.write(endless)
        assert runs == [1]
        await hurried.write(bump)
    assert await database.read(counter) == 1


async def test_statements_need_no_names_behind_a_pooler(database: Database, postgres_url: str) -> None:
    async with opened(f"{postgres_url}&statement_cache_size=0&pool_size=2") as pooled:
        await asyncio.gather(*(pooled.write(bump) for _ in range(20)))
        assert await pooled.read(counter) == 20


def test_options_that_make_no_sense_are_explained() -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        Database.connect("postgresql+asyncpg:///books?pool_size=many")
