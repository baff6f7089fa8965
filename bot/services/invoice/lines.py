"""What an invoice says of what was ordered, and of who buys it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.customers import Payer
from bot.domain.invoices import InvoiceLine, Unit
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.requisites import Party, SellerDetails


def lines_of(order: Order, total: Money) -> list[InvoiceLine]:
    """What was chosen; where less than its price is asked for, a last line with what was paid before."""
    lines = [_line(title, months, price) for title, months, price in _bought(order, total.currency)]
    credit = total - sum((line.amount for line in lines), zero(total.currency))
    if credit:
        lines.append(InvoiceLine("", 1, Unit.CREDIT, credit, credit))
    return lines


def buyer_of(payer: Payer, seller: SellerDetails) -> Party:
    """Of a person who gave no requisites his name is known, and that he pays the seller's bank."""
    party = payer.details.party
    return replace(party, name=party.name or payer.shown_name, country=party.country or seller.party.country)


def _bought(order: Order, currency: str) -> list[tuple[str, int, Money]]:
    """Titles, months and prices of its lines in that currency."""
    return [
        (line.title, line.months, price)
        for line in order.lines
        for price in line.prices
        if price.currency == currency
    ]


def _line(title: str, months: int, amount: Money) -> InvoiceLine:
    """By the month where the price divides, else as one period."""
    if amount.minor % months:
        return InvoiceLine(title, 1, Unit.PERIOD, amount, amount, months=months)
    price = Money(amount.minor // months, amount.currency)
    return InvoiceLine(title, months, Unit.MONTH, price, amount)
