"""Where a customer's clock stands."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.customers import Customer


def zone_of(customer: Customer, default: ZoneInfo) -> ZoneInfo:
    """The customer's own zone; the seller's where he named none, or one that nobody knows."""
    try:
        return ZoneInfo(customer.zone) if customer.zone else default
    except (ZoneInfoNotFoundError, ValueError):
        return default
