"""The loop that empties the outbox, and keeps it small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from time import monotonic

from bot.domain.notices import Notice, Outcome
from bot.domain.states import Lane
from bot.services.outbox import OutboxService
from bot.workers.delivery import Delivery
from bot.workers.mailing import Mailing
from bot.workers.sending import SendingWorker

ROOM = {Lane.TAPS: 16, Lane.MONEY: 64, Lane.OPERATORS: 1, Lane.REMINDERS: 32}
ROOM_FOR_LETTERS = {Lane.LETTERS: 8}
"""How many of a lane may be on their way at once: enough for a slow Telegram, and no lane takes another's.

A file that a tap asked for goes with the taps: one that cannot be made yet holds up no news of money.

All of the operators' notices go to one chat, which hears things in order: asking for more than the first
would look through everything that waits behind it.
"""

FOLD_EVERY = 5.0
PURGE_EVERY = 3600.0


class OutboxWorker(SendingWorker[Notice, Lane, Outcome]):
    """Sends notices; its roads are the lanes."""

    def __init__(self, outbox: OutboxService, delivery: Delivery, mailing: Mailing | None = None) -> None:
        super().__init__("notice")
        self._outbox = outbox
        self._delivery = delivery
        self._mailing = mailing
        self._room = ROOM | (ROOM_FOR_LETTERS if mailing else {})
        self._fold_at = self._purge_at = 0.0
        self._letters_are_stuck = mailing is None

    async def _take(self, taken: Counter[Lane]) -> Iterable[tuple[Notice, Lane]]:
        await self._keep_small()
        ids = await self._outbox.waiting({lane: most - taken[lane] for lane, most in self._room.items()})
        return [(notice, notice.lane) for notice in (await self._outbox.take(ids) if ids else ())]

    async def _deliver(self, item: Notice) -> Outcome:
        if item.is_letter:
            assert self._mailing is not None  # else its lane has no room
            return await self._mailing.deliver(item)
        return await self._delivery.deliver(item)

    async def _note(self, outcomes: list[Outcome]) -> None:
        await self._outbox.note(outcomes)

    async def _keep_small(self) -> None:
        if self._letters_are_stuck:
            while await self._outbox.give_up_letters():
                pass
            self._letters_are_stuck = False
        if monotonic() >= self._fold_at:
            self._fold_at = monotonic() + FOLD_EVERY
            while await self._outbox.is_behind() and await self._outbox.fold():
                pass
        if monotonic() >= self._purge_at:
            self._purge_at = monotonic() + PURGE_EVERY
            while await self._outbox.purge():
                pass
