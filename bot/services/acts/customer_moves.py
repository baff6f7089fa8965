"""A customer lost his Telegram account: everything of the old number becomes the new one's, by two people."""

from __future__ import annotations

from typing import Any

from bot.domain.customers import Customer
from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.records import RecordKind
from bot.domain.search_words import folded
from bot.domain.states import Role
from bot.services.acts.payers_joined import join_payers, refuse_unjoinable
from bot.services.acts.reasons import demand_reason
from bot.services.desk import DeskService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

KIND = "customer_move"
MOVED = "customer_moved"
"""The answer of a card whose move a second person confirmed."""
MOST_SEEN = 10


class MoveActs:
    """A cashier asks for it, another person confirms; one of the two is an owner."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @reading
    def both(self, tx: Tx, who: int, customer_id: int, words: str) -> tuple[Customer, Customer]:
        """The customer, and the account whose number or @name was typed; it has opened the bot before."""
        self._desk.demand(who, Role.CASHIER)
        name = words.strip()
        number = int(name) if name.isdecimal() and len(name) < 19 else _id_of(tx, name)
        return _known_pair(tx, customer_id, number or 0)

    @transaction
    def ask(self, tx: Tx, who: int, from_id: int, to_id: int, reason: str) -> Card:
        """Hang up what a second person has to confirm."""
        self._desk.demand(who, Role.CASHIER)
        words = demand_reason(reason)
        old, new = _known_pair(tx, from_id, to_id)
        subject = f"move:{from_id}"
        if tx.cards.has_open(subject):
            raise CustomerError("already_done")
        facts: dict[str, Any] = {
            "customer_id": from_id,
            "to_id": to_id,
            "old": old.name,
            "new": new.name,
            "reason": words,
            "asked_by": who,
        }
        card_id = tx.cards.add(KIND, subject, facts)
        tx.outbox.to_operators(KIND, card=card_id, **facts)
        tx.audit.note(who, "move_asked", f"customer:{from_id}", to=to_id, reason=words)
        card = tx.cards.get(card_id)
        assert card is not None
        return card

    @transaction
    def second(self, tx: Tx, who: int, card_id: int) -> None:
        """The second person's word, another one than the first, and everything moves."""
        self._desk.demand(who, Role.CASHIER)
        card = tx.cards.get(card_id)
        if card is None or card.kind != KIND:
            raise CustomerError("card_gone")
        asked_by = int(card.payload["asked_by"])
        if asked_by == who:
            raise CustomerError("second_person_needed")
        if Role.OWNER not in (self._desk.role(who), self._desk.role(asked_by)):
            raise CustomerError("move_roles")
        if not tx.cards.close(card_id, by=who, answer=MOVED):
            raise CustomerError("card_answered", card=card_id)
        from_id, to_id = int(card.payload["customer_id"]), int(card.payload["to_id"])
        tx.customer_moves.hold(from_id, to_id)
        _known_pair(tx, from_id, to_id)
        move_customer(tx, from_id, to_id)
        tx.audit.note(who, MOVED, f"customer:{to_id}", was=from_id, asked_by=asked_by, card=card_id)
        tx.outbox.to_customer(from_id, "moved_away", key=str(card_id))
        tx.outbox.to_customer(to_id, "moved_here", key=str(card_id))


def move_customer(tx: Tx, from_id: int, to_id: int) -> None:
    """Let everything of the one be the other's, in the caller's unit; both are there.

    Their payers for themselves become one: the one with a payment code, else the older.
    """
    if tx.erasures.waiting_of(from_id) or tx.erasures.waiting_of(to_id):
        raise CustomerError("move_forgetting")
    theirs = [*tx.payers.of_customer(from_id), *tx.payers.of_customer(to_id)]
    for payer_id in sorted(payer.id for payer in theirs):
        tx.customers.lock_payer(payer_id)
    people = sorted((payer for payer in theirs if payer.kind == "person"), key=lambda each: each.id)
    if len(people) == 2:
        kept = next((each for each in people if each.code), people[0])
        dropped = next(each for each in people if each.id != kept.id)
        refuse_unjoinable(tx, dropped.id, kept.id)
        join_payers(tx, dropped.id, kept.id)
    tx.customer_moves.move(from_id, to_id)


def _id_of(tx: Tx, username: str) -> int | None:
    """Whose @name it is; None where it is nobody's, or more than one person's."""
    name = folded(username.removeprefix("@"))
    hits = tx.search.beginning([f"@{name}"], MOST_SEEN) if name else []
    people = [tx.customers.get(int(hit)) for kind, hit in hits if kind is RecordKind.CUSTOMER]
    same = [each.id for each in people if each is not None and folded(each.username) == name]
    return same[0] if len(same) == 1 else None


def _known_pair(tx: Tx, from_id: int, to_id: int) -> tuple[Customer, Customer]:
    if from_id == to_id:
        raise CustomerError("move_itself")
    old, new = tx.customers.get(from_id), tx.customers.get(to_id)
    if old is None or old.forgotten_at is not None:
        raise CustomerError("record_gone")
    if new is None or new.id < 0:
        raise CustomerError("move_stranger")
    return old, new
