"""What leaves the house to begin a payment: a form for the payer's browser, or the same as JSON."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from bot.domain.errors import ProviderRefused
from bot.domain.money import zero
from bot.gateways.base import ChargeRequest, Item, LinkRequest
from bot.gateways.http import Answer, NotFound, NotUnderstood
from bot.gateways.webpay.settings import TABS, WebPaySettings
from bot.gateways.webpay.shapes import order_number
from bot.gateways.webpay.signatures import order_signature

LONGEST_TITLE = 255
LONGEST_ADDRESS = 2048
MOST_ITEMS = 100
SEED_DIGITS = 18
RUSSIAN = ("ru", "be", "ky")
ITEMS = ("wsb_invoice_item_name", "wsb_invoice_item_quantity", "wsb_invoice_item_price")


def payment_form(request: LinkRequest, settings: WebPaySettings) -> dict[str, str]:
    """Every field of the form. The total is written once, and that text is what is signed."""
    if max(map(len, (request.return_url, request.notify_url))) > LONGEST_ADDRESS:
        raise ProviderRefused(f"an address is longer than {LONGEST_ADDRESS}")
    fields = {
        "*scart": "",
        "wsb_version": "2",
        "wsb_storeid": settings.store_id,
        "wsb_store": settings.store_name,
        "wsb_order_num": order_number(request.reference),
        "wsb_test": "1" if settings.test else "0",
        "wsb_currency_id": request.amount.currency,
        "wsb_seed": new_seed(),
        "wsb_return_url": request.return_url,
        "wsb_cancel_return_url": request.return_url,
        "wsb_notify_url": request.notify_url,
        "wsb_language_id": "russian" if request.language in RUSSIAN else "english",
        "wsb_email": request.email,
        "wsb_phone": only_digits(request.phone),
        "wsb_tab": TABS[request.method],
        "wsb_total": request.amount.decimal(),
        **lines(request),
    }
    told = {name: value for name, value in fields.items() if value or name == "*scart"}
    return told | {"wsb_signature": order_signature(told, settings.secret_key.get_secret_value())}


def payment_body(form: Mapping[str, str]) -> bytes:
    """The same for the JSON door, where the lines are lists."""
    plain = {name: value for name, value in form.items() if not name.startswith(("*", "wsb_invoice_item"))}
    lists = {name: [value for field, value in form.items() if field.startswith(f"{name}[")] for name in ITEMS}
    return json.dumps(plain | lists).encode()


def page_address(answer: Answer) -> str:
    """The address to open, at the top of the answer or inside `data`."""
    if answer.status == HTTPStatus.NOT_FOUND:
        raise NotFound("there is no such door")
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError) as junk:
        raise NotUnderstood(f"status {answer.status}, not JSON") from junk
    inner = said.get("data") if isinstance(said, dict) else None
    for found in (said, inner):
        url = found.get("redirectUrl") if isinstance(found, dict) else None
        if isinstance(url, str) and url.startswith(("https://", "http://")):
            return url
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProviderRefused(f"status {answer.status}")
    raise NotUnderstood(f"no address to pay at, status {answer.status}")


def new_seed() -> str:
    """Random digits of one length: the shop's number follows it in the signed text."""
    return str(secrets.randbelow(9 * 10 ** (SEED_DIGITS - 1)) + 10 ** (SEED_DIGITS - 1))


def only_digits(phone: str) -> str:
    return "".join(letter for letter in phone if letter in "0123456789")


def lines(request: LinkRequest | ChargeRequest) -> dict[str, str]:
    """The page turns away a form whose lines do not make its total."""
    items = [item for item in request.items if item.price] or [Item(request.title, request.amount)]
    total = sum((item.price * item.quantity for item in items), zero(request.amount.currency))
    if total != request.amount:
        raise ProviderRefused(f"the lines make {total}, the payment is {request.amount}")
    if len(items) > MOST_ITEMS:
        raise ProviderRefused(f"more than {MOST_ITEMS} lines")
    fields: dict[str, str] = {}
    for number, item in enumerate(items):
        values = (_title(item.title), str(item.quantity), item.price.decimal())
        fields |= {f"{name}[{number}]": value for name, value in zip(ITEMS, values, strict=True)}
    return fields


def _title(title: str) -> str:
    """One printable line; a name is never empty."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
    return line[:LONGEST_TITLE] or "-"
