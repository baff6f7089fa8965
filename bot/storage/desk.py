"""The operators' desk: cards that need a person, what was done by whom, and facts the house remembers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.desk import Card
from bot.domain.periods import now
from bot.storage.payloads import from_json, to_json
from bot.storage.prepared import prepared
from bot.storage.tables import audit, facts, operator_cards

_FACT = prepared(select(facts.c.value).where(facts.c.key == bindparam("key")))


class Cards:
    """A card is closed once; the second who presses is told who was first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, kind: str, subject: str, payload: dict[str, Any], *, due_at: datetime | None = None) -> int:
        """Write a card; `customer_id` of the payload is whom it speaks of."""
        row = {
            "kind": kind,
            "subject": subject,
            "customer_id": payload.get("customer_id") or None,
            "due_at": due_at,
            "payload": to_json(payload),
            "state": "open",
            "created_at": now(),
        }
        query = insert(operator_cards).returning(operator_cards.c.id)
        return int(self._connection.execute(query, row).scalar_one())

    def get(self, card_id: int) -> Card | None:
        query = select(operator_cards).where(operator_cards.c.id == card_id)
        row = self._connection.execute(query).one_or_none()
        return _to_card(row) if row is not None else None

    def has(self, subject: str) -> bool:
        """Whether there was ever a card about this thing."""
        query = select(operator_cards.c.id).where(operator_cards.c.subject == subject)
        return self._connection.execute(query.limit(1)).first() is not None

    def has_open(self, subject: str) -> bool:
        """Whether one about this thing still waits for somebody."""
        query = select(operator_cards.c.id).where(
            operator_cards.c.subject == subject, operator_cards.c.state == "open"
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def last_about(self, subject: str, kind: str) -> Card | None:
        """The newest of that kind about this thing, whether it waits or not."""
        query = select(operator_cards).where(
            operator_cards.c.subject == subject, operator_cards.c.kind == kind
        )
        row = self._connection.execute(query.order_by(operator_cards.c.id.desc()).limit(1)).one_or_none()
        return _to_card(row) if row is not None else None

    def open_about(self, subject: str, kind: str = "") -> Card | None:
        """The one about this thing that waits for somebody, of that kind where one is named."""
        query = select(operator_cards).where(
            operator_cards.c.subject == subject, operator_cards.c.state == "open"
        )
        if kind:
            query = query.where(operator_cards.c.kind == kind)
        row = self._connection.execute(query.order_by(operator_cards.c.id.desc()).limit(1)).one_or_none()
        return _to_card(row) if row is not None else None

    def posted(
        self, card_id: int, chat_id: int, message_id: int | None, thread_id: int | None = None
    ) -> None:
        """Remember where it hangs."""
        query = update(operator_cards).where(operator_cards.c.id == card_id)
        place = {"chat_id": chat_id, "message_id": message_id, "thread_id": thread_id}
        self._connection.execute(query.values(place))

    def hung_before(self, card_id: int, customer_id: int, chat_id: int, thread_id: int | None) -> int | None:
        """The message of the customer's last other card that waits in that topic."""
        query = select(operator_cards.c.message_id).where(
            operator_cards.c.customer_id == customer_id,
            operator_cards.c.id != card_id,
            operator_cards.c.state == "open",
            operator_cards.c.chat_id == chat_id,
            operator_cards.c.thread_id.is_not_distinct_from(thread_id),
            operator_cards.c.message_id.is_not(None),
        )
        return self._connection.execute(query.order_by(operator_cards.c.id.desc()).limit(1)).scalar()

    def hung_in(self, chat_id: int) -> list[Card]:
        """Open cards whose message stands in that chat, the oldest first."""
        query = select(operator_cards).where(
            operator_cards.c.state == "open",
            operator_cards.c.chat_id == chat_id,
            operator_cards.c.message_id.is_not(None),
        )
        return [_to_card(row) for row in self._connection.execute(query.order_by(operator_cards.c.id))]

    def chats_but(self, chat_id: int) -> list[int]:
        """Where else open cards hang: in groups that were the operators' before."""
        query = select(operator_cards.c.chat_id).where(
            operator_cards.c.state == "open", operator_cards.c.chat_id != chat_id
        )
        return list(self._connection.scalars(query.distinct()))

    def take_down(self, chat_id: int) -> None:
        """Forget every message of that chat: it is gone, or its messages have other numbers now."""
        query = update(operator_cards).where(operator_cards.c.chat_id == chat_id)
        self._connection.execute(query.values(chat_id=None, message_id=None, thread_id=None))

    def overdue(self, moment: datetime, limit: int, *, but: str) -> list[Card]:
        """Open ones of any but this kind whose promise is over and that were not raised for it yet."""
        query = select(operator_cards).where(
            operator_cards.c.state == "open",
            operator_cards.c.due_at <= moment,
            operator_cards.c.kind != but,
            operator_cards.c.raised_at.is_(None),
        )
        found = self._connection.execute(query.order_by(operator_cards.c.id).limit(limit))
        return [_to_card(row) for row in found]

    def raise_once(self, card_id: int) -> bool:
        """Note that it was hung up anew for its broken promise; True for the first to say so."""
        query = update(operator_cards).where(
            operator_cards.c.id == card_id,
            operator_cards.c.state == "open",
            operator_cards.c.raised_at.is_(None),
        )
        raised = query.values(raised_at=now()).returning(operator_cards.c.id)
        return self._connection.execute(raised).first() is not None

    def take(self, card_id: int, *, by: int | None, only_from: int | None) -> Card | None:
        """Let somebody look after an open card, or nobody; None where it changed hands meanwhile."""
        query = update(operator_cards).where(
            operator_cards.c.id == card_id,
            operator_cards.c.state == "open",
            operator_cards.c.taken_by.is_not_distinct_from(only_from),
        )
        taken = query.values(taken_by=by, taken_at=now() if by else None).returning(operator_cards)
        row = self._connection.execute(taken).one_or_none()
        return _to_card(row) if row is not None else None

    def reopen(self, card_id: int, payload: dict[str, Any], due_at: datetime | None) -> bool:
        """Let a closed card wait for somebody again; True if this call did."""
        closed = update(operator_cards).where(
            operator_cards.c.id == card_id, operator_cards.c.state == "closed"
        )
        waits = {"state": "open", "closed_by": None, "closed_at": None, "answer": "", "raised_at": None}
        new = {**waits, "payload": to_json(payload), "due_at": due_at}
        return self._connection.execute(closed.values(new).returning(operator_cards.c.id)).first() is not None

    def promise(self, card_id: int, due_at: datetime | None) -> None:
        """By when somebody is answered now; None once he was."""
        query = update(operator_cards).where(operator_cards.c.id == card_id)
        self._connection.execute(query.values(due_at=due_at, raised_at=None))

    def open(self, limit: int) -> list[Card]:
        """Those that wait for somebody, the oldest first."""
        query = select(operator_cards).where(operator_cards.c.state == "open").order_by(operator_cards.c.id)
        return [_to_card(row) for row in self._connection.execute(query.limit(limit))]

    def remember(self, card_id: int, payload: dict[str, Any]) -> None:
        """Write more upon it."""
        query = update(operator_cards).where(operator_cards.c.id == card_id)
        self._connection.execute(query.values(payload=to_json(payload)))

    def close_all(self, subject: str, *, by: int, answer: str) -> list[Card]:
        """Close every card about one thing; those that this call closed."""
        open_ = update(operator_cards).where(
            operator_cards.c.subject == subject, operator_cards.c.state == "open"
        )
        closed = open_.values(state="closed", closed_by=by, answer=answer, closed_at=now())
        return [_to_card(row) for row in self._connection.execute(closed.returning(operator_cards))]

    def close(self, card_id: int, *, by: int, answer: str) -> bool:
        """Close it unless somebody was first; True if this call did."""
        open_ = update(operator_cards).where(operator_cards.c.id == card_id, operator_cards.c.state == "open")
        closed = open_.values(state="closed", closed_by=by, answer=answer, closed_at=now())
        return self._connection.execute(closed.returning(operator_cards.c.id)).first() is not None


class Audit:
    """Who did what; rows are added, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, who: int, action: str, subject: str, **details: Any) -> None:
        row = {"who": who, "action": action, "subject": subject, "details": to_json(details), "at": now()}
        self._connection.execute(insert(audit), row)

    def last(self, subject: str, actions: Collection[str]) -> int | None:
        """Who did one of these with it last."""
        query = select(audit.c.who).where(audit.c.subject == subject, audit.c.action.in_(actions))
        return self._connection.execute(query.order_by(audit.c.id.desc()).limit(1)).scalar_one_or_none()


class Facts:
    """Small things that outlive a restart: the group's newest id, "payments closed"."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        return self._connection.execute(_FACT, {"key": key}).scalar_one_or_none()

    def lock(self, key: str) -> str | None:
        """The same, held against every other unit on PostgreSQL; made first where it is missing there."""
        if self._connection.dialect.name == "sqlite":
            return self.get(key)
        row = {"key": key, "value": "", "changed_at": now()}
        self._connection.execute(postgresql.insert(facts).values(row).on_conflict_do_nothing())
        query = select(facts.c.value).where(facts.c.key == key).with_for_update()
        return self._connection.execute(query).scalar_one() or None

    def set(self, key: str, value: str) -> None:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        row = {"key": key, "value": value, "changed_at": now()}
        query = dialect.insert(facts).values(row)
        new = {"value": query.excluded.value, "changed_at": query.excluded.changed_at}
        self._connection.execute(query.on_conflict_do_update(index_elements=["key"], set_=new))


def _to_card(row: Row[Any]) -> Card:
    return Card(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        payload=from_json(row.payload),
        chat_id=row.chat_id,
        message_id=row.message_id,
        closed_by=row.closed_by,
        answer=row.answer,
        customer_id=row.customer_id,
        taken_by=row.taken_by,
        due_at=row.due_at,
        thread_id=row.thread_id,
        raised=row.raised_at is not None,
    )
