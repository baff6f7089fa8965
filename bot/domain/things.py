"""The things the books keep, as they are handed out: frozen, with their own words and no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.events import Receipt
from bot.domain.money import Money
from bot.domain.states import AttemptKind, AttemptState, EventFate, OrderState, PaymentState, Purpose


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
class Payer:
    """Who the money comes from. A private person's payer is made silently."""

    id: int
    customer_id: int


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


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One connector for some months, its price frozen in every currency of its tariff."""

    connector_id: str
    title: str
    tariff: str
    months: int
    prices: tuple[Money, ...]
    paid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a customer has to pay for; choosing a method picks which of `prices` counts."""

    id: int
    reference: str
    customer_id: int
    payer_id: int
    state: OrderState
    prices: tuple[Money, ...]
    lines: tuple[OrderLine, ...]
    use_balance: bool
    created_at: datetime
    expires_at: datetime

    def price(self, currency: str) -> Money | None:
        """What it costs in that currency, None where it is not sold in it."""
        return next((price for price in self.prices if price.currency == currency), None)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money asked for through one provider, for an order or a top-up."""

    id: int
    reference: str
    customer_id: int
    payer_id: int
    order_id: int | None
    purpose: Purpose
    method: str
    provider: str
    amount: Money
    state: PaymentState
    url: str
    provider_payment: str
    refusal: str
    receipt: Receipt
    created_at: datetime
    expires_at: datetime | None
    settled_at: datetime | None
    asked: int
    link_fingerprint: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call that moves money at a provider, written before it is made."""

    id: int
    reference: str
    kind: AttemptKind
    payment_id: int
    amount: Money
    state: AttemptState
    outcome: str
    movement: str
    asked: int


@dataclass(frozen=True, slots=True)
class BookedEvent:
    """A movement of money as we wrote it down when we first heard of it."""

    id: int
    provider: str
    kind: str
    movement: str
    reference: str
    provider_payment: str
    amount: Money
    fate: EventFate
    payment_id: int | None
    seen_at: datetime
