"""What screens and notices show of autopays: plain values, read in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.autopays import Autopay, Interval
from bot.domain.customers import Connector, Payer
from bot.domain.money import Limits, Money
from bot.domain.saved_cards import SavedCard


@dataclass(frozen=True, slots=True)
class AutopayView:
    """An autopay with what it pays for; `connector` is None where it tops up the payer's balance.

    `next_amount` is what the next charge would take at today's price, None where nothing can be charged.
    """

    autopay: Autopay
    payer: Payer
    connector: Connector | None
    card: SavedCard | None
    next_amount: Money | None
    zone: str
    """The tz database's name of the zone that its dates are counted in."""


@dataclass(frozen=True, slots=True)
class AutopayOffer:
    """What an autopay would be, before anybody agreed to it.

    `refusal` says why it cannot be had, "" where it can: "above_ceiling" or "below_least" (of `limits`),
    "no_method" (nobody can charge this currency), "several_connectors", "not_yours". `paid_now` is what this
    payment costs, where that is another sum. `standing` is the one that there is already.
    """

    payer_id: int
    connector_id: str | None
    title: str
    amount: Money
    interval: Interval
    first_on: date
    limits: Limits
    cards: tuple[SavedCard, ...] = ()
    """Saved cards that it could charge, the newest first."""
    paid_now: Money | None = None
    standing: AutopayView | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class SavedCardView:
    """A saved card and the autopays that it pays for."""

    card: SavedCard
    autopays: tuple[AutopayView, ...]
