"""One person's taps one after the other; aiogram's own isolation never forgets a person it has seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiogram.fsm.storage.base import BaseEventIsolation, StorageKey


class TapIsolation(BaseEventIsolation):
    """Holds a lock for those alone who are being answered, so it stays small however many come."""

    def __init__(self) -> None:
        self._locks: dict[StorageKey, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
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
