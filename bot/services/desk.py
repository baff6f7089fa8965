"""The operators' desk: who may do what, cards that are answered once, and the switch "payments closed"."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.payments import BookedEvent
from bot.domain.states import EventFate, Role
from bot.services.settlement import SettlementService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

PAYMENTS_CLOSED = "payments_closed"


class DeskService:
    """Being in the group gives no right: every act checks the role of the person who pressed."""

    def __init__(
        self, database: Database, settlement: SettlementService, operators: Mapping[int, Role]
    ) -> None:
        self.database = database
        self._settlement = settlement
        self._operators = operators

    def role(self, user_id: int) -> Role | None:
        return self._operators.get(user_id)

    def demand(self, user_id: int, needed: Role) -> None:
        """Refuse whoever has not at least that role."""
        role = self._operators.get(user_id)
        if role is None or not role.includes(needed):
            raise CustomerError("not_allowed", role=needed.value)

    @reading
    def payments_closed(self, tx: Tx) -> bool:
        return is_closed(tx)

    @transaction
    def close_payments(self, tx: Tx, who: int, *, closed: bool) -> None:
        """Stop or resume new payments; what was begun can still be paid."""
        self.demand(who, Role.CASHIER)
        tx.facts.set(PAYMENTS_CLOSED, "yes" if closed else "no")
        tx.audit.note(who, "payments_closed" if closed else "payments_opened", "house")

    @reading
    def card(self, tx: Tx, card_id: int) -> Card:
        return _card(tx, card_id)

    @reading
    def candidates(self, tx: Tx, card_id: int) -> list[BookedEvent]:
        """Money without an owner that the customer of a complaint may mean, the likeliest first."""
        card = _card(tx, card_id)
        found = [tx.events.get(event_id) for event_id in card.payload.get("candidates", [])]
        return [event for event in found if event is not None and event.fate in _FREE]

    @transaction
    def it_is_this(self, tx: Tx, who: int, card_id: int, event_id: int) -> None:
        """Give money from suspense to the payment that a customer complained about («Это он»)."""
        self.demand(who, Role.CASHIER)
        card = _card(tx, card_id)
        payment = tx.payments.get(card.payload["payment_id"]) if card.payload.get("payment_id") else None
        if payment is None:
            raise CustomerError("no_payment_on_card")
        tx.payments.lock(payment.reference)
        event = tx.events.get(event_id)
        if event is None or event.fate not in _FREE:
            raise CustomerError("already_done")
        self._close(tx, who, card, answer=f"event:{event_id}")
        if not tx.events.move(event_id, to=EventFate.BOOKED, only_from=event.fate, payment_id=payment.id):
            raise CustomerError("already_done")
        self._settlement.assign(tx, event_id, payment)

    @transaction
    def attach(self, tx: Tx, who: int, card_id: int, connector_id: str) -> None:
        """Give an ownerless connector to the customer who asked operators to find it."""
        self.demand(who, Role.OPERATOR)
        card = _card(tx, card_id)
        customer_id = int(card.payload["customer_id"])
        if not tx.connectors.attach(connector_id, tx.customers.person(customer_id)):
            raise CustomerError("connector_taken")
        self._close(tx, who, card, answer=f"connector:{connector_id}")
        connector = tx.connectors.get(connector_id)
        assert connector is not None
        tx.outbox.to_customer(customer_id, "connector_attached", title=connector.title)

    @transaction
    def dismiss(self, tx: Tx, who: int, card_id: int) -> None:
        """Close a card without doing anything else."""
        self.demand(who, Role.OPERATOR)
        self._close(tx, who, _card(tx, card_id), answer="dismissed")

    @transaction
    def answer(self, tx: Tx, who: int, card_id: int, text: str) -> None:
        """Write to the customer of a card, in the operators' words."""
        self.demand(who, Role.OPERATOR)
        card = _card(tx, card_id)
        tx.outbox.to_customer(int(card.payload["customer_id"]), "answer", text=text[:3500])
        tx.cards.close(card.id, by=who, answer="answered")
        tx.audit.note(who, "answered", card.subject, card=card.id)

    def _close(self, tx: Tx, who: int, card: Card, *, answer: str) -> None:
        """A card is answered once; the second person is told who was first."""
        if not tx.cards.close(card.id, by=who, answer=answer):
            raise CustomerError("card_taken", who=_card(tx, card.id).closed_by)
        tx.audit.note(who, "card_closed", card.subject, card=card.id, answer=answer)


_FREE = (EventFate.SUSPENSE, EventFate.REVIEW)


def is_closed(tx: Tx) -> bool:
    """Are new payments stopped by the operators?"""
    return tx.facts.get(PAYMENTS_CLOSED) == "yes"


def _card(tx: Tx, card_id: int) -> Card:
    card = tx.cards.get(card_id)
    if card is None:
        raise CustomerError("card_gone")
    return card
