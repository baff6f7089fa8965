"""What the main menu shows, in one look at the books: it is tapped more than anything else."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.catalogue import Catalogue
from bot.services.desk import is_closed
from bot.services.offers import Again, again
from bot.storage.database import Database, reading
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class MenuView:
    """`closed` while operators have paused payments."""

    again: Again | None
    closed: bool


class MenuService:
    """Reads, and changes nothing."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database = database
        self._catalogue = catalogue

    @reading
    def look(self, tx: Tx, customer_id: int) -> MenuView:
        return MenuView(again(tx, self._catalogue, customer_id), is_closed(tx))
