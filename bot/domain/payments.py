"""Money asked for, the calls that move it, and the movements we heard of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.events import Proof
from bot.domain.money import Money
from bot.domain.states import (
    OPEN_PAYMENTS,
    AttemptKind,
    AttemptState,
    EventFate,
    PaymentState,
    Purpose,
)


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
    proof: Proof
    created_at: datetime
    expires_at: datetime | None
    settled_at: datetime | None
    asked: int
    link_reference: str
    link_fingerprint: str
    message_id: int | None
    next_ask_at: datetime | None = None
    """None once the provider's answer is final."""
    form: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What a page of ours posts to `url`, or what Telegram's invoice says."""
    saves_card: bool = False
    """The provider is asked to keep the card, for an autopay or because the customer wants it remembered."""
    remembers: bool = False
    card_id: int | None = None
    """The saved card that it is paid with."""
    autopay_id: int | None = None
    """The autopay that charges it; nobody is at the page."""

    @property
    def is_charge_under_way(self) -> bool:
        """An autopay charges it, and its end is not known: it is nobody's to pay by hand."""
        return self.autopay_id is not None and self.state in OPEN_PAYMENTS


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call that moves money at a provider, written before it is made."""

    id: int
    reference: str
    kind: AttemptKind
    payment_id: int
    order_id: int | None
    amount: Money
    state: AttemptState
    reason: str
    outcome: str
    movement: str
    asked: int
    sent_at: datetime | None
    created_at: datetime
    autopay_id: int | None = None
    cycle: str = ""
    number: int = 0
    """Which of the calls for this cycle of an autopay it is."""


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
    proof: Proof
    seen_at: datetime
    account: str = ""
