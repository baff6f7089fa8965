"""What YooKassa says of a payment's receipts: https://yookassa.ru/developers/api#receipt, November 2026."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.fiscal import FiscalReceipt, FiscalState

STATES = {
    "pending": FiscalState.PENDING,
    "succeeded": FiscalState.REGISTERED,
    "canceled": FiscalState.FAILED,
}
NUMBERS = ("fiscal_document_number", "fiscal_storage_number", "fiscal_attribute")


def registration(payment: Mapping[str, Any]) -> FiscalReceipt:
    """NONE where the payment was made without a receipt; what nobody knows may still become one."""
    word = payment.get("receipt_registration")
    if word is None:
        return FiscalReceipt(FiscalState.NONE)
    return FiscalReceipt(STATES.get(str(word), FiscalState.PENDING))


def is_of_payment(receipt: Mapping[str, Any], payment_id: str) -> bool:
    """Refunds and the uses of prepayments have receipts of their own."""
    same = receipt.get("payment_id") == payment_id and receipt.get("type") == "payment"
    return same and receipt.get("status") == "succeeded" and not receipt.get("settlements")


def numbered(receipt: Mapping[str, Any]) -> FiscalReceipt:
    """Number of the document, of the storage, and the attribute: by these the tax office finds it."""
    numbers = [str(receipt[name])[:32] for name in NUMBERS if receipt.get(name)]
    return FiscalReceipt(FiscalState.REGISTERED, " / ".join(numbers))
