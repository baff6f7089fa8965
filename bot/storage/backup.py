"""A copy of the books while they are in use, and the way back; PostgreSQL has its own tools for both."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.domain.errors import StorageError, StorageUnavailable
from bot.domain.periods import now
from bot.storage.database import Database
from bot.storage.filelock import FileLock
from bot.storage.migrate import newest
from bot.storage.sqlite import SqliteDatabase


def backup(url: str, target: Path) -> None:
    """Write one moment of the books to `target`, looked over and on the disk when this returns."""
    books = _file(url, "pg_dump --format=custom --file=FILE DATABASE")
    if target.exists():
        raise StorageError(f"{target} exists already: name a file that does not")
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        with closing(_open(books, "rw")) as connection:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("VACUUM INTO ?", (str(partial),))
        _look_over(partial)
        _settle(partial, target)
    except (sqlite3.Error, OSError) as error:
        raise StorageUnavailable(f"no backup was made of {books}: {error}") from error
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, source: Path) -> Path | None:
    """Put `source` in the place of the books, which nobody may be using; where the former ones are now."""
    books = _file(url, "pg_restore --clean --if-exists --dbname=DATABASE FILE")
    lock = FileLock(books)
    incoming = books.with_name(books.name + ".restoring")
    try:
        lock.hold()
        _look_over(source)
        shutil.copyfile(source, incoming)
        incoming.chmod(0o600)
        former = _set_aside(books) if books.exists() else None
        _settle(incoming, books)
    except (sqlite3.Error, OSError) as error:
        raise StorageUnavailable(f"{source} was not restored: {error}") from error
    finally:
        incoming.unlink(missing_ok=True)
        lock.release()
    return former


def _file(url: str, instead: str) -> Path:
    database = Database.connect(url)
    if not isinstance(database, SqliteDatabase):
        raise StorageError(f"these books are in PostgreSQL, use its own tools: {instead}")
    return database.path


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)


def _look_over(path: Path) -> None:
    """Whole, ours, and of no version that this one does not know."""
    with closing(_open(path, "ro")) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise StorageError(f"{path} is damaged")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StorageError(f"{path} has rows that point nowhere")
        try:
            (layout,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            raise StorageError(f"{path} holds no books of this product") from error
    if layout > newest():
        raise StorageError(f"{path} is of a newer version ({layout}) than this one knows ({newest()})")


def _set_aside(books: Path) -> Path:
    """Keep the former books under another name; their log must never meet the new ones."""
    former = books.with_name(f"{books.name}.before-{now():%Y%m%dT%H%M%SZ}")
    with suppress(sqlite3.DatabaseError), closing(_open(books, "rw")) as connection:
        connection.execute(
            "PRAGMA journal_mode = DELETE"
        )  # folds the log into the file; damaged ones keep it
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            books.with_name(books.name + ending).rename(former.with_name(former.name + ending))
    os.link(books, former)
    return former


def _settle(written: Path, target: Path) -> None:
    """After a power cut there is either what was before or all of the new."""
    _sync(written)
    written.replace(target)
    _sync(target.absolute().parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
