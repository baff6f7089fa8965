"""A note on a customer: other operators read it with his record, he in the copy of his data."""

from __future__ import annotations

from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.services.acts.callers import known
from bot.services.desk import DeskService
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

NOTE_LENGTH = 500


class NoteActs:
    """Notes are added, never changed."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @transaction
    def add(self, tx: Tx, who: int, customer_id: int, text: str) -> None:
        self._desk.demand(who, Role.OPERATOR)
        words = " ".join(text.split())[:NOTE_LENGTH]
        if not words:
            raise CustomerError("words_needed")
        tx.customer_notes.add(known(tx, customer_id).id, who, words)
        tx.audit.note(who, "noted", f"customer:{customer_id}")
