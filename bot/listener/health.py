"""Whether this process lives, and whether it may be sent work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from bot.domain.errors import KassirError

Check = Callable[[], Awaitable[bool]]
"""True while all is well; a KassirError or silence counts as not well."""

Remarks = Callable[[], Awaitable[list[str]]]
"""What is wrong and keeps nobody from paying."""


class Health:
    """Ready once start-up has said so, until the stop begins, and only while every check is well.

    Checks are asked at most once a second, however often the probe comes.
    """

    def __init__(
        self,
        checks: Mapping[str, Check] | None = None,
        *,
        patience: float = 2.0,
        remarks: Remarks | None = None,
    ) -> None:
        self._checks = dict(checks or {})
        self._patience = patience
        self._remarks = remarks
        self._started = False
        self._stopping = False
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._unwell: list[str] = []

    def ready(self) -> None:
        self._started = True

    def stopping(self) -> None:
        self._stopping = True

    async def reasons(self) -> list[str]:
        """Why no work should be sent here; empty when all is well."""
        if self._stopping:
            return ["stopping"]
        if not self._started:
            return ["starting"]
        async with self._asking:
            if time.monotonic() - self._asked_at >= 1:
                answers = await asyncio.gather(*(self._ask(check) for check in self._checks.values()))
                self._unwell = [name for name, well in zip(self._checks, answers, strict=True) if not well]
                self._asked_at = time.monotonic()
        return self._unwell

    async def degraded(self) -> list[str]:
        """What somebody has to mend while the bot works on; unknown is no trouble of its own."""
        if self._remarks is None:
            return []
        try:
            async with asyncio.timeout(self._patience):
                return await self._remarks()
        except (KassirError, TimeoutError):
            return []

    async def _ask(self, check: Check) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                return await check()
        except (KassirError, TimeoutError):
            return False


class Silence:
    """A check that fails once somebody has not been reached for a long while, not at the first failure."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._since: float | None = None

    def failed(self) -> None:
        if self._since is None:
            self._since = time.monotonic()

    def well(self) -> None:
        self._since = None

    async def __call__(self) -> bool:
        return self._since is None or time.monotonic() - self._since < self._limit
