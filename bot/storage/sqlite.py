"""The books in one SQLite file: one thread writes, a few read, and one process at a time may write at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Literal, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import BooksBusy, NoBooks, SettingsError, StorageError, StorageUnavailable
from bot.storage.database import Database, OnUnit
from bot.storage.filelock import FileLock
from bot.storage.sqlite_threads import Reader, Writer, driver_connection
from bot.storage.tx import Tx
from bot.storage.units import UnitQueue

T = TypeVar("T")

READERS = 4
ROOM = 1024  # units handed in and not answered yet, writing and reading each
BUSY_SECONDS = 5.0
LOG_LIMIT = 64 * 1024 * 1024

_WRITING = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -32000",  # kibibytes: uniqueness is looked up all over a large file
    "PRAGMA temp_store = MEMORY",  # savepoints keep their undo there
    f"PRAGMA journal_size_limit = {LOG_LIMIT}",
)
_READING = (
    "PRAGMA wal_autocheckpoint = 0",  # before SQLite 3.51.3 two that checkpoint can damage the file
    "PRAGMA query_only = ON",
)
_CHANGING = ("PRAGMA wal_autocheckpoint = 0", "PRAGMA foreign_keys = OFF", "PRAGMA synchronous = FULL")


class SqliteDatabase(Database):
    """A file beside which nothing needs to run."""

    dialect: Literal["sqlite", "postgresql"] = "sqlite"

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        busy_seconds: float = BUSY_SECONDS,
        on_unit: OnUnit = lambda *_: None,
    ) -> None:
        self.path = path
        self._read_only = read_only
        self._busy_seconds = busy_seconds
        self._lock = FileLock(path)
        self._engine: Engine = create_engine(
            "sqlite+pysqlite://",
            poolclass=NullPool,
            creator=self._open,
            hide_parameters=True,  # errors reach the log, what customers typed must not
        )
        self._writes = UnitQueue(ROOM, partial(on_unit, "write"), self.tell_committed)
        self._reads = UnitQueue(ROOM, partial(on_unit, "read"))
        self._threads: list[Thread] = []

    @classmethod
    def at(cls, place: str, *, read_only: bool, on_unit: OnUnit) -> SqliteDatabase:
        """`place` is what stands behind `sqlite://`: `/` and a path, which may be absolute itself."""
        if not place.startswith("/") or not place.strip("/") or ":memory:" in place or "?" in place:
            raise SettingsError("DATABASE_URL: a SQLite address is sqlite:///folder/file.db, without options")
        return cls(Path(place[1:]), read_only=read_only, on_unit=on_unit)

    async def start(self) -> None:
        if self._read_only and not self.path.exists():
            raise NoBooks(f"there are no books at {self.path} yet: python -m bot migrate lays them out")
        self._writes.open()
        self._reads.open()
        try:
            if not self._read_only:
                self._start_writer()
            for _ in range(READERS):
                self._begin(Reader(self._reads, self._connection(_READING), self.listeners))
        except (sqlite3.Error, DBAPIError, OSError) as error:
            await self.close()
            reason = getattr(error, "orig", None) or error  # SQLAlchemy's own words take several lines
            raise StorageUnavailable(f"{self.path} cannot be opened: {reason}") from error

    async def close(self) -> None:
        """The writer leaves last, because whoever does empties the log into the file."""
        self._reads.close(READERS)
        self._writes.close()
        for thread in reversed(self._threads):
            await asyncio.to_thread(thread.join)
        self._threads.clear()
        self._lock.release()

    async def write(self, unit: Callable[[Tx], T]) -> T:
        if self._read_only:
            raise BooksBusy(f"{self.path} was opened to be read only")
        return await self._writes.run(unit)

    async def read(self, unit: Callable[[Tx], T]) -> T:
        return await self._reads.run(unit)

    async def alone(self, work: Callable[[Connection], None]) -> None:
        if self._read_only:
            raise BooksBusy(f"{self.path} was opened to be read only")
        try:
            await asyncio.to_thread(self._alone, work)
        except (sqlite3.Error, DBAPIError) as error:
            raise StorageUnavailable(f"the layout of {self.path} was not changed: {error}") from error

    def _alone(self, work: Callable[[Connection], None]) -> None:
        """Foreign keys are off, for a table is rebuilt under its name, and looked over at the end."""
        with self._connection(_CHANGING) as connection, connection.begin():
            raw = driver_connection(connection)
            raw.execute("BEGIN IMMEDIATE")
            work(connection)
            if broken := raw.execute("PRAGMA foreign_key_check").fetchone():
                raise StorageError(f"the change leaves rows that point nowhere, {broken[0]} among them")

    def _start_writer(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock.hold()
        self.path.touch(mode=0o600)
        self._begin(Writer(self._writes, self._connection(_WRITING), self.listeners))

    def _begin(self, thread: Thread) -> None:
        thread.start()
        self._threads.append(thread)

    def _connection(self, pragmas: tuple[str, ...]) -> Connection:
        connection = self._engine.connect()
        for pragma in pragmas:
            driver_connection(connection).execute(pragma)
        return connection

    def _open(self) -> sqlite3.Connection:
        """No transaction unless we say so: left to itself the driver begins them late and loses updates."""
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
