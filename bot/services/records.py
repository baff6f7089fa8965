"""Finding whatever operators ask for, and what there is to know of it."""

from __future__ import annotations

from bot.domain.errors import CustomerError
from bot.domain.records import Record, RecordKind
from bot.domain.states import Role
from bot.services.desk import DeskService
from bot.services.record_facts import record_of
from bot.storage.database import Database, reading
from bot.storage.tx import Tx


class RecordService:
    """A viewer may read all of it; what is done about it is the business of other services."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @reading
    def get(self, tx: Tx, who: int, kind: RecordKind, text_id: str) -> Record:
        """Everything about one thing; `text_id` is its id, or what a button bears of it."""
        self._desk.demand(who, Role.VIEWER)
        record = record_of(tx, kind, text_id)
        if record is None:
            raise CustomerError("not_found")
        return record
