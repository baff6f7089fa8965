"""Talk: what customers ask, what operators write to them, and the answers, under a card of the group."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.desk import Card
from bot.domain.desk_terms import DeskTerms
from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.domain.talk import ANSWERED_WITHIN, LONGEST, Said, TalkMessage
from bot.domain.working_hours import promised_until
from bot.services.desk import DeskService, card_as_it_is_now, existing_card, spoken_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

QUESTION = "question"
"""The kind of card that a customer's own words hang up; an answer closes it, and his next words open it."""

GOES_ON = timedelta(minutes=2)
"""Who says several things in a row, or sends an album, is promised an answer once."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """By when an operator answers; `goes_on` where the customer was told so a moment ago."""

    due_at: datetime
    goes_on: bool = False


class TalkService:
    """Each message is passed on once, by the outbox, however often Telegram tells of it."""

    def __init__(self, database: Database, desk: DeskService, terms: DeskTerms, zone: ZoneInfo) -> None:
        self.database = database
        self._desk = desk
        self._terms = terms
        self._zone = zone

    @transaction
    def ask(self, tx: Tx, customer_id: int, said: Said) -> HandedOver:
        """Hand a customer's words to operators, under the question of his that waits already, if any."""
        return self._hear(tx, customer_id, said, None)

    @transaction
    def reply(self, tx: Tx, customer_id: int, said: Said, to: int = 0) -> HandedOver:
        """Pass a customer's answer on; `to` is the message that he replied to, 0 for the operators' last."""
        meant = tx.talk.in_customers_chat(customer_id, to) if to else _last_of_operators(tx, customer_id)
        return self._hear(tx, customer_id, said, meant)

    @reading
    def knows(self, tx: Tx, customer_id: int, message_id: int) -> bool:
        """Whether that message of a customer's chat is part of a talk."""
        return tx.talk.in_customers_chat(customer_id, message_id) is not None

    @reading
    def goes_on(self, tx: Tx, customer_id: int) -> bool:
        """Whether what he says now without being asked is meant for operators."""
        if _last_of_operators(tx, customer_id) is not None:
            return True
        card = tx.cards.open_about(f"customer:{customer_id}", QUESTION)
        return card is not None and _just_spoke(tx, card.id)

    @transaction
    def answer(self, tx: Tx, who: int, card_id: int, said: Said) -> Card:
        """Write to the customer of a card; a question is closed by it, once, by whoever was first."""
        self._desk.demand(who, Role.OPERATOR)
        card = existing_card(tx, card_id)
        is_first = card.kind != QUESTION or tx.cards.close(card.id, by=who, answer="answered")
        if not is_first and existing_card(tx, card.id).closed_by != who:
            raise CustomerError("card_answered", card=card.id)
        return self._write(tx, who, card, said)

    @transaction
    def add(self, tx: Tx, who: int, card_id: int, said: Said) -> Card:
        """Write into a talk that goes on, whoever has answered before; an open question closes by it."""
        self._desk.demand(who, Role.OPERATOR)
        card = existing_card(tx, card_id)
        if card.kind == QUESTION:
            tx.cards.close(card.id, by=who, answer="answered")
        return self._write(tx, who, card, said)

    @transaction
    def begin(self, tx: Tx, who: int, customer_id: int, said: Said, thread: tuple[int, int | None]) -> Card:
        """Write to a customer whom no card speaks of; his answer comes into that chat's thread."""
        self._desk.demand(who, Role.OPERATOR)
        writable(tx, customer_id)
        card = tx.cards.last_about(f"customer:{customer_id}", QUESTION)
        if card is None:
            facts = {"customer_id": customer_id, "text": "", "photo": ""}
            card_id = tx.cards.add(QUESTION, f"customer:{customer_id}", facts)
            tx.cards.posted(card_id, thread[0], None, thread[1])
            card = existing_card(tx, card_id)
        tx.cards.close(card.id, by=who, answer="answered")
        return self._write(tx, who, card, said)

    @reading
    def card_to_write(self, tx: Tx, who: int, card_id: int) -> Card:
        """A card whose customer can be written to, open or not."""
        self._desk.demand(who, Role.OPERATOR)
        card = existing_card(tx, card_id)
        writable(tx, spoken_of(card))
        return card_as_it_is_now(tx, card)

    @reading
    def customer_to_write(self, tx: Tx, who: int, customer_id: int) -> str:
        """The name of somebody who can be written to."""
        self._desk.demand(who, Role.OPERATOR)
        return writable(tx, customer_id)

    @transaction
    def reworded_by_customer(self, tx: Tx, customer_id: int, said: Said) -> bool:
        """He has put right what was passed on: operators read how it is meant; False for anything else."""
        message = tx.talk.in_customers_chat(customer_id, said.number)
        if message is None or not message.is_from_customer or not tx.talk.reworded(message.id, said.words):
            return False
        card = existing_card(tx, message.card_id)
        if card.payload.get("text") == message.words:
            tx.cards.remember(card.id, {**card.payload, "text": said.words[:LONGEST]})
        facts: dict[str, Any] = {"about_card": card.id, "answered": message.id, "customer_id": customer_id}
        tx.outbox.to_operators("talk", **facts, text=said.words[:LONGEST], edited=True)
        return True

    @transaction
    def reworded_by_operator(self, tx: Tx, who: int, said: Said) -> bool:
        """The same for what an operator wrote: the customer reads it again below."""
        message = tx.talk.written_in_group(who, said.number)
        if message is None or self._desk.role(who) is None or not tx.talk.reworded(message.id, said.words):
            return False
        self._desk.demand(who, Role.OPERATOR)
        tx.outbox.to_customer(
            message.customer_id, "answer", text=said.words[:LONGEST], edited=True, answered=message.id
        )
        tx.audit.note(who, "answer_reworded", f"customer:{message.customer_id}", card=message.card_id)
        return True

    def promise(self) -> datetime:
        """By when a customer who writes now is answered."""
        return promised_until(periods.now(), self._terms.reply_hours, self._terms, self._zone)

    def _hear(self, tx: Tx, customer_id: int, said: Said, meant: TalkMessage | None) -> HandedOver:
        if tx.customers.get(customer_id) is None:
            raise CustomerError("start_first")
        known = tx.talk.in_customers_chat(customer_id, said.number)
        if known is not None:
            return HandedOver(existing_card(tx, known.card_id).due_at or self.promise(), goes_on=True)
        card = _card_meant(tx, customer_id, meant)
        if card is None or card.closed_by is not None:
            return self._hang_question(tx, customer_id, said, card, meant)
        goes_on = _just_spoke(tx, card.id)
        talk_id = _heard(tx.talk.heard_from_customer(card.id, customer_id, said))
        due_at = card.due_at or self.promise()
        if card.due_at is None:
            tx.cards.promise(card.id, due_at)
        facts: dict[str, Any] = {
            "about_card": card.id,
            "answered": meant.id if meant else 0,
            "customer_id": customer_id,
        }
        notice = tx.outbox.to_operators("talk", talk=talk_id, **facts, **_said(said))
        tx.talk.carried_by(talk_id, notice)
        return HandedOver(due_at, goes_on)

    def _hang_question(
        self, tx: Tx, customer_id: int, said: Said, card: Card | None, meant: TalkMessage | None
    ) -> HandedOver:
        """His words as a card, in the thread where he was written to; an answered question opens again."""
        due_at = self.promise()
        facts = {"customer_id": customer_id, **_said(said)}
        if card is not None and card.kind == QUESTION:
            card_id = card.id
            tx.cards.reopen(card_id, facts, due_at)
        else:
            card_id = tx.cards.add(QUESTION, f"customer:{customer_id}", facts, due_at=due_at)
        talk_id = _heard(tx.talk.heard_from_customer(card_id, customer_id, said))
        answers = meant.id if meant else 0
        place: dict[str, Any] = {"talk": talk_id, "answered": answers, "answer_by": due_at}
        key = f"question:{customer_id}:{said.number}"
        notice = tx.outbox.to_operators(QUESTION, key=key, card=card_id, **place, **facts)
        tx.talk.carried_by(talk_id, notice)
        return HandedOver(due_at)

    def _write(self, tx: Tx, who: int, card: Card, said: Said) -> Card:
        """Send it once, however often we hear of it; who was answered is promised nothing any more."""
        customer_id = spoken_of(card)
        writable(tx, customer_id)
        talk_id = tx.talk.heard_from_operator(who, card.id, customer_id, said)
        if talk_id is not None:
            asked = tx.talk.last_of_customer(card.id)
            facts: dict[str, Any] = {"talk": talk_id, "answered": asked.id if asked else 0}
            notice = tx.outbox.to_customer(customer_id, "answer", **facts, **_said(said))
            tx.talk.carried_by(talk_id, notice)
            tx.cards.promise(card.id, None)
            tx.audit.note(who, "answered", card.subject, card=card.id)
        return card_as_it_is_now(tx, existing_card(tx, card.id))


