"""Autopay: a standing consent to take an amount from a saved card, at an interval, until it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.money import Money
from bot.domain.refusals import Refusal


class AutopayState(StrEnum):
    WAITING = "waiting"
    """Agreed to, but the payment that is to save its card has not arrived: it charges nothing."""
    ACTIVE = "active"
    RETRYING = "retrying"
    PAUSED = "paused"
    REVOKED = "revoked"


STANDING = (AutopayState.ACTIVE, AutopayState.RETRYING, AutopayState.PAUSED)
"""One of these for each connector, and one for each payer and currency."""

CHARGING = (AutopayState.ACTIVE, AutopayState.RETRYING)
"""What the clock may charge, while its card is linked."""


class AutopayStep(StrEnum):
    """What is to be done when an autopay is due; each step says when the next one is."""

    CARD = "card"
    """The payment came, but not the word that its card is saved: an hour after it, none is waited for."""
    PLAN = "plan"
    """At once: the date it goes by has moved, so the next charge is found anew."""
    PREVIEW = "preview"
    """Seven days before: a changed price, a card that will have expired, a charge once a year."""
    ANNOUNCE = "announce"
    """Three days before, 72 hours counted from when the customer was told."""
    REMIND = "remind"
    """A day before."""
    CHARGE = "charge"
    RETRY = "retry"
    """A charge after a declined one: those have a queue of their own, so that they starve nobody."""


class AutopayReason(StrEnum):
    """Why an autopay is paused or has ended."""

    CUSTOMER = "customer"
    RETRIES_EXHAUSTED = "retries_exhausted"
    GRACE_PERIOD_EXPIRED = "grace_period_expired"
    HARD_DECLINED = "hard_declined"
    REVOKED = "revoked"
    """He refused: by the button, at his bank, or by writing so."""
    CARD_UNLINKED = "card_unlinked"
    CARD_EXPIRED = "card_expired"
    PRICE_CHANGED = "price_changed"
    UNDELIVERABLE = "undeliverable"
    TARIFF_GONE = "tariff_gone"
    CONNECTOR_GONE = "connector_gone"
    PAYER_CHANGED = "payer_changed"
    DEBT = "debt"
    OPERATOR = "operator"
    BLOCKED = "blocked"
    """Operators have blocked the customer; it goes on when they let him in again."""
    FORGOTTEN = "forgotten"
    CHARGED_BEFORE = "charged_before"
    """The seller moved paid-until back to a day that was charged for already."""
    TAKEN_BACK = "taken_back"
    """The money of a charge went back without us: his bank was told that he did not want it."""
    REFUNDED = "refunded"
    """What it pays for was refunded, and its days with it."""
    NO_CONTACT = "no_contact"
    """Its receipt has nowhere to go: the seller makes them since, and nobody told an address."""
    NOT_SAVED = "not_saved"
    """The payment came, but its provider did not keep the card."""


NEEDS_NEW_TAP = frozenset(AutopayReason) - {
    AutopayReason.RETRIES_EXHAUSTED,
    AutopayReason.CHARGED_BEFORE,
    AutopayReason.DEBT,
    AutopayReason.TARIFF_GONE,
}
"""Paused for these, money that comes in another way does not start it again."""

NEEDS_CONSENT = frozenset(
    {
        AutopayReason.PRICE_CHANGED,
        AutopayReason.CARD_UNLINKED,
        AutopayReason.CARD_EXPIRED,
        AutopayReason.HARD_DECLINED,
        AutopayReason.PAYER_CHANGED,
        AutopayReason.NO_CONTACT,
    }
)
"""Paused for these it goes on only with another sum, another card or an address, agreed to anew."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole months for a connector, days for a top-up."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Autopay:
    """Who lets us take how much, from where, how often; `amount` is the most that one charge may take.

    `cycle` names what the next charge pays for, so that nothing is charged twice for it. `due_at` is None
    while a charge is under way, and where nothing is to be done.
    """

    id: int
    reference: str
    customer_id: int
    payer_id: int
    connector_id: str | None
    amount: Money
    interval: Interval
    lead_days: int
    card_id: int | None
    balance_first: bool
    state: AutopayState
    reason: str
    cycle: str
    charge_on: date | None
    step: AutopayStep | None
    due_at: datetime | None
    tries: int
    unsent: int
    announced: int | None
    announced_amount: Money | None
    begun_by: int | None
    created_at: datetime
    changed_at: datetime
    ended_at: datetime | None = None

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def is_under_way(self) -> bool:
        """A charge was sent, and its end is not known."""
        return self.state in CHARGING and self.due_at is None and self.step is not None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a customer agreed to by a tap: the very words he saw, and what they say.

    `update_id` is Telegram's number of the tap; `card_id` is None for a card that this payment saves, or
    where the balance alone pays.
    """

    text: str
    version: str
    language: str
    amount: Money
    interval: Interval
    first_on: date
    card_id: int | None = None
    balance_first: bool = False
    update_id: int | None = None


class DeclineGroup(StrEnum):
    """What a refused charge means for those that would follow."""

    SOFT = "soft"
    """Tried again on another day."""
    HARD = "hard"
    """Never tried again with this card."""
    REVOKED = "revoked"
    """The bank says that its customer took his consent back."""


_HARD = frozenset(
    {
        Refusal.CARD_DATA,
        Refusal.CARD_EXPIRED,
        Refusal.CARD_BLOCKED,
        Refusal.NOT_CONFIRMED,
        Refusal.SECURITY,
        Refusal.COUNTRY,
    }
)


def decline_group(refusal: Refusal) -> DeclineGroup:
    """By scheme rules, final codes are never tried again; what nobody explains is, a few times."""
    if refusal is Refusal.CARD_REMOVED:
        return DeclineGroup.REVOKED
    return DeclineGroup.HARD if refusal in _HARD else DeclineGroup.SOFT
