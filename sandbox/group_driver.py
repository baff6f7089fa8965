"""What befalls the operators' group, driven from tests: `telegram.group`."""

from __future__ import annotations

from sandbox.driver_session import DriverSession
from sandbox.telegram.demo import OWNER


class Group:
    def __init__(self, telegram: DriverSession) -> None:
        self._telegram = telegram

    async def becomes_forum(self, *, on: bool = True) -> None:
        """The demo's group has no topics until it is switched on here."""
        await self._telegram.post("/group/forum", {"on": on})

    async def opens_topic(self, name: str, *, by: int = OWNER) -> int:
        """The number of the new topic; switches topics on where they are off."""
        await self.becomes_forum()
        topic = await self._telegram.post("/group/topic", {"person": by, "name": name})
        return int(topic["thread"])

    async def deletes_topic(self, thread: int) -> None:
        """With all its messages; the bot is not told."""
        await self._telegram.post("/group/topic/delete", {"thread": thread})

    async def adds(self, person: int) -> None:
        """Anybody, such as a customer, who may then write and press there as telegram.operator(person)."""
        await self._telegram.post("/group/member", {"person": person, "status": "member"})

    async def loses(self, person: int) -> None:
        await self._telegram.post("/group/member", {"person": person, "status": "left"})

    async def becomes_supergroup(self) -> int:
        """The new id; the old one only points there from now on."""
        return int((await self._telegram.post("/group/migrate"))["id"])

    async def removes_bot(self) -> None:
        await self._set("kicked")

    async def silences_bot(self) -> None:
        """It may read and not write."""
        await self._set("restricted")

    async def restores_bot(self) -> None:
        await self._set("administrator")

    async def takes_right(self, *rights: str) -> None:
        await self._telegram.post("/group/bot", {"rights": dict.fromkeys(rights, False)})

    async def _set(self, status: str) -> None:
        await self._telegram.post("/group/bot", {"status": status})
