"""Where people stand in dialogs, through restarts, crowds, cancelled handlers and a full disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
import time_machine
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import StorageKey

from bot.middlewares.dialog_storage import KEEP, DialogStorage
from bot.middlewares.isolation import TapIsolation


def person(user_id: int, **more: Any) -> StorageKey:
    return StorageKey(bot_id=42, chat_id=user_id, user_id=user_id, **more)


ANNA, BORIS = person(7), person(8)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[DialogStorage]:
    storage = DialogStorage(tmp_path / "dialogs.db")
    await storage.start()
    yield storage
    await storage.close()


async def reopened(tmp_path: Path) -> DialogStorage:
    storage = DialogStorage(tmp_path / "dialogs.db")
    await storage.start()
    return storage


class Spy:
    """Counts what reaches the file."""

    def __init__(self, storage: DialogStorage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads = self.commits = 0
        connection = storage._open_connection()
        read, commit = connection.execute_fetchall, connection.commit

        async def counted_read(*arguments: Any) -> Any:
            self.reads += 1
            return await read(*arguments)

        async def counted_commit() -> None:
            self.commits += 1
            await commit()

        monkeypatch.setattr(connection, "execute_fetchall", counted_read)
        monkeypatch.setattr(connection, "commit", counted_commit)


async def test_a_dialog_survives_a_restart(tmp_path: Path) -> None:
    first = await reopened(tmp_path)
    await first.set_state(ANNA, State("method", group_name="Pay"))
    await first.set_data(ANNA, {"order": 17, "title": "Линия «Офис»"})
    await first.set_state(person(7, thread_id=3), "other")
    await first.close()
    second = await reopened(tmp_path)
    assert await second.get_state(ANNA) == "Pay:method"
    assert await second.get_data(ANNA) == {"order": 17, "title": "Линия «Офис»"}
    assert await second.get_state(person(7, thread_id=3)) == "other"
    assert await second.get_state(BORIS) is None
    assert await second.get_data(BORIS) == {}
    await second.close()


async def test_what_was_given_out_may_be_changed_freely(storage: DialogStorage) -> None:
    await storage.set_data(ANNA, {"connectors": ["a"]})
    (await storage.get_data(ANNA))["connectors"].append("b")
    assert await storage.get_data(ANNA) == {"connectors": ["a"]}
    assert await storage.update_data(ANNA, {"months": 3}) == {"connectors": ["a"], "months": 3}


async def test_a_known_dialog_costs_no_read_and_no_change_no_write(
    storage: DialogStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = Spy(storage, monkeypatch)
    for _ in range(10):
        await storage.get_state(ANNA)
        await storage.set_state(ANNA, None)
        await storage.set_data(ANNA, {})
    assert (spy.reads, spy.commits) == (1, 0)


async def test_changes_that_come_together_share_a_commit(
    storage: DialogStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [person(number) for number in range(1, 201)]
    await asyncio.gather(*(storage.get_state(key) for key in people))
    spy = Spy(storage, monkeypatch)
    await asyncio.gather(*(storage.set_state(key, "Pay:method") for key in people))
    assert spy.commits <= 3


async def test_a_crowd_finds_what_each_of_it_left(tmp_path: Path) -> None:
    storage = DialogStorage(tmp_path / "dialogs.db", remembered=20)
    await storage.start()

    async def dialog(number: int) -> None:
        key = person(number)
        for step in range(5):
            await storage.set_state(key, f"step:{step}")
            await storage.update_data(key, {str(step): number})
            assert await storage.get_state(key) == f"step:{step}"

    await asyncio.gather(*(dialog(number) for number in range(1, 101)))
    assert len(storage._cache) <= 20
    for number in range(1, 101):
        assert await storage.get_data(person(number)) == {str(step): number for step in range(5)}
    await storage.close()


async def test_cancelled_handlers_wedge_nothing(storage: DialogStorage, tmp_path: Path) -> None:
    for number in range(1, 60):
        task = asyncio.create_task(storage.set_data(person(number), {"n": number}))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        await storage.set_state(ANNA, "still:here")
        await storage.close()
    again = await reopened(tmp_path)
    assert await again.get_state(ANNA) == "still:here"
    await again.close()


async def test_a_disk_that_fails_costs_nobody_his_dialog(
    storage: DialogStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = storage._open_connection()

    async def full(*_: Any) -> None:
        raise aiosqlite.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "executemany", full)
        await storage.set_state(ANNA, "Pay:method")
    assert await storage.get_state(ANNA) == "Pay:method"
    await storage.set_state(BORIS, "Pay:period")
    await storage.close()
    again = await reopened(tmp_path)
    assert await again.get_state(ANNA) == "Pay:method"
    await again.close()


async def test_old_dialogs_are_forgotten(tmp_path: Path) -> None:
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False) as clock:
        storage = await reopened(tmp_path)
        await storage.set_state(ANNA, "Pay:method")
        clock.shift(KEEP)
        await storage.set_state(BORIS, "Pay:method")
        await storage.close()
        clock.shift(timedelta(seconds=1))
        later = await reopened(tmp_path)
        assert (await later.get_state(ANNA), await later.get_state(BORIS)) == (None, "Pay:method")
        await later.close()


async def test_one_persons_taps_go_in_order_and_nobody_is_remembered() -> None:
    isolation, order = TapIsolation(), list[str]()

    async def tap(key: StorageKey, name: str) -> None:
        async with isolation.lock(key):
            order.append(f"{name} begins")
            await asyncio.sleep(0.01)
            order.append(f"{name} ends")

    cancelled = asyncio.create_task(tap(ANNA, "first"))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(tap(ANNA, name)) for name in ("second", "third")]
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, *waiting, tap(BORIS, "other"), return_exceptions=True)
    of_anna = [line for line in order if not line.startswith("other")]
    assert of_anna == ["first begins", "second begins", "second ends", "third begins", "third ends"]
    assert order.index("other begins") < order.index("second ends")
    assert isolation._locks == {}
