"""What a notification claims. It bears no signature: two or three strings are read, none is believed."""

from __future__ import annotations

import json
import re
from typing import Any

from yookassa.domain.notification import WebhookNotificationEventType as Claim

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, EventKind, Hint

LARGEST = 64 * 1024

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
"""How YooKassa's ids look. Nothing else gets into an address that we call."""

EVENT = re.compile(r"[a-z_]{1,32}\.[a-z_]{1,32}", re.ASCII)


def read_hint(callback: Callback) -> Hint:
    """Take the claim apart; the SDK's notification models would parse, and trip over, all the rest of it."""
    body = _object(callback.body)
    event, claimed = body.get("event"), body.get("object")
    if body.get("type") != "notification" or not isinstance(event, str) or not EVENT.fullmatch(event):
        raise BadCallback("not a notification")
    if not isinstance(claimed, dict):
        raise BadCallback("a notification without its object")
    if event == Claim.REFUND_SUCCEEDED:
        return Hint(
            "yookassa",
            EventKind.REFUNDED,
            checked_id(claimed.get("id")),
            checked_id(claimed.get("payment_id")),
        )
    if not event.startswith("payment."):
        return Hint("yookassa", None, "", "", final=False)
    payment = checked_id(claimed.get("id"))
    kind = EventKind.PAID if event == Claim.PAYMENT_SUCCEEDED else None
    return Hint(
        "yookassa", kind, payment, payment, final=event in (Claim.PAYMENT_SUCCEEDED, Claim.PAYMENT_CANCELED)
    )


def checked_id(claimed: object) -> str:
    """Pass an id of YooKassa's shape, and nothing else."""
    if not isinstance(claimed, str) or not ID.fullmatch(claimed):
        raise BadCallback("not an id of YooKassa")
    return claimed


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST:
        raise BadCallback("too large")
    try:
        read = json.loads(body.decode())
    except (ValueError, RecursionError) as junk:
        raise BadCallback("not JSON") from junk
    if not isinstance(read, dict):
        raise BadCallback("not an object")
    return read
