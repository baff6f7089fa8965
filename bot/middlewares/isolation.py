"""One person's taps one after the other; aiogram's own isolation never forgets a person it has seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

from aiogram.fsm.storage.base import BaseEventIsolation, StorageKey

_in_line: ContextVar[bool] = ContextVar("in_line", default=True)


@contextmanager
def out_of_line() -> Iterator[None]:
    """What is handled inside waits for nobody's earlier tap: it has seconds, and shows no screen."""
    token = _in_line.set(False)
    try:
        yield
    finally:
        _in_line.reset(token)


class TapIsolation(BaseEventIsolation):
    """Holds a lock for those alone who are being answered, so it stays small however many come."""

    def __init__(self) -> None:
        self._locks: dict[StorageKey, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        if not _in_line.get():
            yield
            return
        lock, users = self._locks.get(key) or (asyncio.Lock(), 0)
        self._locks[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            self._let_go(key)

    async def close(self) -> None:
        self._locks.clear()

    def _let_go(self, key: StorageKey) -> None:
        if key not in self._locks:
            return
        lock, users = self._locks[key]
        if users == 1:
            del self._locks[key]
        else:
            self._locks[key] = (lock, users - 1)
