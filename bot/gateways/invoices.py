"""Payments inside Telegram: what an invoice says, and what Telegram's updates tell of its money.

Manual: https://core.telegram.org/bots/payments, https://core.telegram.org/bots/payments-stars (2026-11-21)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.errors import BadAmount, BadCallback
from bot.domain.events import Paid, Proof, Refunded
from bot.domain.money import STARS, Money
from bot.domain.periods import now
from bot.gateways.base import Link, LinkRequest

LIVES = timedelta(hours=24)
"""Telegram never closes an invoice: our answer to the pre-checkout does, after that time."""

LONGEST_TITLE = 32
LONGEST_DESCRIPTION = 255
START = "pay"
"""With it a forwarded invoice leads to the chat instead of carrying a button that pays."""

LONGEST_ID = 128


def invoice(request: LinkRequest, **more: str) -> Link:
    """A link without an address: its form is what sendInvoice takes, all but the provider's token.

    There is one price in it: several rows have broken YooKassa's form.
    """
    title = _cut(request.title, LONGEST_TITLE)
    form = {
        "title": title,
        "description": _cut(request.title, LONGEST_DESCRIPTION),
        "payload": request.reference,
        "currency": request.amount.currency,
        "prices": json.dumps([{"label": title, "amount": request.amount.minor}], ensure_ascii=False),
        "start_parameter": START,
    }
    return Link("", "", now() + LIVES, form | more)


def told(update: Mapping[str, Any]) -> Paid | Refunded | None:
    """The movement of money an update tells of; None for another update, BadCallback for a strange one."""
    message = update.get("message")
    if not isinstance(message, dict):
        return None
    for name, read in (("successful_payment", _paid), ("refunded_payment", _refunded)):
        if isinstance(body := message.get(name), dict):
            return read(body, _moment(message.get("date")))
    return None


def _paid(body: Mapping[str, Any], at: datetime | None) -> Paid:
    """Stars are known by Telegram's id of the charge, all else by the id that the shop gave it."""
    amount = _amount(body)
    in_stars = amount.currency == STARS
    charge = _text(body, "telegram_payment_charge_id" if in_stars else "provider_payment_charge_id")
    return Paid(
        provider="stars" if in_stars else "yookassa",
        movement=charge,
        reference=_text(body, "invoice_payload"),
        amount=amount,
        provider_payment=charge,
        proof=Proof(method="stars" if in_stars else "telegram"),
        happened_at=at,
    )


def _refunded(body: Mapping[str, Any], at: datetime | None) -> Refunded:
    """Telegram tells of Stars alone; a refund has the id of the charge it gives back."""
    amount, charge = _amount(body), _text(body, "telegram_payment_charge_id")
    if amount.currency != STARS:
        raise BadCallback("a refund that is not in Stars")
    reference = _text(body, "invoice_payload")
    return Refunded("stars", charge, charge, amount, reference=reference, happened_at=at, marked=False)


def _amount(body: Mapping[str, Any]) -> Money:
    minor = body.get("total_amount")
    if not isinstance(minor, int) or isinstance(minor, bool) or minor <= 0:
        raise BadCallback("a payment without its sum")
    try:
        return Money(minor, _text(body, "currency"))
    except BadAmount as unknown:
        raise BadCallback(str(unknown)) from unknown


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID or not found.isprintable():
        raise BadCallback(f"a payment without {name}")
    return found


def _moment(written: object) -> datetime | None:
    return datetime.fromtimestamp(written, UTC) if isinstance(written, int) and 0 < written < 2**33 else None


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
