"""Forgetting what the house no longer needs."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import periods
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

RAW_CALLBACKS_KEPT = timedelta(days=180)
"""Long enough for a card dispute (120 days) with time to answer it."""


class UpkeepService:
    """Short units, called by the clock until there is nothing left to do."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @transaction
    def forget_raw_callbacks(self, tx: Tx) -> int:
        """Purge raw callbacks after their time; the events stay."""
        return tx.events.forget_raw(periods.now() - RAW_CALLBACKS_KEPT)

    @transaction
    def forget_webhooks(self, tx: Tx) -> int:
        """Purge webhooks that ended long ago; until then they can be sent again."""
        return tx.webhooks_upkeep.purge()
