"""Proving the books: balances, orders, payments, extensions and attempts against the transfers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.storage.database import Database, reading
from bot.storage.tx import Tx

MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Proof:
    """What one snapshot of the books says of itself."""

    transfers: int
    disagreements: list[str]

    @property
    def clean(self) -> bool:
        return not self.disagreements


class BooksService:
    """Asks the books whether they agree with themselves; changes nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reading
    def prove(self, tx: Tx) -> Proof:
        """All questions in one snapshot, so that money in flight does not look like a mistake."""
        found = []
        for line in tx.proof.all():
            found.append(line)
            if len(found) == MOST_SHOWN:
                break
        return Proof(tx.ledger.count(), found)
