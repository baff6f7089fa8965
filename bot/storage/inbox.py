"""Updates of Telegram that carry money, kept until they are handled: Telegram tells of them once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.domain import periods
from bot.storage.insert import insert_new
from bot.storage.prepared import prepared
from bot.storage.tables import inbox

KEEP = timedelta(days=30)
AT_ONCE = 100

_is_it = inbox.c.update_id == bindparam("update")
_WAITING = prepared(select(inbox.c.body).where(_is_it, inbox.c.handled.is_(False)).with_for_update())
_IS_HANDLED = prepared(select(inbox.c.handled).where(_is_it))
_HANDLED = prepared(update(inbox).where(_is_it).values(handled=True, body={}))


class Inbox:
    """An update is known by its id; one that came before is not taken a second time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, updates: Iterable[dict[str, Any]]) -> None:
        moment = periods.now()
        for body in updates:
            row = {"update_id": body["update_id"], "body": body, "created_at": moment}
            self._connection.execute(insert_new(self._connection, inbox), row)

    def unhandled(self, *, older_than: timedelta = timedelta(0)) -> list[dict[str, Any]]:
        """The oldest of those nobody has finished with."""
        query = select(inbox.c.body).where(
            inbox.c.handled.is_(False), inbox.c.created_at <= periods.now() - older_than
        )
        return list(self._connection.scalars(query.order_by(inbox.c.update_id).limit(AT_ONCE)))

    def waiting(self, update_id: int) -> dict[str, Any] | None:
        """The update, held against whoever else would handle it; None once somebody has."""
        return self._connection.execute(_WAITING, {"update": update_id}).scalar_one_or_none()

    def is_handled(self, update_id: int) -> bool:
        return bool(self._connection.execute(_IS_HANDLED, {"update": update_id}).scalar_one_or_none())

    def handled(self, update_id: int) -> None:
        """Finish with it; its id stays to be recognised, its text with names in it goes."""
        self._connection.execute(_HANDLED, {"update": update_id})

    def purge(self) -> None:
        """Forget what was handled long ago: Telegram repeats nothing older than a day."""
        old = inbox.c.created_at < periods.now() - KEEP
        self._connection.execute(delete(inbox).where(inbox.c.handled, old))
