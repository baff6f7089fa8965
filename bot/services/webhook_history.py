"""For people at the command line: which webhooks there were, and sending them again."""

from __future__ import annotations

from bot.domain.webhooks import Listed, Wanted
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


class WebhookHistoryService:
    """Webhooks of the last thirty days; what was given up is among them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reading
    def list(self, tx: Tx, wanted: Wanted, limit: int) -> list[Listed]:
        return tx.webhooks_upkeep.list(wanted, limit)

    async def replay(self, wanted: Wanted) -> int:
        """Send those that ended again, under the same names; how many there are."""
        count = after_id = 0
        while True:
            found, after_id = await self._replay_part(wanted, after_id)
            if not found:
                return count
            count += found

    @transaction
    def _replay_part(self, tx: Tx, wanted: Wanted, after_id: int) -> tuple[int, int]:
        return tx.webhooks_upkeep.replay(wanted, after_id=after_id)
