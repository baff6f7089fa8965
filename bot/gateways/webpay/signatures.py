"""The three signatures: SHA-1 over what we ask for, MD5 over what WEBPAY tells, MD5 over what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bot.gateways.base import signatures_match

ORDER = (
    *("wsb_seed", "wsb_storeid", "wsb_customer_id", "wsb_order_num", "wsb_test", "wsb_currency_id"),
    *("wsb_total", "wsb_terminal_halva", "wsb_terminal", "wsb_recurring_bind_token", "wsb_operation_type"),
    *("wsb_card", "wsb_recurring_token", "wsb_encrypted_data"),
)
"""The order in which a request is glued; an absent field adds nothing."""

NOTIFIED = (
    *("batch_timestamp", "currency_id", "amount", "payment_method", "order_id", "site_order_id"),
    *("transaction_id", "payment_type", "rrn"),
)
BOUND = ("customer_id", "operation_type", "recurring_token")
ANSWERED = (
    *("transaction_id", "batch_timestamp", "currency_id", "amount", "payment_method", "payment_type"),
    *("order_id", "rrn"),
)


def order_signature(fields: Mapping[str, str], secret: str) -> str:
    """Sign what leaves the house (wsb_version 2)."""
    base = _glued(fields, ORDER) + secret
    return hashlib.sha1(base.encode(), usedforsecurity=False).hexdigest()


def transaction_signature(fields: Mapping[str, str], secret: str) -> str:
    """What get_transaction signs its answer with."""
    return _md5(_glued(fields, ANSWERED) + secret)


def proven(fields: Mapping[str, str], secret: str) -> tuple[str, ...] | None:
    """The fields that a notification's signature stands for, None when it stands for nothing.

    Whether the masked card and the tail of a bound card are signed depends on the shop, so every way is
    tried; all of them, whichever matches, so that time tells nothing.
    """
    claimed = fields.get("wsb_signature", "").lower()
    found = None
    for names in _ways(fields):
        if signatures_match(claimed, _md5(_glued(fields, names) + secret)):
            found = names
    return found


def unbinding_proven(fields: Mapping[str, str], secret: str) -> bool:
    """Whether a notification about a card that was let go is signed: of the usual fields it has one."""
    expected = _md5(_glued(fields, ("batch_timestamp", *BOUND)) + secret)
    return signatures_match(fields["wsb_signature"].lower(), expected)


def _ways(fields: Mapping[str, str]) -> list[tuple[str, ...]]:
    cards = [(), ("card",)] if fields.get("card") else [()]
    tails: list[tuple[str, ...]] = [()]
    if any(fields.get(name) for name in BOUND):
        tails += [BOUND, (*BOUND, "offer_exp_date")]
    return [(*NOTIFIED, *card, *tail) for card in cards for tail in tails]


def _glued(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return "".join(fields.get(name, "") for name in names)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
