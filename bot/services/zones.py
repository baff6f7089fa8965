"""Where a customer's clock stands."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.customers import Customer
from bot.domain.errors import CustomerError


def zone_of(customer: Customer, default: ZoneInfo) -> ZoneInfo:
    """The customer's own zone; the seller's where he named none, or one that nobody knows any more."""
    return _known(customer.zone) or default


def demand_zone(name: str) -> str:
    """The name as it came, "" among them; CustomerError "unknown_zone" for what is none."""
    if name and _known(name) is None:
        raise CustomerError("unknown_zone")
    return name


def _known(name: str) -> ZoneInfo | None:
    """A name is looked up as a file: what is no name fails in many ways."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
