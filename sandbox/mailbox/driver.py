"""The mailbox, driven from tests.

async with Mailbox("http://127.0.0.1:8087") as mailbox:
    letter = await mailbox.letter_to("anna@example.org", "Счёт")
    name, pdf = await mailbox.file(letter)
    await mailbox.faults(addresses="550 unknown")
"""

from __future__ import annotations

import asyncio

from sandbox.driver_session import DriverSession, Json

PATIENCE = 15


class Mailbox(DriverSession):
    async def letters(self, to: str = "") -> list[Json]:
        """Newest first."""
        found: list[Json] = await self.get("/control/letters", to=to)
        return found

    async def letter_to(self, to: str, subject: str = "", *, within: float = PATIENCE) -> Json:
        """Wait for a letter to that address whose subject holds these words; the newest of them."""
        async with asyncio.timeout(within):
            while True:
                for letter in await self.letters(to):
                    if subject in letter["subject"]:
                        return letter
                await asyncio.sleep(0.02)

    async def file(self, letter: Json, place: int = 0) -> tuple[str, bytes]:
        """Name and content of an attachment."""
        content: bytes = await self.get(f"/letters/{letter['id']}/files/{place}")
        return letter["files"][place]["name"], content
