"""What the doors for Telegram's updates ask of the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


class InboxService:
    """Updates that carry money are written down before Telegram is told that we have them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @transaction
    def keep(self, tx: Tx, updates: Sequence[dict[str, Any]]) -> None:
        tx.inbox.keep(updates)

    @reading
    def is_handled(self, tx: Tx, update_id: int) -> bool:
        return tx.inbox.is_handled(update_id)

    @transaction
    def handled(self, tx: Tx, update_id: int) -> None:
        tx.inbox.handled(update_id)

    @reading
    def unhandled(self, tx: Tx, older_than: timedelta) -> list[dict[str, Any]]:
        return tx.inbox.unhandled(older_than=older_than)

    @transaction
    def purge(self, tx: Tx) -> None:
        tx.inbox.purge()
