"""Processes that share the books, and processes that die."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.domain.errors import BooksBusy
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.conftest import opened
from tests.storage.scratch import counter, create_scratch, notes


@contextmanager
def writing(url: str, first: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-m", "tests.storage.writing_process", url, str(first))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def acknowledged(process: subprocess.Popen[str], at_least: int) -> set[int]:
    """Kill it after so many; what it had said by then counts."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(at_least)]
    process.kill()
    said += process.stdout.readlines()
    return {int(line) for line in said if line.endswith("\n")}


def pairs(tx: Tx) -> tuple[set[int], set[int], int]:
    """Left and right notes and the counter, all of one moment."""
    left, right = ({int(body.split()[0]) for body in notes(tx) if side in body} for side in ("left", "right"))
    return left, right, counter(tx)


async def test_no_acknowledged_unit_is_lost_when_the_process_is_killed(database_url: str) -> None:
    async with opened(database_url) as database:
        await database.write(create_scratch)
    promised: set[int] = set()
    for life in range(3):
        with writing(database_url, first=life * 1_000_000) as process:
            promised |= acknowledged(process, 150)
        async with opened(database_url) as database:
            left, right, counted = await database.read(pairs)
        assert left == right >= promised
        assert counted == len(left)


async def test_beside_a_writing_process_one_may_look_but_not_write(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        await database.write(create_scratch)
    with writing(sqlite_url) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(BooksBusy, match=str(process.pid)):
            await Database.connect(sqlite_url).start()
        onlooker = Database.connect(sqlite_url, read_only=True)
        await onlooker.start()
        assert await onlooker.read(counter) > 0
        await onlooker.close()
    async with opened(sqlite_url) as database:
        assert await database.read(counter) > 0
