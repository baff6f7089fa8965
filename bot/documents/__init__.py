"""Files that people are given: `registry` is their shape, and every other module makes a kind of them."""

from bot.documents import invoice, personal_data, receipt, receipts, usage

__all__ = ["invoice", "personal_data", "receipt", "receipts", "usage"]
