"""Value added tax inside a gross sum."""

from __future__ import annotations

from bot.domain.money import Money, zero

NO_VAT = "none"


def vat_inside(gross: Money, rate: str) -> Money:
    """How much of a gross sum is VAT at "22" per cent, half up to the minor unit; nothing without VAT.

    The rate follows the day of the service, not that of the payment: 22 % in Russia from 1 January 2026.
    """
    if rate == NO_VAT:
        return zero(gross.currency)
    percent = int(rate)
    return Money((2 * gross.minor * percent + 100 + percent) // (2 * (100 + percent)), gross.currency)
