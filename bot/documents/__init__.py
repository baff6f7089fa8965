"""Files that people are given: `registry` is their shape, and every other module makes a kind of them."""

from bot.documents import invoice, receipt, receipts, usage

__all__ = ["invoice", "receipt", "receipts", "usage"]
