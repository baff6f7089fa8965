"""Updates on their way to the bot: kept until it confirms them, handed out by long poll or webhook."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass

from sandbox.telegram.errors import ApiError
from sandbox.telegram.fields import Json
from sandbox.telegram.signals import Signal

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


class UpdateQueue:
    def __init__(self, first_id: int) -> None:
        self.allowed: list[str] | None = None
        self.webhook: Webhook | None = None
        self.changed = Signal()
        self._pending: deque[Json] = deque()
        self._ids = itertools.count(first_id)
        self._poller: object | None = None

    def put(self, kind: str, body: Json) -> None:
        if self.allowed and kind not in self.allowed:
            return
        if not self.allowed and kind in NOT_BY_DEFAULT:
            return
        self._pending.append({"update_id": next(self._ids), kind: body})
        self.changed.fire()

    def pending(self) -> list[Json]:
        return list(self._pending)

    def confirm(self, update_id: int) -> None:
        self._pending = deque(update for update in self._pending if update["update_id"] != update_id)

    def drop(self) -> None:
        self._pending.clear()

    async def poll(self, *, offset: int, limit: int, seconds: float) -> list[Json]:
        """Hold the answer until there is an update, the time is over or another poller comes."""
        self._refuse_beside_webhook()
        self._forget_before(offset)
        mine = self._poller = object()
        self.changed.fire()
        await self.changed.wait_until(
            lambda: bool(self._pending) or self._poller is not mine or self.webhook is not None, seconds
        )
        self._refuse_beside_webhook()
        if self._poller is not mine:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        self._poller = None
        return list(self._pending)[:limit]

    def _refuse_beside_webhook(self) -> None:
        if self.webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            self._pending = deque(list(self._pending)[offset:])
        elif offset:
            self._pending = deque(update for update in self._pending if update["update_id"] >= offset)
