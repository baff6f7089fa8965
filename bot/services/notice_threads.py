"""Below what a notice hangs: an answer below what it answers, a card below the customer's last one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.desk import Card
from bot.domain.notices import Notice
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Thread:
    """The forum topic and the message in it, 0 for none; `card` is the one that it is about."""

    topic: int | None
    message_id: int = 0
    card: Card | None = None


def belongs_below(notice: Notice, under: int) -> bool:
    """Whether the books have to be asked at all."""
    facts = notice.payload
    return bool(under or facts.get("answered") or facts.get("about_card") or facts.get("card"))


def thread_of(tx: Tx, notice: Notice, chat_id: int, topic: int | None, under: int) -> Thread:
    """Where it goes of what would else go into that topic; `under` is the card that it answers."""
    answered = tx.talk.get(int(notice.payload.get("answered") or 0))
    if not notice.is_for_operators:
        return Thread(None, (answered.customer_message if answered else None) or 0)
    about = under or (answered.card_id if answered else int(notice.payload.get("about_card") or 0))
    card = tx.cards.get(about) if about else None
    if card is None:
        return Thread(topic, _last_card(tx, notice, chat_id, topic))
    if card.chat_id != chat_id:
        return Thread(topic, card=card)
    below = (answered.group_message if answered else None) or card.message_id or 0
    return Thread(card.thread_id, below, card)


def _last_card(tx: Tx, notice: Notice, chat_id: int, topic: int | None) -> int:
    card_id, customer_id = notice.payload.get("card"), notice.payload.get("customer_id")
    if not isinstance(card_id, int) or not customer_id:
        return 0
    return tx.cards.hung_before(card_id, int(customer_id), chat_id, topic) or 0
