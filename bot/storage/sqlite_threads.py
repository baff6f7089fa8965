"""The threads that run units on SQLite: one writes, several units to a commit; the others only look."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Set
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext

from bot.domain.errors import StorageError
from bot.storage.sqlite_errors import at_commit, typed, unavailable
from bot.storage.tx import Tx
from bot.storage.units import Job, UnitQueue

BATCH_UNITS = 128
BATCH_SECONDS = 0.02


class Writer(Thread):
    """Owns the only writing connection. Daemonic: what a dying process has not committed was not promised."""

    def __init__(self, queue: UnitQueue, connection: Connection, listeners: Set[str]) -> None:
        super().__init__(name="books-writer", daemon=True)
        self._queue = queue
        self._connection = connection
        self._raw = driver_connection(connection)
        self._tx = Tx(connection, listeners)
        self._met: BaseException | None = None
        self._fell = False
        event.listen(connection.engine, "handle_error", self._notice_error)

    def run(self) -> None:
        while (job := self._queue.take()) is not None:
            batch = [job]
            try:
                self._commit_together(batch)
            except BaseException as error:  # noqa: BLE001 (the one thread that writes must go on)
                self._fall(batch, unavailable, error)
            self._queue.answer(batch)
        self._connection.close()

    def _commit_together(self, batch: list[Job]) -> None:
        """Run what waits as one transaction: it stands, or every caller hears that it does not."""
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._take_all(batch)
            raise
        self._run_batch(batch)
        try:
            self._raw.execute("COMMIT")
        except sqlite3.Error as error:
            self._fall(batch, at_commit, error)

    def _run_batch(self, batch: list[Job]) -> None:
        """Take along what arrives meanwhile, for as long as nobody waits too long for his answer."""
        until = monotonic() + BATCH_SECONDS
        self._run_unit(batch[0])
        while len(batch) < BATCH_UNITS and monotonic() < until:
            job = self._queue.take_waiting()
            if job is None:
                return
            batch.append(job)
            self._run_unit(job)

    def _run_unit(self, job: Job) -> None:
        """A unit that raises is undone alone; `sqlite3.Error` from here means that all is undone."""
        self._met = None
        self._raw.execute("SAVEPOINT unit")
        job.run(self._tx)
        if self._met is not None:
            if self._fell:
                raise sqlite3.OperationalError(f"transaction rolled back: {self._met}") from self._met
            job.fail(typed(job.error or self._met))  # a swallowed error counts, as it would on PostgreSQL
        if job.error is not None:
            self._raw.execute("ROLLBACK TO unit")
        self._raw.execute("RELEASE unit")

    def _notice_error(self, context: ExceptionContext) -> None:
        """Look whether the transaction still stands; a full disk takes all of it.

        If not, a new one that is never committed catches whatever the unit still tries.
        """
        if context.connection is not self._connection:
            return
        self._met = context.sqlalchemy_exception or context.original_exception
        if not self._raw.in_transaction:
            self._fell = True
            self._raw.execute("BEGIN")

    def _take_all(self, batch: list[Job]) -> None:
        """Nobody queued behind a locked file waits for it a second time."""
        while (job := self._queue.take_waiting()) is not None:
            batch.append(job)

    def _fall(self, batch: list[Job], told: Callable[[Any], StorageError], error: BaseException) -> None:
        """Nothing of the batch stands, so no result and no refusal in it does."""
        self._fell = False
        _roll_back(self._raw)
        for job in batch:
            job.fail(told(error))


class Reader(Thread):
    """Owns a connection that cannot write; a look may take its time without holding up a payment."""

    def __init__(self, queue: UnitQueue, connection: Connection, listeners: Set[str]) -> None:
        super().__init__(name="books-reader", daemon=True)
        self._queue = queue
        self._connection = connection
        self._raw = driver_connection(connection)
        self._tx = Tx(connection, listeners)

    def run(self) -> None:
        while (job := self._queue.take()) is not None:
            self._look(job)
            self._queue.answer((job,))
        self._connection.close()

    def _look(self, job: Job) -> None:
        try:
            self._raw.execute("BEGIN")
        except sqlite3.Error as error:
            job.fail(unavailable(error))
            return
        job.run(self._tx)
        if job.error is not None:
            job.error = typed(job.error)
        _roll_back(self._raw)


def driver_connection(connection: Connection) -> sqlite3.Connection:
    """The connection under SQLAlchemy's, for BEGIN, SAVEPOINT and the like: a hundredth of the work."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _roll_back(raw: sqlite3.Connection) -> None:
    """ROLLBACK may report the same broken disk again, but it ends the transaction."""
    if raw.in_transaction:
        with suppress(sqlite3.Error):
            raw.execute("ROLLBACK")
