"""Which notices a customer wants, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import CustomerError
from bot.domain.notice_topics import CAN_BE_OFF, NoticePlace, NoticeTopic
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """What was chosen, and what can be: `email` is "" while no letter can reach him."""

    places: Mapping[NoticeTopic, NoticePlace]
    email: str
    mail_is_on: bool

    def offered(self, topic: NoticeTopic) -> list[NoticePlace]:
        letters = [NoticePlace.EMAIL, NoticePlace.BOTH] if self.email else []
        return [NoticePlace.CHAT, *letters, *([NoticePlace.OFF] if topic in CAN_BE_OFF else [])]

    def place(self, topic: NoticeTopic) -> NoticePlace:
        """Where it comes now: what can't go by e-mail any more comes into the chat."""
        chosen = self.places[topic]
        return chosen if chosen in self.offered(topic) else NoticePlace.CHAT


class NoticeChoiceService:
    """What nobody chose comes into the chat."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reading
    def get(self, tx: Tx, customer_id: int) -> NoticeChoice:
        return _choice_of(tx, customer_id)

    @transaction
    def choose(self, tx: Tx, customer_id: int, topic: NoticeTopic, place: NoticePlace) -> NoticeChoice:
        """From now on; what the law wants told can't be switched off."""
        now = _choice_of(tx, customer_id)
        if place is NoticePlace.OFF and topic not in CAN_BE_OFF:
            raise CustomerError("notice_needed")
        if place not in now.offered(topic):
            raise CustomerError("email_first" if now.mail_is_on else "mail_is_off")
        if place is not now.places[topic]:
            tx.notice_choices.choose(customer_id, topic, place)
            tx.audit.note(customer_id, "notices_chosen", f"customer:{customer_id}", **{topic: place.value})
        return _choice_of(tx, customer_id)


def _choice_of(tx: Tx, customer_id: int) -> NoticeChoice:
    customer = tx.customers.get(customer_id)
    mail_is_on = tx.outbox.mail_is_on
    email = customer.email if customer and mail_is_on else ""
    return NoticeChoice(tx.notice_choices.all(customer_id), email, mail_is_on)
