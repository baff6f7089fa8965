"""Who asks on the telephone to be charged no more: his autopay is ended, or his card unlinked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.autopays import Autopay, AutopayReason
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.domain.notice_topics import NoticeTopic
from bot.domain.saved_cards import SavedCard, UnlinkedBecause
from bot.domain.states import Role
from bot.services.acts.reasons import demand_reason, refuse_second
from bot.services.autopay.ending import end, stop_using_card
from bot.services.autopay.facts import thing_of
from bot.services.desk import DeskService
from bot.services.notice_places import tell
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Stoppable:
    """A customer with his linked cards, and his autopays, each with what it pays for."""

    customer: Customer
    cards: tuple[SavedCard, ...]
    autopays: tuple[tuple[Autopay, Mapping[str, str]], ...]


class AutopayActs:
    """Both hold from the moment on: also what was due tonight is not charged; connecting anew is his tap."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @reading
    def of_customer(self, tx: Tx, who: int, customer_id: int) -> Stoppable:
        """What of his can be stopped: the cards that are linked, and the autopays that stand."""
        self._desk.demand(who, Role.OPERATOR)
        customer = tx.customers.get(customer_id)
        if customer is None:
            raise CustomerError("record_gone")
        standing = tx.autopays.of_customer(customer_id)
        autopays = tuple((each, thing_of(tx, each)) for each in standing)
        return Stoppable(customer, tuple(tx.saved_cards.linked(customer_id)), autopays)

    @transaction
    def end(self, tx: Tx, who: int, autopay_id: int, reason: str) -> None:
        """End the autopay and its consent; a charge that was sent before is not called back."""
        self._desk.demand(who, Role.OPERATOR)
        words = demand_reason(reason)
        found = tx.autopays.get(autopay_id)
        if found is None:
            raise CustomerError("record_gone")
        tx.customers.lock_payer(found.payer_id)
        autopay = tx.autopays.lock(autopay_id)
        assert autopay is not None
        subject = f"autopay:{autopay_id}"
        if not end(tx, autopay, AutopayReason.OPERATOR, how="operator"):
            refuse_second(tx, subject, "autopay_switched_off", "autopay_deleted")
        tx.audit.note(who, "autopay_switched_off", subject, reason=words, customer=autopay.customer_id)

    @transaction
    def unlink(self, tx: Tx, who: int, card_id: int, reason: str) -> int:
        """Charge this card no more; how many autopays stop by it."""
        self._desk.demand(who, Role.OPERATOR)
        words = demand_reason(reason)
        card = tx.saved_cards.get(card_id)
        if card is None:
            raise CustomerError("record_gone")
        for payer_id in sorted({each.payer_id for each in tx.autopays.of_card(card_id)}):
            tx.customers.lock_payer(payer_id)
        subject = f"card:{card_id}"
        stopped = stop_using_card(tx, card_id, how="operator", tell=False)
        if not tx.saved_cards.unlink(card_id, UnlinkedBecause.OPERATOR):
            refuse_second(tx, subject, "card_unlinked_by_operator", "card_unlinked")
        things = [thing_of(tx, each) for each in stopped]
        facts: dict[str, Any] = {"card": card.masked, "method": card.method, "autopays": things}
        tell(tx, card.customer_id, NoticeTopic.CHARGES, "card_unlinked", key=f"{card_id}:operator", **facts)
        tx.audit.note(who, "card_unlinked_by_operator", subject, reason=words, customer=card.customer_id)
        return len(stopped)
