"""The time of the street, moved from tests.

async with StreetTime("http://127.0.0.1:8080") as time:
    await time.skip(days=3)
"""

from __future__ import annotations

from datetime import datetime

from sandbox.driver_session import DriverSession


class StreetTime(DriverSession):
    async def skip(self, *, hours: int = 0, days: int = 0, months: int = 0) -> datetime:
        """Return when it is that late there, and the bot has done all that was due on the way."""
        answer = await self.post("/time", {"hours": hours, "days": days, "months": months, "wait": True})
        return datetime.fromisoformat(answer["now"])

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.get("/time"))["now"])
