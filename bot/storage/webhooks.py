"""Webhooks on their way: written with the books, taken by one worker at a time, sent at least once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain import periods
from bot.domain.references import new_reference
from bot.domain.states import WebhookState
from bot.domain.webhooks import FORWARDED, SELLER, GivenUp, Heard, News, Outcome, Postponed, Webhook
from bot.storage.columns import Moment
from bot.storage.index_words import among
from bot.storage.insert import insert_new
from bot.storage.prepared import prepared
from bot.storage.tables import webhooks

LEASE = timedelta(minutes=1)


def is_due(table: Any) -> Any:
    return among(table.c.state, WebhookState.DUE)


_ADD = prepared(insert(webhooks))
_earlier = webhooks.alias("earlier")
_is_behind_another = exists().where(
    is_due(_earlier),
    _earlier.c.connector_id == webhooks.c.connector_id,
    _earlier.c.id < webhooks.c.id,
    _earlier.c.address == webhooks.c.address,
    or_(_earlier.c.last_error == "", _earlier.c.due_at <= bindparam("now")),
)
"""News of one connector goes out in order; what failed and waits for its next try holds up nothing."""

_WAITING = (
    select(webhooks.c.id)
    .where(
        is_due(webhooks), webhooks.c.address == bindparam("address"), webhooks.c.due_at <= bindparam("now")
    )
    .where(or_(webhooks.c.connector_id == "", ~_is_behind_another))
    .order_by(webhooks.c.due_at, webhooks.c.id)
    .limit(bindparam("most"))
)
_TAKEABLE = select(webhooks.c.id).where(
    is_due(webhooks),
    webhooks.c.id.in_(bindparam("ids", expanding=True)),
    webhooks.c.due_at <= bindparam("now"),
)
_OUTCOME = (
    update(webhooks)
    .where(and_(is_due(webhooks), webhooks.c.id == bindparam("row"), webhooks.c.fence == bindparam("hand")))
    .values(
        state=bindparam("new_state"),
        due_at=bindparam("new_due_at"),
        sent_at=func.coalesce(bindparam("new_sent_at", type_=Moment), webhooks.c.sent_at),
        last_error=bindparam("new_error"),
    )
)
_ORPHANED = (
    update(webhooks)
    .where(is_due(webhooks), webhooks.c.tries > 0, webhooks.c.last_error == "")
    .where(webhooks.c.due_at > bindparam("now"))
    .values(due_at=bindparam("now"), fence=webhooks.c.fence + 1)
)


class Webhooks:
    """What the seller's side is told, in the unit that makes it true. Nobody listens: nothing is written."""

    def __init__(self, connection: Connection, listeners: Set[str]) -> None:
        self._connection = connection
        self._listeners = listeners

    @property
    def seller_listens(self) -> bool:
        """Whether it is worth gathering what he would be told."""
        return SELLER in self._listeners

    def is_forwarded(self, provider: str) -> bool:
        """Whether somebody wants what came to that provider's shop for others."""
        return provider in self._listeners

    def tell(self, *news: News) -> None:
        """Tell the seller, in this order."""
        if not news or not self.seller_listens:
            return
        moment = periods.now()
        rows = [_row(each, moment) for each in news]
        self._connection.execute(_ADD, rows[0] if len(rows) == 1 else rows)

    def forward(self, provider: str, key: str, sealed: bytes) -> None:
        """Hand on a callback that is none of ours, once for each key."""
        if not self.is_forwarded(provider):
            return
        row = _row(News(FORWARDED, {}), periods.now()) | {
            "reference": key,
            "address": provider,
            "body": sealed,
        }
        self._connection.execute(insert_new(self._connection, webhooks), row)

    def waiting(self, room: Mapping[str, int]) -> list[int]:
        """What may be sent now to each address, the oldest first."""
        return [
            webhook_id
            for address, most in room.items()
            if most > 0
            for webhook_id in self._connection.scalars(
                _WAITING, {"address": address, "now": periods.now(), "most": most}
            )
        ]

    def take(self, ids: Sequence[int]) -> list[Webhook]:
        """Lease those of them that nobody else has taken meanwhile."""
        takeable = _TAKEABLE if self._is_sqlite else _TAKEABLE.with_for_update(skip_locked=True)
        take = (
            update(webhooks)
            .where(webhooks.c.id.in_(takeable))
            .values(
                due_at=bindparam("lease_until"),
                tries=webhooks.c.tries + 1,
                fence=webhooks.c.fence + 1,
                last_error="",
            )
            .returning(webhooks)
        )
        moment = periods.now()
        rows = self._connection.execute(take, {"ids": ids, "now": moment, "lease_until": moment + LEASE})
        return [_to_webhook(row) for row in sorted(rows, key=lambda row: int(row.id))]

    def take_back(self) -> None:
        """Free what a dead process had leased; only on SQLite, whose lock proves that nobody else lives."""
        if self._is_sqlite:
            self._connection.execute(_ORPHANED, {"now": periods.now()})

    def note(self, outcome: Outcome) -> bool:
        """Write down what became of it; False when it is in other hands by now."""
        return self._connection.execute(_OUTCOME, _change(outcome)).rowcount > 0

    @property
    def _is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"


def _row(news: News, moment: datetime) -> dict[str, Any]:
    return {
        "reference": new_reference(),
        "kind": news.kind,
        "address": SELLER,
        "connector_id": news.connector_id,
        "sequence": news.sequence,
        "payload": news.data,
        "state": WebhookState.DUE.value,
        "due_at": moment,
        "created_at": moment,
    }


def _change(outcome: Outcome) -> dict[str, Any]:
    webhook, moment = outcome.webhook, periods.now()
    change = {
        "row": webhook.id,
        "hand": webhook.fence,
        "new_state": WebhookState.DUE.value,
        "new_due_at": moment,
        "new_sent_at": None,
        "new_error": "",
    }
    match outcome:
        case Heard():
            return change | {"new_state": WebhookState.SENT.value, "new_sent_at": moment}
        case Postponed(due_at=due_at, error=error):
            return change | {"new_due_at": due_at, "new_error": error}
        case GivenUp(error=error):
            return change | {"new_state": WebhookState.DEAD.value, "new_error": error}


def _to_webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        fence=row.fence,
        reference=row.reference,
        kind=row.kind,
        address=row.address,
        connector_id=row.connector_id,
        payload=row.payload,
        tries=row.tries,
        created_at=row.created_at,
        body=row.body,
        was_heard=row.sent_at is not None,
    )
