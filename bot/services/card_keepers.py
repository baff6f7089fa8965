"""Who looks after a card: said on the card itself, so that two people do not do one thing."""

from __future__ import annotations

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.services.desk import DeskService, card_as_it_is_now, open_card
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

NAME_LENGTH = 64


class CardKeeperService:
    """Taking a card keeps nobody from acting on it: the others are only asked once more."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @transaction
    def take(self, tx: Tx, who: int, card_id: int, name: str) -> Card:
        """Look after an open card from now on, instead of whoever did; `name` is shown on it."""
        self._desk.demand(who, Role.OPERATOR)
        card = open_card(tx, card_id)
        if card.taken_by == who:
            raise CustomerError("already_done")
        taken = tx.cards.take(card_id, by=who, only_from=card.taken_by)
        if taken is None:
            raise CustomerError("taken_meanwhile", name=_keeper(open_card(tx, card_id)))
        tx.cards.remember(card_id, {**taken.payload, "taken_name": name[:NAME_LENGTH]})
        tx.audit.note(who, "card_taken_up", card.subject, card=card_id)
        return card_as_it_is_now(tx, open_card(tx, card_id))

    @transaction
    def let_go(self, tx: Tx, who: int, card_id: int) -> Card:
        """Nobody looks after it any more; refused when that is so already."""
        self._desk.demand(who, Role.OPERATOR)
        card = open_card(tx, card_id)
        if card.taken_by is None or tx.cards.take(card_id, by=None, only_from=card.taken_by) is None:
            raise CustomerError("already_done")
        tx.audit.note(who, "card_let_go", card.subject, card=card_id)
        return card_as_it_is_now(tx, open_card(tx, card_id))

    @reading
    def keeper(self, tx: Tx, who: int, card_id: int) -> str:
        """The name of somebody else who looks after a card that waits; "" where nobody does."""
        card = tx.cards.get(card_id)
        if card is None or card.closed_by is not None or card.taken_by in (None, who):
            return ""
        return _keeper(card)


def _keeper(card: Card) -> str:
    return str(card.payload.get("taken_name") or f"id {card.taken_by}")
