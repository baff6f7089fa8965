"""The operators' desk: who may do what, cards that are answered once, and the switch "payments closed"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.customers import Connector
from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.states import EventFate, Role
from bot.services import seller
from bot.services.made_to_order import review_cards, work_cards
from bot.services.owners import Owner, event_of, find_owners, is_free, owners_at
from bot.services.refund import cards as refund_cards
from bot.services.settlement import SettlementService
from bot.services.statement import cards as statement_cards
from bot.services.suspense import FREE
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

_OF_THEIR_OWN: Mapping[str, Callable[[Tx, Card], dict[str, Any]]] = {
    statement_cards.KIND: statement_cards.as_it_is_now,
    review_cards.KIND: review_cards.as_it_is_now,
    work_cards.KIND: work_cards.as_it_is_now,
}
"""Cards that say more of the present than a name."""

PAYMENTS_CLOSED = "payments_closed"
MOST_FOUND = 8
MOST_REMEMBERED = 40


class DeskService:
    """Being in the group gives no right: every act checks the role of the person who pressed."""

    def __init__(
        self, database: Database, settlement: SettlementService, operators: Mapping[int, Role]
    ) -> None:
        self.database = database
        self._settlement = settlement
        self._operators = operators

    @property
    def operators(self) -> Mapping[int, Role]:
        """Everybody who may do anything here."""
        return self._operators

    def role(self, user_id: int) -> Role | None:
        return self._operators.get(user_id)

    def demand(self, user_id: int, needed: Role) -> None:
        """Refuse whoever has not at least that role."""
        role = self._operators.get(user_id)
        if role is None or not role.includes(needed):
            raise CustomerError("not_allowed", role=needed.value)

    def refuse_own_gain(self, user_id: int, needed: Role, *, gains: int, asked_by: int | None = None) -> None:
        """Nobody gives himself what somebody else is there to give; who is alone may.

        Nor does he agree to what another one asked for, while there is a third.
        """
        if user_id == gains and any(other != asked_by for other in self.others(user_id, needed)):
            raise CustomerError("own_gain")

    def others(self, user_id: int, needed: Role) -> list[int]:
        """Everybody else who has at least that role."""
        return [who for who, role in self._operators.items() if who != user_id and role.includes(needed)]

    @reading
    def payments_closed(self, tx: Tx) -> bool:
        return is_closed(tx)

    @transaction
    def close_payments(self, tx: Tx, who: int, *, closed: bool) -> None:
        """Stop or resume new payments; what was begun can still be paid. Refused when it is so already."""
        self.demand(who, Role.CASHIER)
        tx.facts.lock(PAYMENTS_CLOSED)
        if is_closed(tx) == closed:
            raise CustomerError("already_done")
        tx.facts.set(PAYMENTS_CLOSED, "yes" if closed else "no")
        tx.audit.note(who, "payments_closed" if closed else "payments_opened", "house")

    @reading
    def card(self, tx: Tx, card_id: int) -> Card:
        """A card as it should look now: with the customer's name, and candidates that nobody took yet."""
        return card_now(tx, card_id)

    @reading
    def open_cards(self, tx: Tx, who: int, limit: int = 10) -> list[Card]:
        """What waits for somebody, the oldest first."""
        self.demand(who, Role.VIEWER)
        return [card_as_it_is_now(tx, card) for card in tx.cards.open(limit)]

    @transaction
    def posted(self, tx: Tx, card_id: int, chat_id: int, message_id: int, thread: int | None = None) -> None:
        """The card hangs there now."""
        tx.cards.posted(card_id, chat_id, message_id, thread)

    @reading
    def card_for(self, tx: Tx, who: int, card_id: int, needed: Role) -> Card:
        """A card that this person may act on; refused when somebody has answered it already."""
        self.demand(who, needed)
        return card_as_it_is_now(tx, open_card(tx, card_id))

    @transaction
    def give_to_payment(self, tx: Tx, who: int, card_id: int, event_id: int, payment_id: int) -> list[Card]:
        """Give a card's money without an owner to a payment; the cards that close by it."""
        self.demand(who, Role.CASHIER)
        card = _card_of_event(tx, card_id, event_id)
        payment = tx.payments.lock_numbered(payment_id)
        if payment is None:
            raise CustomerError("not_found")
        self.refuse_own_gain(who, Role.CASHIER, gains=payment.customer_id)
        self._close(tx, who, card, answer=f"event:{event_id} payment:{payment.id}")
        _claim(tx, event_id, payment_id=payment.id)
        self._settlement.assign(tx, event_id, payment)
        return [card_now(tx, card.id), *self._close_others(tx, who, card.id, event_id)]

    @transaction
    def give_to_customer(self, tx: Tx, who: int, card_id: int, event_id: int, customer_id: int) -> list[Card]:
        """Put a card's money without an owner on a customer's balance; the cards that close by it."""
        self.demand(who, Role.CASHIER)
        card = _card_of_event(tx, card_id, event_id)
        if tx.customers.get(customer_id) is None:
            raise CustomerError("not_found")
        self.refuse_own_gain(who, Role.CASHIER, gains=customer_id)
        payer_id = tx.customers.person(customer_id)
        tx.customers.lock_payer(payer_id)
        self._close(tx, who, card, answer=f"event:{event_id} customer:{customer_id}")
        _claim(tx, event_id, payment_id=None)
        self._settlement.assign_to_balance(tx, event_id, payer_id, customer_id)
        return [card_now(tx, card.id), *self._close_others(tx, who, card.id, event_id)]

    @reading
    def owners(self, tx: Tx, who: int, card_id: int, words: str) -> list[Owner]:
        """Payments and customers that money without an owner may be meant for."""
        self.demand(who, Role.CASHIER)
        return find_owners(tx, words, event_of(tx, existing_card(tx, card_id)))

    @reading
    def owners_of(self, tx: Tx, who: int, customer_id: int) -> list[Owner]:
        """A customer's newest payments, and his balance."""
        self.demand(who, Role.CASHIER)
        return owners_at(tx, customer_id)

    @transaction
    def lines(self, tx: Tx, who: int, card_id: int, words: str) -> list[Connector]:
        """Ownerless connectors by id, phone or title; the card remembers them until one is attached."""
        self.demand(who, Role.OPERATOR)
        card = open_card(tx, card_id)
        found = tx.connectors.ownerless(words.strip(), limit=MOST_FOUND)
        known = [*card.payload.get("found", []), *(line.id for line in found)]
        tx.cards.remember(card.id, {**card.payload, "found": list(dict.fromkeys(known))[-MOST_REMEMBERED:]})
        return found

    @transaction
    def attach(self, tx: Tx, who: int, card_id: int, connector_id: str) -> list[Card]:
        """Give an ownerless connector to the customer who asked operators to find it."""
        self.demand(who, Role.OPERATOR)
        card = existing_card(tx, card_id)
        customer_id = spoken_of(card)
        self.refuse_own_gain(who, Role.OPERATOR, gains=customer_id)
        self._close(tx, who, card, answer=f"connector:{connector_id}")
        if not tx.connectors.attach(connector_id, tx.customers.person(customer_id)):
            raise CustomerError("connector_taken")
        connector = tx.connectors.get(connector_id)
        assert connector is not None
        seller.tell_connector(tx, "attached", connector_id)
        tx.outbox.to_customer(customer_id, "connector_attached", title=connector.title)
        return [card_now(tx, card.id)]

    @transaction
    def dismiss(self, tx: Tx, who: int, card_id: int) -> list[Card]:
        """Close a card without doing anything else; money without an owner can't be dismissed."""
        self.demand(who, Role.OPERATOR)
        card = existing_card(tx, card_id)
        event = event_of(tx, card)
        if (event is not None and event.fate in FREE) or card.kind == statement_cards.KIND:
            raise CustomerError("money_waits")
        if refund_cards.has_to_be_decided(card):
            raise CustomerError("refund_waits")
        self._close(tx, who, card, answer="dismissed")
        return [card_now(tx, card.id)]

    def _close_others(self, tx: Tx, who: int, card_id: int, event_id: int) -> list[Card]:
        """Money that has an owner now needs nobody any more, whichever card it was given from."""
        answer = existing_card(tx, card_id).answer
        closed = tx.cards.close_all(f"event:{event_id}", by=who, answer=answer)
        return [card_as_it_is_now(tx, card) for card in closed]

    def _close(self, tx: Tx, who: int, card: Card, *, answer: str) -> None:
        """A card is answered once; the second person is told who was first."""
        if not tx.cards.close(card.id, by=who, answer=answer):
            raise CustomerError("card_answered", card=card.id)
        tx.audit.note(who, "card_closed", card.subject, card=card.id, answer=answer)


