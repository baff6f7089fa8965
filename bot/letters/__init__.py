"""How each kind of letter reads. Importing the package registers them all."""

from bot.letters import addresses, autopay, invoices, receipts, usage
from bot.letters.registry import compose, kinds, letter, life_of

__all__ = ["addresses", "autopay", "compose", "invoices", "kinds", "letter", "life_of", "receipts", "usage"]
