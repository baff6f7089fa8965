"""What a unit of work promises on both databases."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain.errors import BooksBusy, CustomerError, StorageUnavailable
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx
from tests.conftest import opened
from tests.storage.scratch import add_note, bump, counter, create_scratch, notes, pause


@pytest.fixture(autouse=True)
async def scratch(database: Database) -> None:
    await database.write(create_scratch)


class Refused(Exception):
    pass


class Counting:
    """A service as they all look."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @transaction
    def bump(self, tx: Tx, times: int, *, then_fail: bool = False) -> int:
        for _ in range(times):
            bump(tx)
        if then_fail:
            raise Refused
        return counter(tx)

    @transaction
    def turn_away(self, tx: Tx) -> None:
        raise CustomerError("not_for_sale")

    @reading
    def value(self, tx: Tx) -> int:
        return counter(tx)

    @reading
    def cheat(self, tx: Tx) -> None:
        bump(tx)


async def test_what_a_unit_returns_reaches_its_caller_once_it_stands(database: Database) -> None:
    counting = Counting(database)
    assert await counting.bump(3) == 3
    assert await counting.value() == 3


async def test_a_unit_that_raises_leaves_nothing_behind(database: Database) -> None:
    counting = Counting(database)
    with pytest.raises(Refused):
        await counting.bump(3, then_fail=True)
    assert await counting.value() == 0


async def test_no_update_is_lost_among_many_at_once(database: Database) -> None:
    counting = Counting(database)

    async def caller() -> None:
        for _ in range(15):
            await counting.bump(1)

    await asyncio.gather(*(caller() for _ in range(32)))
    assert await counting.value() == 480


async def test_units_that_fail_take_no_other_with_them(database: Database) -> None:
    counting = Counting(database)
    units = [counting.bump(1, then_fail=number % 3 == 0) for number in range(60)]
    outcomes = await asyncio.gather(*units, return_exceptions=True)
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 20
    assert await counting.value() == 40


async def test_a_broken_rule_undoes_the_whole_unit_and_nothing_else(database: Database) -> None:
    def twice_the_same(tx: Tx) -> None:
        bump(tx)
        add_note(tx, "one")
        add_note(tx, "one")

    good = [database.write(partial(add_note, body=f"good {number}")) for number in range(5)]
    outcomes = await asyncio.gather(*good, database.write(twice_the_same), return_exceptions=True)
    assert isinstance(outcomes.pop(), IntegrityError)
    assert outcomes == [None] * 5
    assert await database.read(counter) == 0
    assert await database.read(notes) == [f"good {number}" for number in range(5)]


async def test_a_database_error_that_a_unit_swallows_is_raised_all_the_same(database: Database) -> None:
    def swallow(tx: Tx) -> str:
        add_note(tx, "one")
        with suppress(IntegrityError):
            add_note(tx, "one")
        return "all well"

    with pytest.raises(IntegrityError):
        await database.write(swallow)
    assert await database.read(notes) == []


async def test_stop_iteration_reaches_the_caller_as_a_plain_error(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await database.write(lambda tx: next(iter([])))
    assert await Counting(database).bump(1) == 1


async def test_reading_cannot_change_the_books(database: Database) -> None:
    counting = Counting(database)
    with pytest.raises(DBAPIError):
        await counting.cheat()
    assert await counting.value() == 0


async def test_a_look_sees_one_moment_however_long_it_takes(database: Database) -> None:
    looking = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look(tx: Tx) -> tuple[int, int]:
        before = counter(tx)
        loop.call_soon_threadsafe(looking.set)
        pause(tx, 0.3)
        return before, counter(tx)

    task = asyncio.create_task(database.read(look))
    await looking.wait()
    await database.write(bump)
    assert not task.done()
    assert await task == (0, 0)
    assert await database.read(counter) == 1


async def test_a_cancelled_caller_does_not_stop_his_unit(database: Database, database_url: str) -> None:
    tasks = [asyncio.create_task(Counting(database).bump(5)) for _ in range(40)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    await database.close()
    async with opened(database_url) as again:
        assert await again.read(counter) == 200


async def test_closing_finishes_what_was_handed_in(database: Database) -> None:
    counting = Counting(database)
    tasks = [asyncio.create_task(counting.bump(1)) for _ in range(100)]
    await asyncio.sleep(0)
    await database.close()
    assert sorted(await asyncio.gather(*tasks)) == list(range(1, 101))
    with pytest.raises(StorageUnavailable, match="closed"):
        await counting.bump(1)


async def test_more_callers_than_there_is_room_for_wait_their_turn(database: Database) -> None:
    counting = Counting(database)
    await asyncio.gather(*(counting.bump(1) for _ in range(1500)))
    assert await counting.value() == 1500


async def test_books_opened_to_be_read_refuse_to_be_written(database: Database, database_url: str) -> None:
    onlooker = Database.connect(database_url, read_only=True)
    await onlooker.start()
    try:
        await database.write(bump)
        assert await onlooker.read(counter) == 1
        with pytest.raises(BooksBusy):
            await onlooker.write(bump)
    finally:
        await onlooker.close()


async def test_whoever_watches_is_told_of_every_unit(database: Database, database_url: str) -> None:
    seen: list[tuple[str, str]] = []
    await database.close()
    watched = Database.connect(
        database_url, on_unit=lambda kind, outcome, seconds: seen.append((kind, outcome))
    )
    await watched.start()
    seen.clear()
    counting = Counting(watched)
    await counting.bump(1)
    await counting.value()
    with pytest.raises(Refused):
        await counting.bump(1, then_fail=True)
    with pytest.raises(CustomerError):
        await counting.turn_away()
    await watched.close()
    assert seen == [("write", "ok"), ("read", "ok"), ("write", "failed"), ("write", "ok")]


async def test_whoever_waits_for_commits_is_called_after_them(database: Database) -> None:
    seen: list[int] = []
    counting = Counting(database)
    database.when_committed(lambda: seen.append(len(seen)))
    await asyncio.gather(*(counting.bump(1) for _ in range(20)))
    await counting.value()
    called = len(seen)
    assert 1 <= called <= 20
    await counting.value()
    assert len(seen) == called
