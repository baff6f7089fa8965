"""How each kind of letter reads. Importing the package registers them all."""

from bot.letters import acts, addresses, autopay, invoices, orders, receipts, usage
from bot.letters.registry import compose, kinds, letter, life_of

__all__ = [
    "acts",
    "addresses",
    "autopay",
    "compose",
    "invoices",
    "kinds",
    "letter",
    "life_of",
    "orders",
    "receipts",
    "usage",
]
