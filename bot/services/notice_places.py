"""Where a customer hears of a thing: into the chat or by e-mail as he chose, and by the other if need be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.customers import Customer
from bot.domain.notice_topics import CAN_BE_OFF, NoticePlace, NoticeTopic
from bot.domain.notices import Delivery
from bot.domain.states import Lane, NoticeState
from bot.storage.tx import Tx

TOPIC = "topic"
"""Bears the payload of all that was told by `tell`: what can't be delivered one way may go the other."""

_IN_PLACE = "in_place_of"


@dataclass(frozen=True, slots=True)
class Roads:
    """Where one notice goes; neither for what he does not want, or what reaches him nowhere."""

    chat: bool
    email: str


def tell(
    tx: Tx,
    customer_id: int,
    topic: NoticeTopic,
    kind: str,
    /,
    *,
    key: str = "",
    lane: Lane = Lane.MONEY,
    not_before: datetime | None = None,
    **facts: Any,
) -> int | None:
    """Tell it where he chose to hear of it, once for a key. The outbox row whose delivery counts.

    None where nothing was written: no road leads to him, he wants it nowhere, or it was told before.
    """
    roads = roads_to(tx, customer_id, topic)
    facts[TOPIC] = topic.value
    letter = tx.outbox.to_email(customer_id, roads.email, kind, key=key, **facts)
    if not roads.chat:
        return letter
    told = tx.outbox.to_customer(customer_id, kind, lane=lane, key=key, not_before=not_before, **facts)
    if told is not None and letter is not None:
        tx.outbox.told_by(told, letter)
        tx.outbox.told_by(letter, told)
    return told


def told_anywhere(tx: Tx, customer_id: int, kind: str, /, **facts: Any) -> None:
    """Tell what matters too much to be chosen: into the chat, or by e-mail where no chat leads to him."""
    customer = tx.customers.get(customer_id)
    if customer is not None and not customer.reachable:
        tx.outbox.to_email(customer_id, customer.email, kind, **facts)
    else:
        tx.outbox.to_customer(customer_id, kind, **facts)


def confirm(tx: Tx, customer_id: int, kind: str, /, *, key: str, **facts: Any) -> None:
    """Write down by e-mail, where one is known, what his tap did: the chat has told him already."""
    customer = tx.customers.get(customer_id)
    if customer is not None:
        tx.outbox.to_email(customer_id, customer.email, kind, key=key, **facts)


def roads_to(tx: Tx, customer_id: int, topic: NoticeTopic) -> Roads:
    customer = tx.customers.get(customer_id)
    if customer is None:
        return Roads(False, "")
    place = tx.notice_choices.get(customer_id, topic)
    if place is NoticePlace.OFF and topic in CAN_BE_OFF:
        return Roads(False, "")
    email = customer.email if tx.outbox.mail_is_on else ""
    return _open_roads(customer, place, email)


def reaches(tx: Tx, customer_id: int, topic: NoticeTopic) -> bool:
    """Whether any road leads to him now."""
    roads = roads_to(tx, customer_id, topic)
    return roads.chat or bool(roads.email)


def _open_roads(customer: Customer, place: NoticePlace, email: str) -> Roads:
    """A road that is closed gives way to the other."""
    if not customer.reachable:
        return Roads(False, email)
    if place in (NoticePlace.EMAIL, NoticePlace.BOTH) and email:
        return Roads(place is NoticePlace.BOTH, email)
    return Roads(True, "")


def fall_back(tx: Tx, notice_id: int) -> int | None:
    """What tells a dead notice the other way, written once; the outbox row whose delivery counts now.

    None where there is no other way: that road is closed, or what went by it is dead too.
    """
    dead = tx.outbox.delivered(notice_id)
    if dead is None or TOPIC not in dead.payload or _IN_PLACE in dead.payload:
        return None
    if dead.told_by is not None:
        twin = tx.outbox.delivered(dead.told_by)
        return dead.told_by if twin is not None and twin.state is not NoticeState.DEAD else None
    other = _other_way(tx, notice_id, dead)
    if other is not None:
        tx.outbox.told_by(notice_id, other)
    return other


def _other_way(tx: Tx, notice_id: int, dead: Delivery) -> int | None:
    facts = {**dead.payload, _IN_PLACE: notice_id, "key": f"in_place_of:{notice_id}"}
    customer = tx.customers.get(dead.customer_id)
    if customer is None:
        return None
    if not dead.email:
        return tx.outbox.to_email(customer.id, customer.email, dead.kind, **facts)
    return tx.outbox.to_customer(customer.id, dead.kind, **facts) if customer.reachable else None
