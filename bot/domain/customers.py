"""Who pays, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """A person in a chat with the bot; `id` is the Telegram id."""

    id: int
    name: str
    language: str
    email: str = ""
    phone: str = ""
    reachable: bool = True
    consented_at: datetime | None = None
    terms_version: str = ""


@dataclass(frozen=True, slots=True)
class Connector:
    """One thing a customer pays for. `id` is the seller's own; `payer_id` is None until it has an owner."""

    id: str
    kind: str
    title: str
    tariff: str
    payer_id: int | None
    paid_until: date | None
    anchor_day: int | None
    phone: str = ""
    email: str = ""
