"""One message to the seller's own systems, and what became of sending it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.states import WebhookState

SELLER = "seller"
"""The address of the seller's webhooks; every other address is a provider's name."""

EXTENDED = "connector.extended"
FORWARDED = "forwarded"
"""The kind of a foreign callback that is handed on as it came."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where it goes. While there are two secrets, each message bears both signatures."""

    url: str
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class News:
    """Something the seller is told; `data` is JSON already: sums and dates as text, random references."""

    kind: str
    data: dict[str, Any]
    connector_id: str = ""
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A row of the table in the hands of one worker; `fence` tells his hands from later ones.

    `was_heard` says that it arrived before and is sent again because somebody asked for it.
    """

    id: int
    fence: int
    reference: str
    kind: str
    address: str
    connector_id: str
    payload: dict[str, Any]
    tries: int
    created_at: datetime
    body: bytes | None = None
    was_heard: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    webhook: Webhook


@dataclass(frozen=True, slots=True)
class Postponed:
    webhook: Webhook
    due_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    webhook: Webhook
    error: str


Outcome = Heard | Postponed | GivenUp


@dataclass(frozen=True, slots=True)
class Listed:
    """What `webhooks list` shows of one."""

    reference: str
    kind: str
    address: str
    connector_id: str
    state: WebhookState
    tries: int
    created_at: datetime
    due_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which webhooks are meant; what is left out does not matter."""

    since: datetime | None = None
    connector_id: str = ""
    reference: str = ""
    states: tuple[WebhookState, ...] = field(default=tuple(WebhookState))


@dataclass(frozen=True, slots=True)
class Queue:
    """How many webhooks to one address wait and how many were given up, and since when the oldest waits."""

    due: int
    dead: int
    oldest: datetime | None
