"""The listener on a real socket, with services that answer as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.domain.events import Callback
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: str = "OK"
    result: str = "booked"


@dataclass
class CallbacksStub:
    """Takes every callback down; `act` decides what becomes of it."""

    seen: list[tuple[str, Callback]] = field(default_factory=list)
    act: Callable[[Callback], Awaitable[Answer]] | None = None

    async def receive(self, provider: str, callback: Callback) -> Answer:
        self.seen.append((provider, callback))
        return await self.act(callback) if self.act else Answer()


@dataclass
class Door:
    """What a test holds of a running listener."""

    listener: Listener
    http: aiohttp.ClientSession
    callbacks: CallbacksStub
    health: Health
    metrics: Metrics

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    callbacks, health, metrics = CallbacksStub(), Health(), Metrics()
    app = create_app(callbacks=callbacks, health=health, metrics=metrics, trusted_proxies=["127.0.0.2/32"])
    listener = Listener(app, host="127.0.0.1", port=0, seconds_for_head=0.5, seconds_to_finish=2)
    await listener.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as http:
        yield Door(listener, http, callbacks, health, metrics)
    await listener.stop()
