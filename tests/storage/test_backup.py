"""A backup is worth what its restore is worth."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.domain.errors import BooksBusy, StorageError, StorageUnavailable
from bot.storage.backup import backup, restore
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tx import Tx
from tests.conftest import opened
from tests.storage.scratch import add_note, bump, counter, create_scratch, notes


@pytest.fixture
async def books(sqlite_url: str) -> Path:
    async with opened(sqlite_url) as database:
        await database.write(create_scratch)
        await database.write(lambda tx: add_note(tx, "before the backup"))
    return Path(sqlite_url.removeprefix("sqlite:///"))


async def test_what_is_restored_is_the_moment_of_the_backup(
    books: Path, sqlite_url: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    async with opened(sqlite_url) as database:
        await asyncio.to_thread(backup, sqlite_url, copy)
        await database.write(lambda tx: add_note(tx, "after the backup"))
    former = restore(sqlite_url, copy)
    async with opened(sqlite_url) as database:
        assert await database.read(notes) == ["before the backup"]
        assert not await migrate(database)
        await database.write(bump)
    async with opened(f"sqlite:///{former}") as database:
        assert await database.read(notes) == ["after the backup", "before the backup"]


def note_and_bump(tx: Tx, body: str) -> None:
    add_note(tx, body)
    bump(tx)


async def test_a_backup_during_writes_holds_whole_units(books: Path, sqlite_url: str, tmp_path: Path) -> None:
    async def keep_writing(database: Database) -> None:
        for number in range(300):
            await database.write(partial(note_and_bump, body=str(number)))

    async with opened(sqlite_url) as database:
        writing = asyncio.create_task(keep_writing(database))
        await asyncio.to_thread(backup, sqlite_url, tmp_path / "copy.db")
        await writing
    async with opened(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        assert await copy.read(lambda tx: len(notes(tx)) - 1 == counter(tx))


async def test_restoring_under_a_running_bot_is_refused(books: Path, sqlite_url: str, tmp_path: Path) -> None:
    backup(sqlite_url, tmp_path / "copy.db")
    async with opened(sqlite_url) as database:
        with pytest.raises(BooksBusy, match="stop that process"):
            restore(sqlite_url, tmp_path / "copy.db")
        assert await database.read(notes) == ["before the backup"]


def test_restoring_where_there_is_nothing_yet(books: Path, sqlite_url: str, tmp_path: Path) -> None:
    backup(sqlite_url, tmp_path / "copy.db")
    assert restore(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "copy.db") is None
    assert (tmp_path / "new.db").stat().st_mode & 0o077 == 0


async def test_broken_books_can_be_replaced(books: Path, sqlite_url: str, tmp_path: Path) -> None:
    backup(sqlite_url, tmp_path / "copy.db")
    books.write_bytes(b"\0" * 5000)
    former = restore(sqlite_url, tmp_path / "copy.db")
    assert former is not None
    assert former.read_bytes() == b"\0" * 5000
    async with opened(sqlite_url) as database:
        assert await database.read(notes) == ["before the backup"]


def test_a_backup_overwrites_nothing_and_is_nobody_elses_to_read(
    books: Path, sqlite_url: str, tmp_path: Path
) -> None:
    backup(sqlite_url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
    with pytest.raises(StorageError, match="exists already"):
        backup(sqlite_url, tmp_path / "copy.db")


def test_a_backup_of_nothing_or_to_nowhere_is_refused(books: Path, sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="no backup was made"):
        backup(f"sqlite:///{tmp_path / 'missing.db'}", tmp_path / "copy.db")
    with pytest.raises(StorageUnavailable, match="no backup was made"):
        backup(sqlite_url, tmp_path / "no such folder" / "copy.db")
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        ("drop table alembic_version", "holds no books of this product"),
        ("update alembic_version set version_num = '9999'", "newer version"),
        ("insert into payers (id, customer_id, created_at) values (1, 404, '2026-01-01')", "point nowhere"),
    ],
)
def test_a_file_that_is_no_backup_of_ours_is_refused(
    books: Path, sqlite_url: str, tmp_path: Path, harm: str, complaint: str
) -> None:
    copy = tmp_path / "copy.db"
    backup(sqlite_url, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(harm)
    before = books.read_bytes()
    with pytest.raises(StorageError, match=complaint):
        restore(sqlite_url, copy)
    assert books.read_bytes() == before


def test_junk_and_missing_files_are_refused(books: Path, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Anna, this is no database at all. " * 100)
    for name in ("letter.db", "missing.db"):
        with pytest.raises(StorageUnavailable, match="was not restored"):
            restore(sqlite_url, tmp_path / name)


def test_postgresql_has_tools_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        backup("postgresql+asyncpg:///books", tmp_path / "copy.db")
    with pytest.raises(StorageError, match="pg_restore"):
        restore("postgresql+asyncpg:///books", tmp_path / "copy.db")
