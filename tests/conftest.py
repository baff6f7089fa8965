"""The books for every test that asks for `database`: once on SQLite, once on PostgreSQL, empty each time."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import metadata
from tests.postgres import NoPostgres, Server, running_server

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")  # how long an example takes says nothing here

# Where rich is installed, structlog draws each traceback with all locals: that takes seconds.
_plainly = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _plainly])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    try:
        with running_server() as server:
            yield server
    except NoPostgres as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "template.db"
    _lay_out(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> str:
    postgres_server.sql("create database books")
    _lay_out(postgres_server.url("books"))
    return "books"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Empty books in a file of their own."""
    shutil.copy(sqlite_template, tmp_path / "books.db")
    return f"sqlite:///{tmp_path / 'books.db'}"


@pytest.fixture
def postgres_url(postgres_server: Server, postgres_template: str) -> str:
    """The same database each time, emptied; what a test created in it is gone."""
    postgres_server.empty(postgres_template, metadata.tables)
    return postgres_server.url(postgres_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """To stay with one of the two, ask for `sqlite_database` or `postgres_database`."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    async with opened(sqlite_url) as database:
        yield database


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[Database]:
    async with opened(postgres_url) as database:
        yield database


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Started, and closed whatever happens."""
    database = Database.connect(url)
    await database.start()
    try:
        yield database
    finally:
        await database.close()


def _lay_out(url: str) -> None:
    async def create() -> None:
        async with opened(url) as database:
            await migrate(database)

    loop = asyncio.new_event_loop()  # asyncio.run would take away the loop of the test that asked first
    try:
        loop.run_until_complete(create())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
