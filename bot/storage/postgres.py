"""The books in PostgreSQL: a unit has a connection to itself, and rows are locked by the queries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from functools import partial
from random import random
from time import perf_counter
from typing import Any, Literal, TypeVar

import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import BooksBusy, CommitUnknown, StorageUnavailable
from bot.storage.database import Database, OnUnit
from bot.storage.postgres_engine import create_engine
from bot.storage.postgres_errors import (
    TROUBLE,
    connection_is_lost,
    hide_values,
    may_run_again,
    refused_at_commit,
    unavailable,
)
from bot.storage.tx import Tx
from bot.storage.units import outcome

T = TypeVar("T")
log = structlog.get_logger(__name__)

PAUSES = (0.01, 0.03, 0.1, 0.3)
"""Seconds, at most, before a unit is run again; the bound on how often it is."""
CHANGING = 0x4B617373  # the advisory lock of whoever changes the layout: "Kass"


class PostgresDatabase(Database):
    """A server that several processes may use at once."""

    dialect: Literal["sqlite", "postgresql"] = "postgresql"

    def __init__(self, url: str, *, read_only: bool = False, on_unit: OnUnit = lambda *_: None) -> None:
        self._on_unit = on_unit
        self._read_only = read_only
        self._url = url
        self._engine = create_engine(url, patient=read_only)
        self._reading = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._running: set[asyncio.Task[Any]] = set()
        self._open = False
        self._met: dict[Connection, BaseException] = {}
        event.listen(self._engine.sync_engine, "handle_error", self._notice_error)

    async def start(self) -> None:
        self._open = True
        await self.read(lambda tx: tx.connection.exec_driver_sql("select 1").scalar())

    async def close(self) -> None:
        self._open = False
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._engine.dispose()

    async def write(self, unit: Callable[[Tx], T]) -> T:
        if self._read_only:
            raise BooksBusy("the books were opened to be read only")
        return await self._to_its_end("write", self._repeat(self._write, unit))

    async def read(self, unit: Callable[[Tx], T]) -> T:
        return await self._to_its_end("read", self._repeat(self._read, unit))

    async def alone(self, work: Callable[[Connection], None]) -> None:
        if self._read_only:
            raise BooksBusy("the books were opened to be read only")
        engine = create_engine(self._url, patient=True)
        try:
            async with engine.begin() as connection:
                await connection.exec_driver_sql(f"select pg_advisory_xact_lock({CHANGING})")
                await connection.run_sync(work)
        except TROUBLE as error:
            raise StorageUnavailable(f"the layout of the books was not changed: {error}") from error
        finally:
            await engine.dispose()

    async def _to_its_end(self, kind: str, work: Coroutine[Any, Any, T]) -> T:
        """A caller that is cancelled leaves; the unit does not, for it might be in the middle of COMMIT."""
        if not self._open:
            work.close()
            raise StorageUnavailable("the books are closed")
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(partial(self._end, kind, perf_counter()))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_log_unheard)
            raise

    def _end(self, kind: str, begun: float, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if kind == "write":
            self.tell_committed()
        if not task.cancelled():
            self._on_unit(kind, outcome(task.exception()), perf_counter() - begun)

    async def _repeat(
        self, attempt: Callable[[Callable[[Tx], T]], Coroutine[Any, Any, T]], unit: Callable[[Tx], T]
    ) -> T:
        for pause in (*PAUSES, None):
            try:
                return await attempt(unit)
            except TROUBLE as error:
                if pause is None or not may_run_again(error):
                    if named := unavailable(error):
                        raise named from error
                    raise
            await asyncio.sleep(pause * random())  # noqa: S311 (only to part those who collided)
        raise AssertionError("the last try returns or raises")

    async def _write(self, unit: Callable[[Tx], T]) -> T:
        async with aclosing(await _connection(self._engine)) as connection:
            result = await self._run(connection, unit)
            try:
                await connection.commit()
            except TROUBLE as error:
                await _discard_if_lost(connection, error)
                if not refused_at_commit(error):
                    raise CommitUnknown(f"no answer to COMMIT, it may or may not stand: {error}") from error
                raise
            return result

    async def _read(self, unit: Callable[[Tx], T]) -> T:
        async with aclosing(await _connection(self._reading)) as connection:
            return await self._run(connection, unit)

    async def _run(self, connection: AsyncConnection, unit: Callable[[Tx], T]) -> T:
        """A unit that met a database error fails even if it swallowed it: its COMMIT would do nothing."""
        try:
            return await connection.run_sync(self._run_sync, unit)
        except TROUBLE as error:
            await _discard_if_lost(connection, error)
            raise

    def _run_sync(self, connection: Connection, unit: Callable[[Tx], T]) -> T:
        try:
            result = unit(Tx(connection, self.listeners))
        finally:
            met = self._met.pop(connection, None)
        if met is not None:
            raise met
        return result

    def _notice_error(self, context: ExceptionContext) -> None:
        hide_values(context.sqlalchemy_exception)
        hide_values(context.original_exception)
        if context.connection is not None:
            self._met[context.connection] = context.sqlalchemy_exception or context.original_exception


async def _connection(engine: AsyncEngine) -> AsyncConnection:
    """A server too busy to let anybody in is asked once more: the unit has not begun yet."""
    try:
        return await engine.connect()
    except TimeoutError:  # the driver's; that of the pool is of another kind, and has waited long enough
        return await engine.connect()


async def _discard_if_lost(connection: AsyncConnection, error: BaseException) -> None:
    """The pool must not hand it to the next unit; the driver does not always say so itself."""
    if connection_is_lost(error) and not connection.invalidated:
        await connection.invalidate(error)


def _log_unheard(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("books.unit_failed_unheard", error=repr(error))
