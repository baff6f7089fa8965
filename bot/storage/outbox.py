"""Notices on their way out: written with the books, taken by one worker at a time, told at least once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, update

from bot.domain import periods
from bot.domain.notices import MAIL, OPERATORS, Dead, Delivery, Later, Notice, Outcome, Sent
from bot.domain.references import new_reference
from bot.domain.states import LANE_RANKS, Lane, NoticeState
from bot.storage.index_words import among
from bot.storage.insert import insert_new
from bot.storage.payloads import from_json, to_json
from bot.storage.prepared import prepared
from bot.storage.tables import customers, outbox, outbox_keys

LEASE = timedelta(minutes=2)

_LANES = tuple(LANE_RANKS)
_ENVELOPE = "envelope"
"""Where a letter's payload keeps what the letter itself does not say."""

_earlier = outbox.alias("earlier")


def is_due(table: Any) -> Any:
    return among(table.c.state, NoticeState.DUE)


# The smallest, not "none before it": PostgreSQL has old statistics of a table that fills and empties, and
# would look for those before it among all that waits, 50 ms for each row. For the smallest one index will do.
_first_of_its_chat = outbox.c.id == (
    select(func.min(_earlier.c.id))
    .where(
        is_due(_earlier),
        _earlier.c.address == outbox.c.address,
        _earlier.c.lane == outbox.c.lane,
        or_(_earlier.c.tries > 0, _earlier.c.due_at <= bindparam("now")),
    )
    .scalar_subquery()
)
_WAITING = (
    select(outbox.c.id)
    .where(is_due(outbox), outbox.c.lane == bindparam("rank"), outbox.c.due_at <= bindparam("now"))
    .where(_first_of_its_chat)
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
)
_WAITING_LETTERS = (
    select(outbox.c.id)
    .where(is_due(outbox), outbox.c.lane == bindparam("rank"), outbox.c.due_at <= bindparam("now"))
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
)
"""Letters come in no order of their own: one that a slow server puts off holds up no other."""

_TAKEABLE = select(outbox.c.id).where(
    is_due(outbox), outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.due_at <= bindparam("now")
)
_ADD = prepared(outbox.insert().returning(outbox.c.id))
_BY_ID = select(outbox).where(outbox.c.id == bindparam("row"))
_TOLD_BY = update(outbox).where(outbox.c.id == bindparam("row")).values(folded_into=bindparam("other"))
_OUTCOME = (
    update(outbox)
    .where(and_(is_due(outbox), outbox.c.id == bindparam("row"), outbox.c.fence == bindparam("hand")))
    .values(
        state=bindparam("new_state"),
        due_at=bindparam("new_due_at"),
        sent_at=bindparam("new_sent_at"),
        message_id=bindparam("new_message_id"),
        last_error=bindparam("new_error"),
    )
)
_ORPHANED = (
    update(outbox)
    .where(is_due(outbox), outbox.c.tries > 0, outbox.c.last_error == "", outbox.c.due_at > bindparam("now"))
    .values(due_at=bindparam("now"), fence=outbox.c.fence + 1)
)


