"""What screens show of suspensions: what can rest, for how long, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.autopay_terms import SuspensionTerms
from bot.domain.suspensions import Suspension


@dataclass(frozen=True, slots=True)
class Subject:
    """What rests: one connector, or with a payer all that he pays for."""

    connector_id: str = ""
    payer_id: int = 0


@dataclass(frozen=True, slots=True)
class Resting:
    """A connector that would rest, and where its date would go."""

    title: str
    paid_until: date
    until: date


@dataclass(frozen=True, slots=True)
class SuspensionOffer:
    """What may be chosen, and what it would change; `lasting` is the one that there is already.

    `title` is the connector's, or the payer's own name; "" for the customer himself.
    """

    subject: Subject
    title: str
    earliest: date
    latest: date
    terms: SuspensionTerms
    can_rest: bool
    lasting: Suspension | None
    has_autopay: bool


@dataclass(frozen=True, slots=True)
class SuspensionStand:
    """What lasts now, and where nothing does, whether one may be begun."""

    lasting: Suspension | None
    can_start: bool
