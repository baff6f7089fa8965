"""What a request carries from the guard to its handler, and what handlers find in the application."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from aiohttp import web

from bot.domain.events import Callback
from bot.listener.health import Health
from bot.listener.metrics import Metrics

ADDRESS = web.RequestKey("address", str)
REQUEST_ID = web.RequestKey("request_id", str)


class Reply(Protocol):
    """What a provider is answered, and what became of its callback, for the metrics."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def result(self) -> str: ...


class Callbacks(Protocol):
    def receive(self, provider: str, callback: Callback) -> Awaitable[Reply]: ...


CALLBACKS: web.AppKey[Callbacks] = web.AppKey("callbacks")
HEALTH = web.AppKey("health", Health)
METRICS = web.AppKey("metrics", Metrics)
