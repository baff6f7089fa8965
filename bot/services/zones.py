"""Where a customer's clock stands."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.autopay_times import is_day, next_day_moment
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.storage.tx import Tx


def zone_of(customer: Customer, default: ZoneInfo) -> ZoneInfo:
    """The customer's own zone; the seller's where he named none, or one that nobody knows any more."""
    return _known(customer.zone) or default


def zone_where(tx: Tx, customer_id: int, default: ZoneInfo) -> ZoneInfo:
    """The same of whoever has that number."""
    customer = tx.customers.get(customer_id)
    return zone_of(customer, default) if customer else default


def by_day(zone: ZoneInfo, reference: str) -> datetime | None:
    """When to tell there what happens at any hour: None for now, at night a moment of the next morning."""
    moment = periods.now()
    return None if is_day(moment, zone) else next_day_moment(moment, zone, reference)


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
