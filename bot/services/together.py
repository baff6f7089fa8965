"""Calls that many want at once and that are made once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Whoever asks for what is under way shares its answer or its trouble; one who leaves stops nobody."""

    def __init__(self) -> None:
        self._under_way: dict[object, asyncio.Task[T]] = {}

    async def once(self, key: object, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(call())
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    def _ended(self, key: object, task: asyncio.Task[T]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # heard, even when everybody who waited for it has left
