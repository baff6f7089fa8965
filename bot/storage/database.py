"""How a unit of work runs on the books: the one door to the database for everything above storage."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from functools import cached_property, wraps
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from bot.domain.errors import SettingsError
from bot.storage.tx import Tx

T = TypeVar("T")
P = ParamSpec("P")


OnUnit = Callable[[str, str, float], None]
"""Told of every unit: "read" or "write", "ok" or "failed", and the seconds its caller waited."""


class Database(ABC):
    """Runs whole units: plain functions of a `Tx` that change the books together or not at all."""

    dialect: Literal["sqlite", "postgresql"]
    _on_commit: tuple[Callable[[], None], ...] = ()

    @cached_property
    def listeners(self) -> set[str]:
        """Who of the seller's side is told by webhook; for nobody else a row is written."""
        return set()

    def when_committed(self, call: Callable[[], None]) -> None:
        """Call it on the loop after each commit, of one unit or of several: there may be something to see."""
        self._on_commit = (*self._on_commit, call)

    def tell_committed(self) -> None:
        for call in self._on_commit:
            call()

    @classmethod
    def connect(cls, url: str, *, read_only: bool = False, on_unit: OnUnit = lambda *_: None) -> Database:
        """The books at `url`, untouched before `start`. One process at a time may write a SQLite file."""
        scheme, separator, rest = url.partition("://")
        if separator and scheme in {"sqlite", "sqlite+aiosqlite"}:
            from bot.storage.sqlite import SqliteDatabase

            return SqliteDatabase.at(rest, read_only=read_only, on_unit=on_unit)
        if separator and scheme in {"postgresql", "postgresql+asyncpg"}:
            from bot.storage.postgres import PostgresDatabase

            return PostgresDatabase(f"postgresql+asyncpg://{rest}", read_only=read_only, on_unit=on_unit)
        raise SettingsError("DATABASE_URL: begin with sqlite:/// or postgresql+asyncpg://")

    @abstractmethod
    async def start(self) -> None:
        """Open the books; what is wrong with them is raised here."""

    @abstractmethod
    async def close(self) -> None:
        """Finish the units that were handed in, then let go of the books."""

    @abstractmethod
    async def write(self, unit: Callable[[Tx], T]) -> T:
        """Run `unit` and commit it; once handed in it runs to its end, even when the caller is cancelled.

        It may be run again after a lost connection, a deadlock or a serialization failure.
        """

    @abstractmethod
    async def read(self, unit: Callable[[Tx], T]) -> T:
        """Run `unit` on one snapshot of the books, which it cannot change."""

    @abstractmethod
    async def alone(self, work: Callable[[Connection], None]) -> None:
        """Change the layout itself: one transaction, by one process at a time, as long as it takes."""


class OnBooks(Protocol):
    """A class whose methods may be units: it has a database."""

    @property
    def database(self) -> Database: ...


S = TypeVar("S", bound=OnBooks)


def transaction(
    method: Callable[Concatenate[S, Tx, P], T],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Make a method one unit: it commits when it returns and is as if never begun when it raises."""

    @wraps(method)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]:
        return self.database.write(lambda tx: method(self, tx, *args, **kwargs))

    return run


def reading(
    method: Callable[Concatenate[S, Tx, P], T],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Make a method one look at the books: all it sees is of one moment, and it can change nothing."""

    @wraps(method)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]:
        return self.database.read(lambda tx: method(self, tx, *args, **kwargs))

    return run
