"""What only the books in a file promise: one writer, whole batches, and honesty when the disk fails."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.errors import BooksBusy, CommitUnknown, SettingsError, StorageUnavailable
from bot.storage.database import Database
from bot.storage.sqlite import SqliteDatabase
from bot.storage.sqlite_threads import Writer
from bot.storage.tx import Tx
from bot.storage.units import Job
from tests.conftest import opened
from tests.storage.faults import TIGHT, Gate, few_pages, short_files, small_disk
from tests.storage.scratch import add_note, bump, counter, create_scratch, notes


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened(f"sqlite:///{tmp_path / 'books.db'}") as database:
        await database.write(create_scratch)
        yield database


def greedy(tx: Tx) -> None:
    """Wants more room than there is."""
    for number in range(100):
        add_note(tx, f"greedy {number} {'x' * (TIGHT // 20)}")


async def together(database: Database, *units: Callable[[Tx], None]) -> list[BaseException | None]:
    """Hand the units in so that they share a commit; what became of each."""
    gate = Gate()
    holding = asyncio.create_task(database.write(gate.hold))
    await asyncio.to_thread(gate.reached)
    tasks = [asyncio.create_task(database.write(unit)) for unit in units]
    await asyncio.sleep(0)
    gate.open()
    _, *outcomes = await asyncio.gather(holding, *tasks, return_exceptions=True)
    return outcomes


async def look_for_lies(database: Database, stored: list[str]) -> None:
    """A batch with a greedy unit in the middle: what was acknowledged is there, what was refused is not."""
    before, after = ([f"{side} {number}" for number in range(20)] for side in ("before", "after"))
    units = [partial(add_note, body=body) for body in before]
    outcomes = await together(database, *units, greedy, *(partial(add_note, body=body) for body in after))
    told = dict(zip([*before, "greedy", *after], outcomes, strict=True))
    assert isinstance(told["greedy"], StorageUnavailable | CommitUnknown)
    stored += await database.read(notes)
    assert not [body for body in stored if body.startswith("greedy")]
    for body in before + after:
        assert told[body] is None or isinstance(told[body], StorageUnavailable | CommitUnknown)
        if not isinstance(told[body], CommitUnknown):
            assert (body in stored) == (told[body] is None)


@pytest.mark.parametrize("tight", [few_pages, short_files])
async def test_a_disk_full_in_the_middle_of_a_batch_lies_to_nobody(
    database: Database, tight: Callable[[Database], AbstractAsyncContextManager[None]]
) -> None:
    stored: list[str] = []
    async with tight(database):
        await look_for_lies(database, stored)
    await database.write(partial(add_note, body="the next unit works"))
    assert len(await database.read(notes)) == len(stored) + 1


async def test_a_small_disk_that_fills_up_lies_to_nobody(tmp_path: Path) -> None:
    with small_disk(tmp_path):
        async with opened(f"sqlite:///{tmp_path / 'books.db'}") as database:
            await database.write(create_scratch)
            await look_for_lies(database, [])
            await database.write(bump)
            assert await database.read(counter) == 1


async def test_what_a_unit_tries_after_the_transaction_fell_is_not_written(database: Database) -> None:
    def stubborn(tx: Tx) -> None:
        with suppress(OperationalError):
            greedy(tx)
        add_note(tx, "by itself")

    async with few_pages(database):
        before, told, after = await together(database, bump, stubborn, bump)
    assert isinstance(told, StorageUnavailable)
    assert await database.read(notes) == []
    assert await database.read(counter) == [before, after].count(None)


async def test_behind_a_locked_file_everybody_is_told_after_one_wait(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "books.db", busy_seconds=0.3)
    await database.start()
    await database.write(create_scratch)
    stranger = sqlite3.connect(tmp_path / "books.db", isolation_level=None)
    stranger.execute("begin immediate")
    begun = time.monotonic()
    outcomes = await asyncio.gather(*(database.write(bump) for _ in range(50)), return_exceptions=True)
    assert all(isinstance(outcome, StorageUnavailable) for outcome in outcomes)
    assert 0.2 < time.monotonic() - begun < 3
    stranger.execute("rollback")
    stranger.close()
    await database.write(bump)
    assert await database.read(counter) == 1
    await database.close()


async def test_a_mistake_of_the_writer_itself_does_not_end_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(writer: Writer, batch: list[Job]) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_run_batch", mistaken)
        with pytest.raises(StorageUnavailable):
            await database.write(bump)
    await database.write(bump)
    assert await database.read(counter) == 1


async def test_a_slow_look_holds_up_neither_writers_nor_other_looks(database: Database) -> None:
    gate = Gate()
    looking = asyncio.create_task(database.read(gate.hold))
    await asyncio.to_thread(gate.reached)
    await database.write(bump)
    assert await database.read(counter) == 1
    assert not looking.done()
    gate.open()
    await looking


async def test_answers_do_not_wait_while_units_keep_coming(database: Database) -> None:
    def slowly(tx: Tx) -> None:
        bump(tx)
        time.sleep(0.002)

    tasks = [asyncio.create_task(database.write(slowly)) for _ in range(300)]
    await tasks[0]
    assert not all(task.done() for task in tasks)
    assert sum(task.done() for task in tasks) < 150
    await asyncio.gather(*tasks)


async def test_second_writer_is_told_who_holds_the_books(database: Database, tmp_path: Path) -> None:
    second = Database.connect(f"sqlite:///{tmp_path / 'books.db'}")
    with pytest.raises(BooksBusy, match=r"in use by process [0-9]+: do it through the running bot"):
        await second.start()
    await database.close()
    third = Database.connect(f"sqlite:///{tmp_path / 'books.db'}")
    await third.start()
    await third.close()


async def test_the_books_are_nobody_elses_to_read(database: Database, tmp_path: Path) -> None:
    await database.write(bump)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("books.db")]
    assert {path.name for path in files} == {"books.db", "books.db-wal", "books.db-shm", "books.db.lock"}
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


async def test_books_that_cannot_be_opened_say_so(tmp_path: Path) -> None:
    missing = Database.connect(f"sqlite:///{tmp_path / 'missing.db'}", read_only=True)
    with pytest.raises(StorageUnavailable, match=r"no books at .*missing\.db yet"):
        await missing.start()
    (tmp_path / "letter.db").write_text("Dear Anna, this is no database at all. " * 100)
    letter = Database.connect(f"sqlite:///{tmp_path / 'letter.db'}")
    with pytest.raises(StorageUnavailable, match="not a database"):
        await letter.start()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///books.db?mode=ro", "mysql://x", "books.db", ""]
)
def test_an_address_that_is_none_is_explained(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL: "):
        Database.connect(url)


def test_both_spellings_of_a_file_are_the_same_books() -> None:
    plain, spelled = (Database.connect(f"{scheme}:////var/lib/kassir/books.db") for scheme in SCHEMES)
    assert isinstance(plain, SqliteDatabase)
    assert isinstance(spelled, SqliteDatabase)
    assert plain.path == spelled.path == Path("/var/lib/kassir/books.db")


SCHEMES = ("sqlite", "sqlite+aiosqlite")
