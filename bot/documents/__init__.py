"""Files that people are given: `registry` is their shape, and every other module makes a kind of them."""

from bot.documents import autopay_forecast, invoice, personal_data, receipt, receipts, takings, usage

__all__ = ["autopay_forecast", "invoice", "personal_data", "receipt", "receipts", "takings", "usage"]
