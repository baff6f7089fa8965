"""Fiscal receipts (54-FZ) in Robokassa's words: of a payment, of a refund, and of a prepayment's use."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot.domain.errors import ProviderRefused
from bot.domain.money import Money
from bot.gateways.base import Item, OffsetRequest
from bot.gateways.robokassa.numbers import number_of
from bot.gateways.robokassa.settings import RobokassaSettings

LONGEST_NAME = 128
MOST_ITEMS = 100

TAXES = {
    "none": "none", "0": "vat0", "5": "vat5", "7": "vat7", "10": "vat10", "20": "vat20", "22": "vat22",
    "5/105": "vat105", "7/107": "vat107", "10/110": "vat110", "20/120": "vat120", "22/122": "vat122",
}  # fmt: skip
"""The catalogue's word → Robokassa's; 22 % came in 2026."""

MODES = {"partial_prepayment": "prepayment"}
SUBJECTS = {"non_operating_gain": "non-operating_gain"}
"""Words that Robokassa spells in its own way; all others are the same."""

KNOWN_MODES = {
    "full_prepayment", "prepayment", "advance", "full_payment", "partial_payment", "credit", "credit_payment",
}  # fmt: skip
KNOWN_SUBJECTS = {
    "commodity", "excise", "job", "service", "gambling_bet", "gambling_prize", "lottery", "lottery_prize",
    "intellectual_activity", "payment", "agent_commission", "composite", "resort_fee", "another",
    "property_right", "non-operating_gain", "insurance_premium", "sales_tax",
}  # fmt: skip
BY_BANK = 2
"""How a prepayment was made, in the second receipt: without cash."""


def receipt(items: Sequence[Item], amount: Money, settings: RobokassaSettings) -> dict[str, Any]:
    """What a payment's receipt says; a self-employed seller's names nothing but the lines."""
    lines = {"items": [_line(item, settings) for item in _fitting(items, amount)]}
    return {"sno": settings.sno, **lines} if settings.sno else lines


def refund_items(items: Sequence[Item], amount: Money) -> list[dict[str, Any]]:
    """The lines that a part goes back for; here the price is of one unit."""
    return [
        {
            "Name": item.title[:LONGEST_NAME],
            "Quantity": item.quantity,
            "Cost": exact(item.price),
            "Tax": _tax(item),
            "PaymentMethod": _mode(item),
            "PaymentObject": _subject(item),
        }
        for item in _fitting(items, amount)
    ]


def offset_receipt(request: OffsetRequest, settings: RobokassaSettings) -> dict[str, Any]:
    """The second receipt, for what a prepayment was used for; its number follows from our reference."""
    lines = _fitting(request.items, request.amount)
    digits = "".join(letter for letter in request.phone if letter in "0123456789")
    client = {name: value for name, value in (("email", request.email), ("phone", digits)) if value}
    if not client:
        raise ProviderRefused("a receipt needs an e-mail or a phone")
    return {
        "merchantId": settings.login,
        "id": number_of(request.reference, test=settings.test),
        "originId": request.provider_payment,
        "operation": "sell",
        **({"sno": settings.sno} if settings.sno else {}),
        "url": settings.site,
        "total": exact(request.amount),
        "items": [_line(item, settings) | {"payment_method": "full_payment"} for item in lines],
        "client": client,
        "payments": [{"type": BY_BANK, "sum": exact(request.amount)}],
        "vats": [_vat(item) for item in lines],
    }


def exact(money: Money) -> Decimal:
    return Decimal(money.decimal())


def _fitting(items: Sequence[Item], amount: Money) -> list[Item]:
    lines = [item for item in items if item.price]
    if not 0 < len(lines) <= MOST_ITEMS:
        raise ProviderRefused(f"a receipt needs from 1 to {MOST_ITEMS} lines, not {len(lines)}")
    total = sum((line.price * line.quantity for line in lines), Money(0, amount.currency))
    if total != amount:
        raise ProviderRefused(f"the lines of the receipt make {total}, the payment is {amount}")
    return lines


def _line(item: Item, settings: RobokassaSettings) -> dict[str, Any]:
    line: dict[str, Any] = {
        "name": item.title[:LONGEST_NAME],
        "quantity": item.quantity,
        "sum": exact(item.price * item.quantity),
    }
    if settings.receipts == "smz":
        return line | {"tax": "none"}
    return line | {"payment_method": _mode(item), "payment_object": _subject(item), "tax": _tax(item)}


def _vat(item: Item) -> dict[str, Any]:
    """The tax inside a line's sum, rounded half up; "22" and "22/122" hold the same."""
    rate = item.vat.partition("/")[0]
    percent = int(rate) if rate.isdigit() else 0
    whole = (item.price * item.quantity).minor
    tax = (2 * whole * percent + 100 + percent) // (2 * (100 + percent))
    return {"type": _tax(item), "sum": exact(Money(tax, item.price.currency))}


def _tax(item: Item) -> str:
    return _known("vat", item.vat, TAXES.get(item.vat, ""), TAXES.values())


def _mode(item: Item) -> str:
    return _known("mode", item.mode, MODES.get(item.mode, item.mode), KNOWN_MODES)


def _subject(item: Item) -> str:
    return _known("subject", item.subject, SUBJECTS.get(item.subject, item.subject), KNOWN_SUBJECTS)


def _known(what: str, ours: str, word: str, words: Any) -> str:
    if word not in words:
        raise ProviderRefused(f"{what} {ours!r} has no word at Robokassa")
    return word
