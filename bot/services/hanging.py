"""Cards hung up anew: because a promise is over, or because the group they hung in is another one now."""

from __future__ import annotations

from bot.domain import periods
from bot.domain.desk import Card
from bot.services.desk import card_as_it_is_now
from bot.services.made_to_order import review_cards
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

AT_ONCE = 20


class HangingService:
    """What nobody has answered in time rises to the bottom of the group, once for each promise."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def raise_due(self) -> None:
        """Reviews have a clock of their own."""
        while await self._raise_some() == AT_ONCE:
            pass

    @transaction
    def move_in(self, tx: Tx, group: int | None) -> None:
        """At start: what waits in a group that the settings name no more hangs in the one they name."""
        for chat in tx.cards.chats_but(group) if group is not None else ():
            move_house(tx, chat)

    @transaction
    def _raise_some(self, tx: Tx) -> int:
        found = tx.cards.overdue(periods.now(), AT_ONCE, but=review_cards.KIND)
        for card in found:
            if tx.cards.raise_once(card.id):
                hang_again(tx, card, late=True)
        return len(found)


def hang_again(tx: Tx, card: Card, *, late: bool = False) -> None:
    """Post a card that waits below everything else; where it hung before, its buttons go."""
    facts = {**card_as_it_is_now(tx, card).payload, "card": card.id, "again": card.kind, "late": late}
    tx.outbox.to_operators("card_again", replaces=card.message_id or 0, **facts)


def move_house(tx: Tx, old_chat: int) -> None:
    """The group has another number, and its messages have others too: what waits is hung up there anew."""
    waiting = tx.cards.hung_in(old_chat)
    tx.cards.take_down(old_chat)
    tx.talk.leave_group()
    for card in waiting:
        found = tx.cards.get(card.id)
        assert found is not None
        hang_again(tx, found)
