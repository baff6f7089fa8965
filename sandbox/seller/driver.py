"""The seller's cabinet, driven from tests.

async with Cabinet("http://127.0.0.1:8084") as cabinet:
    line = await cabinet.sees_line("wa-7001", paid_until="2026-12-14")
    await cabinet.faults(webhooks="500")
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sandbox.driver_session import DriverSession, Json

PATIENCE = 15


class Cabinet(DriverSession):
    async def lines(self) -> list[Json]:
        found: list[Json] = await self.get("/control/lines")
        return found

    async def webhooks(self) -> list[Json]:
        """Oldest first, each with what was made of it and what every try was answered."""
        found: list[Json] = await self.get("/control/webhooks")
        return found

    async def sees_line(self, line_id: str, **facts: object) -> Json:
        """Wait until the cabinet knows this of a line."""

        def fits(line: Json) -> bool:
            return bool(line["id"] == line_id and facts.items() <= line.items())

        return await self._until(self.lines, fits)

    async def hears(self, kind: str, **facts: object) -> Json:
        """Wait for a webhook with these facts in its data."""

        def fits(letter: Json) -> bool:
            return bool(letter["kind"] == kind and facts.items() <= letter["data"].items())

        return await self._until(self.webhooks, fits)

    async def _until(self, look: Callable[[], Any], fits: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(PATIENCE):
            while True:
                for found in await look():
                    if fits(found):
                        return dict(found)
                await asyncio.sleep(0.02)
