"""Each provider's rate, kept by all replicas together: slots in time are handed out by the books."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain import periods
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

T = TypeVar("T")

AT_THE_BOOKS = 4
"""Units that stand in the queue of the books at once: what a tap or a callback finds before it."""
CATCH_UP = timedelta(milliseconds=100)
"""What was missed for longer is not sent in one burst, which the provider would refuse."""


class AutopayPace:
    """So many calls in a second and no more, whoever makes them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def paced(self, provider: str, things: Sequence[T], rate: float) -> AsyncIterator[T]:
        """Hand out each thing when its slot comes; a rate of 0 knows no slots."""
        if not provider or rate <= 0:
            for thing in things:
                yield thing
            return
        every = timedelta(seconds=1 / rate)
        slot = await self._reserve(provider, every * len(things))
        for thing in things:
            if (wait := (slot - periods.now()).total_seconds()) > 0:
                await asyncio.sleep(wait)
            yield thing
            slot = max(slot + every, periods.now() - CATCH_UP)

    @transaction
    def _reserve(self, tx: Tx, provider: str, length: timedelta) -> datetime:
        """Take the time from the first free slot on; the moment at which it begins."""
        key, moment = _key(provider), periods.now()
        begins = max(_written(tx.facts.lock(key)) or moment, moment)
        if begins > moment + timedelta(minutes=10):
            begins = moment  # the clock was set back
        tx.facts.set(key, (begins + length).isoformat())
        return begins

    @transaction
    def hold(self, tx: Tx, provider: str, length: timedelta) -> None:
        """The provider asked for a pause."""
        key, until = _key(provider), periods.now() + length
        free = _written(tx.facts.lock(key))
        if free is None or free < until:
            tx.facts.set(key, until.isoformat())


def _key(provider: str) -> str:
    return f"charging:{provider}"


def _written(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
