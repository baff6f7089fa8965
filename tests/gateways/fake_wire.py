"""How the fake provider writes an event into a callback, and how its gateway reads it again."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from bot.domain.errors import BadAmount, BadCallback
from bot.domain.events import Callback, Event, EventKind, Hint, Paid, Proof, Refunded, Refused
from bot.domain.money import Money
from bot.domain.refusals import Refusal

LARGEST = 64 * 1024
RECEIPT = Proof(method="bank_card", card="Mir *2987", rrn="617123456789", approval="A1B2C3")
KINDS = {"paid": EventKind.PAID, "refunded": EventKind.REFUNDED, "refused": None}


def signature(secret: bytes, body: bytes) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def written(event: Event, shop: str) -> bytes:
    fields: dict[str, Any] = {
        "shop": shop,
        "payment": event.provider_payment,
        "test": event.test,
        "reference": event.reference,
    }
    if isinstance(event, Refused):
        return json.dumps(fields | {"kind": "refused", "reason": event.reason.value}).encode()
    fields |= {
        "kind": event.identity.kind.value,
        "movement": event.movement,
        "sum": event.amount.decimal(),
        "currency": event.amount.currency,
        "at": event.happened_at.isoformat() if event.happened_at else "",
    }
    if isinstance(event, Refunded):
        fields["attempt"] = event.attempt
    return json.dumps(fields).encode()


def fields_of(callback: Callback) -> dict[str, Any]:
    if len(callback.body) > LARGEST:
        raise BadCallback("too large")
    try:
        fields = json.loads(callback.body.decode())
    except (ValueError, RecursionError) as junk:
        raise BadCallback("not JSON") from junk
    if not isinstance(fields, dict):
        raise BadCallback("not an object")
    return fields


def hint_of(provider: str, fields: dict[str, Any]) -> Hint:
    payment, kind = fields.get("payment"), fields.get("kind")
    movement = fields.get("movement", payment)
    if not all(isinstance(word, str) and 0 < len(word) < 100 for word in (payment, movement, kind)):
        raise BadCallback("missing fields")
    if kind not in KINDS:
        raise BadCallback("an unknown kind")
    return Hint(provider, KINDS[str(kind)], str(movement), str(payment))


def event_of(provider: str, fields: dict[str, Any]) -> Event:
    if fields.get("shop") != "shop":
        raise BadCallback("another shop")
    try:
        return _event(provider, fields)
    except (LookupError, ValueError, TypeError, BadAmount) as wrong:
        raise BadCallback("missing fields") from wrong


def _event(provider: str, fields: dict[str, Any]) -> Event:
    payment, reference, test = fields["payment"], fields["reference"], fields["test"]
    if fields["kind"] == "refused":
        reason = Refusal(fields["reason"])
        return Refused(provider, reference, reason, payment, code=reason.value, test=test)
    amount, movement = Money.parse(fields["sum"], fields["currency"]), fields["movement"]
    happened_at = datetime.fromisoformat(fields["at"])
    if fields["kind"] == "refunded":
        return Refunded(
            provider, movement, payment, amount, fields["attempt"], reference, test, happened_at=happened_at
        )
    return Paid(provider, movement, reference, amount, payment, RECEIPT, test, happened_at=happened_at)
