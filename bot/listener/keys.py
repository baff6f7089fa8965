"""What a request carries from the guard to its handler, and what handlers find in the application."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from aiohttp import web

from bot.domain.events import Callback
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.services.callbacks import Reply
from bot.services.links import LinkView
from bot.services.terminals import TerminalReply

ADDRESS = web.RequestKey("address", str)
REQUEST_ID = web.RequestKey("request_id", str)


class Callbacks(Protocol):
    """What the door needs of the CallbackService."""

    def receive(self, provider: str, callback: Callback) -> Awaitable[Reply]: ...


class Terminals(Protocol):
    """What the door needs of the TerminalService."""

    def receive(self, name: str, secret: str, callback: Callback) -> Awaitable[TerminalReply]: ...


class LinkDesk(Protocol):
    """What the door needs of the LinkService; each call raises NotYours for a token that nobody was given."""

    def open_link(self, token: str) -> Awaitable[LinkView]: ...
    def renew_link(self, token: str) -> Awaitable[LinkView]: ...
    def result(self, token: str) -> Awaitable[LinkView]: ...
    def token_behind(self, provider: str, callback: Callback) -> Awaitable[str]: ...


CALLBACKS: web.AppKey[Callbacks] = web.AppKey("callbacks")
TERMINALS: web.AppKey[Terminals] = web.AppKey("terminals")
HEALTH = web.AppKey("health", Health)
METRICS = web.AppKey("metrics", Metrics)
