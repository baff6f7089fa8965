"""Messages between customers and operators: each passed on once, known by its number in either chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from bot.domain.periods import now
from bot.domain.talk import FROM_CUSTOMER, Attached, Said, TalkMessage
from bot.storage.insert import insert_new
from bot.storage.tables import talk_messages

_OF_CUSTOMER = talk_messages.c.who == FROM_CUSTOMER


class Talk:
    """The number that a message got in the other chat is learnt when the outbox has sent it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def heard_from_customer(self, card_id: int, customer_id: int, said: Said) -> int | None:
        """Write down what he wrote; None where that very message was written down before."""
        return self._heard(card_id, customer_id, said, who=FROM_CUSTOMER, customer_message=said.number)

    def heard_from_operator(self, who: int, card_id: int, customer_id: int, said: Said) -> int | None:
        """The same for what an operator wrote in the group."""
        return self._heard(card_id, customer_id, said, who=who, group_message=said.number)

    def carried_by(self, talk_id: int, outbox_id: int | None) -> None:
        """The notice that takes it to the other chat."""
        query = update(talk_messages).where(talk_messages.c.id == talk_id)
        self._connection.execute(query.values(outbox_id=outbox_id))

    def arrived(self, outbox_id: int, message_id: int) -> None:
        """What this notice carried has that number in the chat it was sent to.

        Whatever had it before stood in another chat: numbers begin anew with a new account, or a new group.
        """
        message = self._first(talk_messages.c.outbox_id == outbox_id)
        if message is None:
            return
        if message.is_from_customer:
            of_chat, number = talk_messages.c.card_id == message.card_id, talk_messages.c.group_message
        else:
            of_chat, number = (
                talk_messages.c.customer_id == message.customer_id,
                talk_messages.c.customer_message,
            )
        before = update(talk_messages).where(of_chat, number == message_id)
        self._connection.execute(before.values({number: None}))
        query = update(talk_messages).where(talk_messages.c.id == message.id)
        self._connection.execute(query.values({number: message_id}))

    def get(self, talk_id: int) -> TalkMessage | None:
        return self._first(talk_messages.c.id == talk_id)

    def in_customers_chat(self, customer_id: int, message_id: int) -> TalkMessage | None:
        """What stands in his chat under that number."""
        return self._first(
            talk_messages.c.customer_id == customer_id, talk_messages.c.customer_message == message_id
        )

    def written_in_group(self, who: int, message_id: int) -> TalkMessage | None:
        """What this operator wrote in the group under that number."""
        return self._first(talk_messages.c.who == who, talk_messages.c.group_message == message_id)

    def last_of_operators(self, customer_id: int, since: datetime) -> TalkMessage | None:
        """The newest that an operator has written to him since then."""
        return self._first(
            talk_messages.c.customer_id == customer_id, ~_OF_CUSTOMER, talk_messages.c.at >= since
        )

    def last_of_customer(self, card_id: int) -> TalkMessage | None:
        """What an operator answers who writes under that card."""
        return self._first(talk_messages.c.card_id == card_id, _OF_CUSTOMER)

    def reworded(self, talk_id: int, words: str) -> bool:
        """Keep the words that a person has put right; False where it says so already."""
        other = update(talk_messages).where(talk_messages.c.id == talk_id, talk_messages.c.words != words)
        changed = other.values(words=words).returning(talk_messages.c.id)
        return self._connection.execute(changed).first() is not None

    def leave_group(self) -> None:
        """The group's messages have other numbers now."""
        query = update(talk_messages).where(talk_messages.c.group_message.is_not(None))
        self._connection.execute(query.values(group_message=None))

    def _heard(self, card_id: int, customer_id: int, said: Said, **more: Any) -> int | None:
        row = {
            "card_id": card_id,
            "customer_id": customer_id,
            "words": said.words,
            "file_id": said.attached.file_id if said.attached else "",
            "file_kind": said.attached.kind if said.attached else "",
            "outbox_id": None,
            "customer_message": None,
            "group_message": None,
            "at": now(),
            **more,
        }
        return self._connection.execute(insert_new(self._connection, talk_messages), row).scalar_one_or_none()

    def _first(self, *conditions: ColumnElement[bool]) -> TalkMessage | None:
        query = select(talk_messages).where(*conditions).order_by(talk_messages.c.id.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return _to_message(row) if row is not None else None


def _to_message(row: Row[Any]) -> TalkMessage:
    return TalkMessage(
        id=row.id,
        card_id=row.card_id,
        customer_id=row.customer_id,
        who=row.who,
        words=row.words,
        attached=Attached(row.file_kind, row.file_id) if row.file_id else None,
        customer_message=row.customer_message,
        group_message=row.group_message,
        at=row.at,
    )