def writable(tx: Tx, customer_id: int) -> str:
    """The name of a customer who reads what the bot writes; refused where nothing reaches him."""
    customer = tx.customers.get(customer_id)
    if customer is None:
        raise CustomerError("nobody_on_card")
    if customer_id < 0 or not customer.reachable:
        raise CustomerError("customer_unreachable")
    return customer.name


def _card_meant(tx: Tx, customer_id: int, meant: TalkMessage | None) -> Card | None:
    """The card that he speaks of, while it is open; else his open question, or the one that was answered."""
    card = tx.cards.get(meant.card_id) if meant else None
    if card is not None and card.closed_by is None:
        return card
    return tx.cards.open_about(f"customer:{customer_id}", QUESTION) or card


def _last_of_operators(tx: Tx, customer_id: int) -> TalkMessage | None:
    return tx.talk.last_of_operators(customer_id, periods.now() - ANSWERED_WITHIN)


def _just_spoke(tx: Tx, card_id: int) -> bool:
    last = tx.talk.last_of_customer(card_id)
    return last is not None and last.at > periods.now() - GOES_ON


def _said(said: Said) -> dict[str, Any]:
    """What a notice tells of it. Pictures have a place of their own, as cards of earlier versions do."""
    attached = said.attached
    facts: dict[str, Any] = {"text": said.words[:LONGEST], "photo": ""}
    if attached is not None and attached.kind == "photo":
        facts["photo"] = attached.file_id
    elif attached is not None:
        facts["attached"] = asdict(attached)
    return facts


def _heard(talk_id: int | None) -> int:
    if talk_id is None:  # another process heard the same message at the same moment
        raise CustomerError("already_done")
    return talk_id
