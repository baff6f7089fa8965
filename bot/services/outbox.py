"""What the worker that sends notices asks of the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.masking import masked_email
from bot.domain.notices import DIED, LETTER_REFUSED, Backlog, Dead, Notice, Outcome, Sent
from bot.domain.states import Lane
from bot.services.desk import card_as_it_is_now
from bot.services.hanging import move_house
from bot.services.notice_places import fall_back
from bot.services.notice_threads import Thread, thread_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

BEHIND_BY = 10
BEHIND_SINCE = timedelta(seconds=30)
"""So that nothing waits for longer than a minute, the digest's own turn included."""

_GROUP = "operators_chat"


class OutboxService:
    """`operators_chat` is the group's id from the settings; a group that became a supergroup is followed."""

    def __init__(self, database: Database, operators_chat: int | None = None) -> None:
        self.database = database
        self._operators_chat = operators_chat

    @reading
    def waiting(self, tx: Tx, room: Mapping[Lane, int]) -> list[int]:
        return tx.outbox.waiting(room)

    @transaction
    def take(self, tx: Tx, ids: Sequence[int]) -> list[Notice]:
        return tx.outbox.take(ids)

    @transaction
    def take_back(self, tx: Tx) -> None:
        """At start: what a killed process had in hand need not wait until its lease ends."""
        tx.outbox.take_back()

    @transaction
    def note(self, tx: Tx, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of notices in hand; operators hear of the dead, cards of their message.

        What died on the road that a customer chose goes by the other, where there is one.
        """
        tx.outbox.note(outcomes)
        for outcome in outcomes:
            if isinstance(outcome, Dead):
                self._bury(tx, outcome)
                fall_back(tx, outcome.notice.id)
            elif isinstance(outcome, Sent):
                _remember(tx, outcome)

    @reading
    def thread_of(self, tx: Tx, notice: Notice, chat_id: int, topic: int | None, under: int) -> Thread:
        """Below what it hangs; the card that it is about, as it should look now."""
        thread = thread_of(tx, notice, chat_id, topic, under)
        return replace(thread, card=card_as_it_is_now(tx, thread.card)) if thread.card else thread

    @reading
    def is_behind(self, tx: Tx) -> bool:
        """Whether the operators' group has so much before it that a digest serves it better."""
        return tx.outbox_upkeep.is_behind(more_than=BEHIND_BY, older_than=BEHIND_SINCE)

    @transaction
    def fold(self, tx: Tx) -> int:
        return tx.outbox_upkeep.fold()

    @transaction
    def give_up_letters(self, tx: Tx) -> int:
        """Mail was switched off: what still waits would wait for ever. Call it until it answers 0."""
        count = tx.outbox_upkeep.give_up_letters()
        if count:
            tx.outbox.to_operators("letters_given_up", informs=True, count=count)
        return count

    @transaction
    def purge(self, tx: Tx) -> int:
        """One short unit of forgetting; call it until it answers 0."""
        return tx.outbox_upkeep.purge()

    @reading
    def backlog(self, tx: Tx) -> dict[Lane, Backlog]:
        return tx.outbox_upkeep.backlog()

    @reading
    def group(self, tx: Tx) -> int | None:
        """The operators' group as it is known today; None where the settings name none."""
        return self._follow(tx)

    @transaction
    def group_moved(self, tx: Tx, new_chat: int) -> None:
        """Remember the supergroup that the group of the settings has become; open cards hang there anew."""
        tx.facts.lock(_GROUP)
        old_chat = self._follow(tx)
        if old_chat is not None and old_chat != new_chat:
            tx.facts.set(_GROUP, f"{self._operators_chat} {new_chat}")
            move_house(tx, old_chat)

    def _follow(self, tx: Tx) -> int | None:
        """Forget the move when the settings name another group than the one that moved."""
        origin, _, current = (tx.facts.get(_GROUP) or "").partition(" ")
        return int(current) if current and origin == str(self._operators_chat) else self._operators_chat

    def _bury(self, tx: Tx, dead: Dead) -> None:
        if dead.notice.is_letter:
            self._bury_letter(tx, dead)
        elif dead.unreachable:
            tx.customers.set_reachable(dead.notice.address, False)
        elif dead.notice.kind != DIED:
            tx.outbox.to_operators(
                DIED,
                informs=True,
                notice_kind=dead.notice.kind,
                customer_id=dead.notice.address,
                error=dead.error,
            )

    def _bury_letter(self, tx: Tx, dead: Dead) -> None:
        """Both who waits for it and who looks after mail hear of it; the address is told masked alone.

        A letter that must not betray whether an address is on file is `discreet`: its failure is not told.
        """
        notice = dead.notice
        facts: dict[str, Any] = {"letter": notice.kind, "address": masked_email(notice.email)}
        if not notice.payload.get("discreet"):
            payer_id = _payer_of(tx, notice.payload)
            tx.outbox.to_customer(notice.address, LETTER_REFUSED, payer_id=payer_id, **facts)
        tx.outbox.to_operators(
            LETTER_REFUSED, informs=True, customer_id=notice.address, error=dead.error, **facts
        )


def _remember(tx: Tx, sent: Sent) -> None:
    """A card learns where it hangs, a message of a talk which number it has in the other chat."""
    card = _card_of(sent.notice)
    if card is not None:
        tx.cards.posted(card, sent.chat_id, sent.message_id, sent.thread_id)
    if sent.notice.payload.get("talk"):
        tx.talk.arrived(sent.notice.id, sent.message_id)


def _card_of(notice: Notice) -> int | None:
    """The operators' card that it hangs up; a bank card in its facts is a masked number."""
    card = notice.payload.get("card")
    return card if notice.is_for_operators and isinstance(card, int) else None


def _payer_of(tx: Tx, payload: Mapping[str, Any]) -> int | None:
    """Whose address it is, as far as the letter tells; None for the customer's own."""
    if subject := payload.get("subject"):
        payer_id: int | None = subject.get("payer_id")
        return payer_id
    bills = [payload, *payload.get("invoices", ())]
    invoice_id = next((each["invoice_id"] for each in bills if "invoice_id" in each), None)
    invoice = tx.invoices.get(invoice_id) if invoice_id else None
    return invoice.payer_id if invoice else None
