"""Ways for a disk to fail under the books, each a real one."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.storage.database import Database
from bot.storage.tx import Tx

TIGHT = 400_000  # bytes: more than the books of these tests need, less than a greedy unit wants


@asynccontextmanager
async def few_pages(database: Database) -> AsyncIterator[None]:
    """SQLite's own limit: "database or disk is full" in the middle of a unit."""
    await database.write(lambda tx: _limit(tx, TIGHT // 4096))
    yield
    await database.write(lambda tx: _limit(tx, 1_000_000))


def _limit(tx: Tx, pages: int) -> None:
    tx.connection.exec_driver_sql(f"pragma max_page_count = {pages}").all()


@asynccontextmanager
async def short_files(_: Database) -> AsyncIterator[None]:
    """The operating system lets no file grow: an input or output error, in a unit or at COMMIT."""
    with _files_up_to(TIGHT):
        yield


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own with next to no room; where none may be mounted, files that cannot grow."""
    mount = ("mount", "-t", "tmpfs", "-o", f"size={2 * TIGHT}", "tmpfs", folder)
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        with _files_up_to(TIGHT):
            yield
        return
    try:
        yield
    finally:
        subprocess.run(("umount", folder), check=True)


@contextmanager
def _files_up_to(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Gate:
    """A unit that holds the writer until it is opened, so that what queues up behind it shares a commit."""

    def __init__(self) -> None:
        self._reached, self._opened = threading.Event(), threading.Event()

    def hold(self, _: Tx) -> None:
        self._reached.set()
        assert self._opened.wait(10)

    def reached(self) -> bool:
        return self._reached.wait(10)

    def open(self) -> None:
        self._opened.set()
