"""Whether operators hear of anything: the group may throw the bot out, silence it, or lose a topic."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.domain.group_trouble import GroupTrouble
from bot.domain.states import Role
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

_GROUP = "group_trouble"
_TOPIC = "topic_gone"

log = structlog.get_logger()


class GroupHealthService:
    """The owners are told in private, once when it begins and once when it is over; cards wait meanwhile.

    What was told is kept in the books, and remembered here: nothing is asked for every message that arrives.
    """

    def __init__(self, database: Database, operators: Mapping[int, Role]) -> None:
        self.database = database
        self._owners = [person for person, role in operators.items() if role is Role.OWNER]
        self._known: dict[str, str] | None = None

    async def problems(self) -> list[str]:
        """What is wrong now, in a few words for whoever looks after the bot."""
        known = self._known = await self._noted()
        group, topics = known[_GROUP], known[_TOPIC]
        found = [f"operators_group_{group}"] if group else []
        return found + [f"operators_topic_gone:{name}" for name in topics.split()]

    async def failed(self, trouble: GroupTrouble) -> None:
        """The group does not take what it is sent."""
        if (await self._remembered())[_GROUP] != trouble.value:
            log.error("operators.group_shut", why=trouble.value)
            await self._note_group(trouble.value)
            self._known = None

    async def well(self) -> None:
        """It took a message."""
        if (await self._remembered())[_GROUP]:
            log.info("operators.group_well")
            await self._note_group("")
            self._known = None

    async def topic_lost(self, name: str) -> None:
        """Somebody deleted the topic: its notices go to the general one."""
        if name not in (await self._remembered())[_TOPIC].split():
            log.warning("operators.topic_gone", topic=name)
            await self._note_topic(name, lost=True)
            self._known = None

    async def topic_well(self, name: str) -> None:
        if name in (await self._remembered())[_TOPIC].split():
            await self._note_topic(name, lost=False)
            self._known = None

    async def _remembered(self) -> dict[str, str]:
        if self._known is None:
            self._known = await self._noted()
        return self._known

    @reading
    def _noted(self, tx: Tx) -> dict[str, str]:
        return {key: tx.facts.get(key) or "" for key in (_GROUP, _TOPIC)}

    @transaction
    def _note_group(self, tx: Tx, trouble: str) -> None:
        before = tx.facts.lock(_GROUP) or ""
        if before == trouble:
            return
        tx.facts.set(_GROUP, trouble)
        for owner in self._owners:
            if trouble:
                tx.outbox.to_customer(owner, "group_shut", trouble=trouble)
            else:
                tx.outbox.to_customer(owner, "group_well", trouble=before)

    @transaction
    def _note_topic(self, tx: Tx, name: str, *, lost: bool) -> None:
        gone = set((tx.facts.lock(_TOPIC) or "").split())
        if (name in gone) == lost:
            return
        tx.facts.set(_TOPIC, " ".join(sorted(gone | {name} if lost else gone - {name})))
        for owner in self._owners if lost else ():
            tx.outbox.to_customer(owner, "topic_gone", topic=name)
