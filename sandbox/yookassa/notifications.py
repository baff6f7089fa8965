"""Notifications to the shop: sent again and again until the answer is exactly 200, for a day."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from sandbox.clock import Clock, stamp
from sandbox.faults import Faults
from sandbox.yookassa.money import Json

PAUSES: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 60, 300)
TRIED_FOR = timedelta(hours=24)
ANSWER_WITHIN = aiohttp.ClientTimeout(total=10)
HELD_BACK_FOR = 3.0
DUPLICATE_AFTER = 2.0


@dataclass
class Notification:
    event: str
    object: Json
    created_at: datetime
    state: str = "waiting"
    answers: list[Json] = field(default_factory=list)
    accepted: asyncio.Event = field(default_factory=asyncio.Event)

    def shown(self) -> Json:
        return {
            "event": self.event,
            "object_id": self.object["id"],
            "created_at": stamp(self.created_at),
            "state": self.state,
            "answers": self.answers,
        }


class Notifier:
    """Delivers in the background; the fault switch decides what goes wrong on the way."""

    def __init__(self, url: str, clock: Clock, faults: Faults) -> None:
        self.url = url
        self.sent: list[Notification] = []
        self._clock = clock
        self._fault = faults["notifications"]
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Notification] = []
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(timeout=ANSWER_WITHIN)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def send(self, event: str, body: Json) -> None:
        notification = Notification(event, body, self._clock.now())
        self.sent.append(notification)
        mishap = self._fault.value.split()[0]
        if mishap == "off":
            notification.state = "not sent"
        elif mishap == "out":
            self._hold_back(notification)
        else:
            self._start(notification, delay=self._fault.number if mishap == "late" else 0)
        if mishap == "duplicate":
            self._start(notification)
            self._start(notification, delay=DUPLICATE_AFTER)

    async def heard(self, object_id: str) -> None:
        """Wait until the shop has accepted what was last sent about it, as long as it has for an answer."""
        about = [each for each in self.sent if each.object["id"] == object_id]
        if not about or about[-1].state == "not sent":
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(about[-1].accepted.wait(), ANSWER_WITHIN.total)

    def _start(self, notification: Notification, delay: float = 0) -> None:
        self._keep(asyncio.create_task(self._deliver(notification, delay)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hold_back(self, notification: Notification) -> None:
        """Keep it a moment; what was held together leaves in reverse order."""
        self._held.append(notification)
        if len(self._held) == 1:
            self._keep(asyncio.create_task(self._release()))

    async def _release(self) -> None:
        await asyncio.sleep(HELD_BACK_FOR)
        held, self._held = self._held, []
        for notification in reversed(held):
            if not await self._post(notification):
                self._start(notification, delay=PAUSES[0])

    async def _deliver(self, notification: Notification, delay: float) -> None:
        await asyncio.sleep(delay)
        for pause in _pauses():
            if await self._post(notification):
                return
            if self._clock.now() - notification.created_at > TRIED_FOR:
                notification.state = "given up"
                return
            await asyncio.sleep(pause)

    async def _post(self, notification: Notification) -> bool:
        """One try; True when the shop answered exactly 200."""
        assert self._session is not None
        body = {"type": "notification", "event": notification.event, "object": notification.object}
        outcome: Json = {"at": stamp(self._clock.now())}
        notification.answers.append(outcome)
        try:
            async with self._session.post(self.url, json=body, allow_redirects=False) as answer:
                outcome["status"] = answer.status
        except (aiohttp.ClientError, TimeoutError) as failure:
            outcome["error"] = str(failure) or type(failure).__name__
        if outcome.get("status") != 200:
            return False
        notification.state = "accepted"
        notification.accepted.set()
        return True


def _pauses() -> Iterator[float]:
    return itertools.chain(PAUSES, itertools.repeat(PAUSES[-1]))