class Outbox:
    """Who is told what. Written in the unit that makes it true, so both happen or neither."""

    def __init__(self, connection: Connection, listeners: Set[str] = frozenset()) -> None:
        self._connection = connection
        self._listeners = listeners

    @property
    def mail_is_on(self) -> bool:
        """Whether letters can leave at all; where they cannot, none is written."""
        return MAIL in self._listeners

    def to_customer(
        self,
        customer_id: int,
        kind: str,
        /,
        *,
        lane: Lane = Lane.MONEY,
        key: str = "",
        not_before: datetime | None = None,
        **payload: Any,
    ) -> int | None:
        """Tell a customer; with a key only once for that customer, kind and key, whoever asks again.

        The id of the row; None where nothing was written.
        """
        return self._add(customer_id, kind, lane, key, payload, not_before=not_before)

    def to_operators(self, kind: str, *, informs: bool = False, key: str = "", **payload: Any) -> int | None:
        """Tell the operators' group. What only informs may be folded into a digest, which adds up `amount`.

        A `card` in the payload is the id of an operators' card, which learns where its message hangs.
        A `customer_id` is a customer it speaks of, whose name is looked up when it is sent.
        The id of the row; None where nothing was written.
        """
        return self._add(OPERATORS, kind, Lane.OPERATORS, key, payload, informs=informs)

    def to_email(
        self,
        customer_id: int,
        email: str,
        kind: str,
        /,
        *,
        key: str = "",
        language: str = "",
        **payload: Any,
    ) -> int | None:
        """Write a letter of that customer's to this address, in his own language unless another is named.

        With a key only one for that address, kind and key. Without an address, or mail, nothing happens.
        The id of the row; None where nothing was written.
        """
        if not email or not self.mail_is_on:
            return None
        envelope = {"reference": new_reference(), "language": language}
        letter = {_ENVELOPE: envelope, **payload}
        unique = f"{email}:{key}" if key else ""
        return self._add(customer_id, kind, Lane.LETTERS, unique, letter, email=email)

    def delivered(self, outbox_id: int) -> Delivery | None:
        """How far this one has come; None when it is so old that it was forgotten."""
        row = self._connection.execute(_BY_ID, {"row": outbox_id}).one_or_none()
        if row is None:
            return None
        payload = from_json(row.payload)
        payload.pop(_ENVELOPE, None)
        state = NoticeState(row.state)
        return Delivery(row.address, row.kind, row.email, payload, state, row.sent_at, row.folded_into)

    def told_by(self, outbox_id: int, other: int) -> None:
        """Note that another row tells the same."""
        self._connection.execute(_TOLD_BY, {"row": outbox_id, "other": other})

    def waiting(self, room: Mapping[Lane, int]) -> list[int]:
        """What may be taken now; of each lane and chat only the first, so a chat hears things in order.

        Letters wait for no other: of them all that are due may be taken.
        """
        return [
            notice_id
            for lane, most in room.items()
            if most > 0
            for notice_id in self._connection.scalars(
                _WAITING_LETTERS if lane is Lane.LETTERS else _WAITING,
                {"rank": LANE_RANKS[lane], "now": periods.now(), "most": most},
            )
        ]

    def take(self, ids: Sequence[int]) -> list[Notice]:
        """Lease those of them that nobody else has taken meanwhile."""
        takeable = _TAKEABLE if self._is_sqlite else _TAKEABLE.with_for_update(skip_locked=True)
        take = (
            update(outbox)
            .where(outbox.c.id.in_(takeable))
            .values(
                due_at=bindparam("lease_until"),
                tries=outbox.c.tries + 1,
                fence=outbox.c.fence + 1,
                last_error="",
            )
            .returning(outbox)
        )
        moment = periods.now()
        rows = self._connection.execute(
            take, {"ids": ids, "now": moment, "lease_until": moment + LEASE}
        ).all()
        people = self._people({_person(row) for row in rows} - {OPERATORS})
        return [
            _to_notice(row, people.get(_person(row)))
            for row in sorted(rows, key=lambda row: (row.lane, row.id))
        ]

    def take_back(self) -> None:
        """Free what a dead process had leased; only on SQLite, whose lock proves that nobody else lives."""
        if self._is_sqlite:
            self._connection.execute(_ORPHANED, {"now": periods.now()})

    def note(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of them, for each only if its fence still stands."""
        if outcomes:
            self._connection.execute(_OUTCOME, [_change(outcome) for outcome in outcomes])

    def _add(
        self,
        address: int,
        kind: str,
        lane: Lane,
        key: str,
        payload: dict[str, Any],
        *,
        informs: bool = False,
        not_before: datetime | None = None,
        email: str = "",
    ) -> int | None:
        if address < 0 and not email:
            return None  # forgotten, or a caller: his number is no chat's
        moment = periods.now()
        if key and not self._is_first(f"{address}:{kind}:{key}", moment):
            return None
        row = {
            "address": address,
            "email": email,
            "kind": kind,
            "lane": LANE_RANKS[lane],
            "payload": to_json(payload),
            "informs": informs,
            "state": NoticeState.DUE,
            "due_at": not_before or moment,
            "created_at": moment,
        }
        return int(self._connection.execute(_ADD, row).scalar_one())

    def _is_first(self, key: str, moment: datetime) -> bool:
        row = {"key": key, "created_at": moment}
        return self._connection.execute(insert_new(self._connection, outbox_keys), row).first() is not None

    def _people(self, ids: set[int]) -> dict[int, Any]:
        if not ids:
            return {}
        query = select(customers.c.id, customers.c.name, customers.c.language, customers.c.reachable)
        return {row.id: row for row in self._connection.execute(query.where(customers.c.id.in_(ids)))}

    @property
    def _is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"


def _change(outcome: Outcome) -> dict[str, Any]:
    change = {
        "row": outcome.notice.id,
        "hand": outcome.notice.fence,
        "new_state": NoticeState.DUE,
        "new_due_at": periods.now(),
        "new_sent_at": None,
        "new_message_id": None,
        "new_error": "",
    }
    match outcome:
        case Sent(message_id=message_id):
            return change | {
                "new_state": NoticeState.SENT,
                "new_sent_at": periods.now(),
                "new_message_id": message_id,
            }
        case Later(due_at=due_at, error=error):
            return change | {"new_due_at": due_at, "new_error": error}
        case Dead(error=error):
            return change | {"new_state": NoticeState.DEAD, "new_error": error}


def _person(row: Row[Any]) -> int:
    """Whom it is for; of those for operators, whom it speaks of."""
    return row.address or row.payload.get("customer_id") or OPERATORS


def _to_notice(row: Row[Any], person: Any) -> Notice:
    name = {"name": person.name} if person and row.address == OPERATORS else {}
    payload = from_json(row.payload) | name
    envelope = payload.pop(_ENVELOPE, {})
    return Notice(
        id=row.id,
        fence=row.fence,
        address=row.address,
        kind=row.kind,
        lane=_LANES[row.lane],
        payload=payload,
        tries=row.tries,
        created_at=row.created_at,
        language=envelope.get("language") or (person.language if person else ""),
        reachable=person.reachable if person else True,
        email=row.email,
        reference=envelope.get("reference", ""),
    )
