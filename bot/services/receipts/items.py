"""The lines of fiscal receipts: of an order, of a part of it, of money paid in advance."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue, ReceiptTerms
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.gateways.base import Item

TITLE_LENGTH = 128


def receipt_items(catalogue: Catalogue, order: Order, amount: Money) -> tuple[Item, ...]:
    """What an order's payment is for; a payment of a part is one line of that part."""
    if not order.lines:
        return (_bill_item(catalogue, order.invoice, amount),)
    lines = []
    for line in order.lines:
        price = next(price for price in line.prices if price.currency == amount.currency)
        tariff = catalogue.tariff(line.tariff)
        terms = tariff.receipt if tariff else None
        title = line.title[:TITLE_LENGTH]
        lines.append(
            Item(title, price, 1, terms.vat, terms.subject, terms.mode, terms.measure)
            if terms
            else Item(title, price)
        )
    if sum(item.price.minor for item in lines) == amount.minor:
        return tuple(item for item in lines if item.price)
    first = lines[0]
    return (Item(first.title, amount, 1, first.vat, first.subject, "partial_payment", first.measure),)


def _bill_item(catalogue: Catalogue, number: str, amount: Money) -> Item:
    """A month's bill is one line, on the terms of what is metered."""
    metered = (tariff.receipt for tariff in catalogue.tariffs.values() if tariff.metered)
    terms = next(metered, ReceiptTerms())
    return Item(number, amount, 1, terms.vat, terms.subject, terms.mode, terms.measure)


def advance_items(catalogue: Catalogue, title: str, amount: Money) -> tuple[Item, ...]:
    """A top-up is an advance: what it will pay for is not known yet."""
    vat = next((tariff.receipt.vat for tariff in catalogue.tariffs.values()), Item(title, amount).vat)
    return (Item(title[:TITLE_LENGTH], amount, 1, ADVANCE_VAT.get(vat, vat), "payment", "advance"),)


ADVANCE_VAT = {"5": "5/105", "7": "7/107", "10": "10/110", "20": "20/120", "22": "22/122"}
"""The rate of an advance is the calculated one."""


def title_and_items(
    catalogue: Catalogue, order: Order | None, amount: Money, language: str
) -> tuple[str, tuple[Item, ...]]:
    """What a provider calls a payment, and the lines of its receipt; without an order it is a top-up."""
    if order is not None:
        return ", ".join(order.titles)[:TITLE_LENGTH], receipt_items(catalogue, order, amount)
    title = catalogue.top_up_title.in_language(language)
    return title[:TITLE_LENGTH], advance_items(catalogue, title, amount)
