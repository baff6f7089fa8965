"""Bound cards: what is asked for to bind one, to charge it and to let it go.

What we keep of a card is its customer and WEBPAY's token in one text, for neither is good without the other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from bot.domain.errors import ProviderRefused
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import ChargeRequest
from bot.gateways.webpay.forms import lines, new_seed, only_digits
from bot.gateways.webpay.notifications import Notification
from bot.gateways.webpay.settings import WebPaySettings
from bot.gateways.webpay.shapes import fits, order_number, reference_of
from bot.gateways.webpay.signatures import order_signature

BIND, PAY, UNBIND = "recurring_bind", "recurring_pay", "recurring_unbind"
LIVE = "0"
"""wsb_test of all that concerns a bound card, in the test environment as well: no card is typed otherwise."""


def customer_of(reference: str) -> str:
    """Whom WEBPAY binds a card to: it follows from the payment, so it says nothing of the person."""
    digest = hashlib.sha256(b"webpay:" + reference.encode()).digest()
    return f"k{int.from_bytes(digest[:8])}"


def binding(form: Mapping[str, str], reference: str, settings: WebPaySettings) -> dict[str, str]:
    """A payment form that binds the payer's card as well; the payer is there and confirms with 3-D Secure."""
    more = {
        "wsb_test": LIVE,
        "wsb_customer_id": customer_of(reference),
        "wsb_operation_type": BIND,
    }
    return _signed({name: value for name, value in form.items() if name != "wsb_signature"} | more, settings)


def card_bound(told: Notification) -> CardOnFile | None:
    """The card that a proven notification tells to be bound, by a payment that asked for it."""
    bound = told.binding
    if (
        bound is None
        or bound.operation != BIND
        or bound.customer != customer_of(reference_of(told.order_number))
    ):
        return None
    masked = f"•••• {told.card[-4:]}" if told.card else ""
    return CardOnFile(f"{bound.customer}:{bound.token}", masked=masked, expires_on=bound.good_until)


def charge(request: ChargeRequest, settings: WebPaySettings) -> dict[str, str]:
    """A payment by a bound card, sent from here: a new order number each time, no payer, no 3-D Secure."""
    fields = {
        "*scart": "",
        "wsb_version": "2",
        "wsb_storeid": settings.store_id,
        "wsb_order_num": order_number(request.reference),
        "wsb_test": LIVE,
        "wsb_currency_id": request.amount.currency,
        "wsb_seed": new_seed(),
        "wsb_operation_type": PAY,
        "wsb_notify_url": request.notify_url,
        "wsb_email": request.email,
        "wsb_phone": only_digits(request.phone),
        **_named(request.token),
        **lines(request),
        "wsb_total": request.amount.decimal(),
    }
    told = {name: value for name, value in fields.items() if value or name == "*scart"}
    return _signed(told, settings)


def unbinding(token: str, settings: WebPaySettings) -> dict[str, str]:
    """Let a card go: after it the token is good for nothing."""
    fields = {
        "wsb_version": "2",
        "wsb_seed": new_seed(),
        "wsb_storeid": settings.store_id,
        "wsb_operation_type": UNBIND,
        **_named(token),
    }
    return _signed(fields, settings)


def posted(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def _signed(fields: dict[str, str], settings: WebPaySettings) -> dict[str, str]:
    return fields | {"wsb_signature": order_signature(fields, settings.secret_key.get_secret_value())}


def _named(token: str) -> dict[str, str]:
    """The customer stands between digits in the signed text, so it begins with letters and has one shape."""
    customer, _, number = token.partition(":")
    if not fits("customer_id", customer) or not re.fullmatch(r"[0-9A-Za-z]{1,64}", number, re.ASCII):
        raise ProviderRefused("not a bound card of WEBPAY")
    return {"wsb_customer_id": customer, "wsb_recurring_token": number}
