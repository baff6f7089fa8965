"""Which charges are due and how many are made at once: fair to each, and to each provider by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import structlog

from bot.domain.autopays import AutopayStep
from bot.services.autopay.charge import AutopayCharge
from bot.services.autopay.pace import AutopayPace
from bot.storage.database import Database, reading
from bot.storage.tx import Tx

AT_ONCE = 100
"""Charges that are looked up together; of each hundred, retries have a quarter if there are that many."""
UNDER_WAY = 200
"""Calls that may wait for one slow provider at the same time."""
PATIENCE = 1.0
"""Seconds in which a batch may end before it is looked whether other providers have something due."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Due:
    """An autopay whose time has come, the step it waits at and whose charge it is; "" for the balance's."""

    autopay_id: int
    step: AutopayStep
    provider: str


class AutopayCharging:
    """A provider that is slow, or asks for a pause, keeps nobody else's charges waiting."""

    def __init__(self, database: Database, charge: AutopayCharge, pace: AutopayPace) -> None:
        self.database = database
        self._charge = charge
        self._pace = pace
        self._batches: dict[str, asyncio.Task[None]] = {}
        self._calls: dict[str, set[asyncio.Task[None]]] = {}
        self._in_hand: set[int] = set()

    async def charge_due(self, limit: int = AT_ONCE) -> int:
        """Begin what is due, as fast as each provider allows; 0 once nothing is due and all has been heard.

        Each provider has a batch at a time; calls go on after it, `UNDER_WAY` of them at most.
        """
        new = await self._new(limit)
        for provider in {each.provider for each in new}:
            batch = [each for each in new if each.provider == provider]
            self._batches[provider] = asyncio.create_task(self._begin_all(provider, batch))
        if not self._batches:
            await self.finish()
            return 0
        running = self._batches.values()
        await asyncio.wait(running, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        self._let_go()
        return max(len(new), 1)

    async def finish(self) -> None:
        """Wait for the batches and the calls that are under way."""
        while waiting := [
            *self._batches.values(),
            *(call for calls in self._calls.values() for call in calls),
        ]:
            await asyncio.wait(waiting)
            self._let_go()

    def _let_go(self) -> None:
        """Forget the batches that have ended, and hear how."""
        done = [name for name, batch in self._batches.items() if batch.done()]
        for batch in [self._batches.pop(name) for name in done]:
            batch.result()

    async def _new(self, limit: int) -> list[_Due]:
        """What ends while this is read was read as it stood before, and is not begun once more."""
        in_hand = set(self._in_hand)
        due = await self._due(limit + len(in_hand), list(self._batches))
        return [each for each in due if each.autopay_id not in in_hand | self._in_hand][:limit]

    async def _begin_all(self, provider: str, due: list[_Due]) -> None:
        calls = self._calls.setdefault(provider, set())
        async for each in self._pace.paced(provider, due, self._charge.rate(provider)):
            while len(calls) >= UNDER_WAY:
                await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            call = asyncio.create_task(self._charge.make(each.autopay_id, each.step))
            calls.add(call)
            self._in_hand.add(each.autopay_id)
            call.add_done_callback(partial(self._ended, each))

    def _ended(self, due: _Due, call: asyncio.Task[None]) -> None:
        self._calls[due.provider].discard(call)
        self._in_hand.discard(due.autopay_id)
        if not call.cancelled() and (trouble := call.exception()) is not None:
            log.error("autopay.charge_failed", autopay_id=due.autopay_id, exc_info=trouble)

    @reading
    def _due(self, tx: Tx, limit: int, without: Collection[str]) -> list[_Due]:
        """The longest waiting first; old failures have a quarter, and what first charges leave over."""

        def waiting(step: AutopayStep) -> list[_Due]:
            return [_Due(*each) for each in tx.autopays.due_with_provider(step, limit, without=without)]

        retries, first = waiting(AutopayStep.RETRY), waiting(AutopayStep.CHARGE)
        kept = max(limit // 4, limit - len(first))
        return [*first[: limit - min(len(retries), kept)], *retries[:kept]]
