"""What an operator has ordered for somebody."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.customers import Customer
from bot.domain.orders import Order


@dataclass(frozen=True, slots=True)
class Made:
    """An order that waits for its money, whose it is, and the address where it is paid.

    `mailed` is where a letter with that address is already on its way to.
    """

    order: Order
    customer: Customer
    url: str
    mailed: str = ""