def is_closed(tx: Tx) -> bool:
    """Are new payments stopped by the operators?"""
    return tx.facts.get(PAYMENTS_CLOSED) == "yes"


def existing_card(tx: Tx, card_id: int) -> Card:
    """The card as it is stored, open or not."""
    card = tx.cards.get(card_id)
    if card is None:
        raise CustomerError("card_gone")
    return card


def spoken_of(card: Card) -> int:
    """Whom it speaks of; stray money speaks of nobody."""
    customer_id = card.payload.get("customer_id")
    if not customer_id:
        raise CustomerError("nobody_on_card")
    return int(customer_id)


def card_now(tx: Tx, card_id: int) -> Card:
    """A card as it should look now."""
    return card_as_it_is_now(tx, existing_card(tx, card_id))


def open_card(tx: Tx, card_id: int) -> Card:
    """The same; refused when somebody has answered it already."""
    card = existing_card(tx, card_id)
    if card.closed_by is not None:
        raise CustomerError("card_answered", card=card.id)
    return card


def card_as_it_is_now(tx: Tx, card: Card) -> Card:
    """What the notice was written from, brought up to date, with who looks after it."""
    keeper = {"taken_by": card.taken_by, "taken_name": card.payload.get("taken_name", "")}
    brought_up_to_date = _OF_THEIR_OWN.get(card.kind)
    if brought_up_to_date is not None:
        return replace(card, payload={**brought_up_to_date(tx, card), **keeper})
    payload = {**card.payload, **keeper, "card": card.id, "answer_by": card.due_at}
    if customer_id := payload.get("customer_id"):
        customer = tx.customers.get(int(customer_id))
        payload["name"] = customer.name if customer else ""
    if clues := payload.get("candidates"):
        payload["candidates"] = [clue for clue in clues if is_free(tx, int(clue["event_id"]))]
    return replace(card, payload=payload)


def _card_of_event(tx: Tx, card_id: int, event_id: int) -> Card:
    """The card, provided that this money hangs on it."""
    card = existing_card(tx, card_id)
    clues = {int(clue["event_id"]) for clue in card.payload.get("candidates", [])}
    if event_id not in clues and card.subject != f"event:{event_id}":
        raise CustomerError("not_found")
    return card


def _claim(tx: Tx, event_id: int, *, payment_id: int | None) -> None:
    """Take money out of those without an owner, once."""
    event = tx.events.get(event_id)
    if event is None or event.fate not in FREE:
        raise CustomerError("already_done")
    if not tx.events.move(event_id, to=EventFate.BOOKED, only_from=event.fate, payment_id=payment_id):
        raise CustomerError("already_done")
