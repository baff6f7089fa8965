"""How the parts of the sandbox wait for each other without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress


class Signal:
    """Wakes everybody who waits now; look first, then wait, with no await between the two."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.closed = False

    def fire(self) -> None:
        fired, self._event = self._event, asyncio.Event()
        fired.set()

    def close(self) -> None:
        """Nobody waits from now on: the server is about to end."""
        self.closed = True
        self.fire()

    async def wait(self, seconds: float | None = None) -> None:
        event = self._event
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)

    async def wait_until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait until the condition holds; False if the time ran out first."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not true():
            left = deadline - loop.time()
            if left <= 0 or self.closed:
                return False
            await self.wait(left)
        return True
