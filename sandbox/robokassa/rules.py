"""What the payment page makes of the fields it is opened with; each refusal has the real page's code."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote

from sandbox.cards import KeptCard
from sandbox.robokassa.services import kopecks
from sandbox.robokassa.shop import DONE, Operation, Shop
from sandbox.robokassa.signatures import asked, own, same
from sandbox.yookassa.cards import Card

MOSCOW = timezone(timedelta(hours=3))
RECURRING = {"Recurring", "PreviousInvoiceID"}
LARGEST = (1 << 63) - 1
TAXES = {
    "none", "vat0", "vat5", "vat7", "vat10", "vat20", "vat22",
    "vat105", "vat107", "vat110", "vat120", "vat122",
}  # fmt: skip


class RejectedError(Exception):
    """The page does not open; `code` is what the real one shows."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Error {code}")
        self.code = code


def begun(shop: Shop, fields: Mapping[str, str]) -> Operation:
    """A new operation, or the one with that number while it can still be paid."""
    return shop.add(new_operation(shop, fields))


def new_operation(shop: Shop, fields: Mapping[str, str]) -> Operation:
    """What these fields ask for; nobody knows of it yet."""
    settings = shop.settings
    if fields.get("MerchantLogin") != settings.login:
        raise RejectedError(26)
    test = fields.get("IsTest") == "1"
    password1 = settings.test_password1 if test else settings.password1
    if not re.fullmatch(r"\d{1,9}\.\d{2}", fields.get("OutSum", "")) or not kopecks(fields["OutSum"]):
        raise RejectedError(31)
    if not same(fields.get("SignatureValue", ""), asked(settings.hash, fields, password1)):
        raise RejectedError(29)
    _check_recurring(shop, fields)
    number = fields.get("InvId", fields.get("InvoiceID", ""))
    if not (number.isdigit() and 0 < int(number) <= LARGEST) or len(fields.get("Description", "")) > 100:
        raise RejectedError(30)
    known = shop.find(number)
    if known is not None and known.state == DONE:
        raise RejectedError(40)
    return _operation(shop, fields, number, test=test)


def _operation(shop: Shop, fields: Mapping[str, str], number: str, *, test: bool) -> Operation:
    now = shop.clock.now()
    amount, due = kopecks(fields["OutSum"]), _due(fields.get("ExpirationDate", ""))
    if due is not None and due <= now:
        raise RejectedError(33)
    return Operation(
        number=number,
        amount=amount,
        description=fields.get("Description", ""),
        own=own(fields),
        created_at=now,
        changed_at=now,
        due=due,
        email=fields.get("Email", ""),
        label=fields.get("IncCurrLabel", ""),
        culture=fields.get("Culture", "ru"),
        test=test,
        keeps_card="Recurring" in fields,
        by_saved_card="Token" in fields,
        waiting_for_code=_known_card(shop, fields["Token"]) if "Token" in fields else None,
        parent=fields.get("PreviousInvoiceID", ""),
        receipt=_receipt(fields.get("Receipt"), amount, needed=shop.settings.receipts),
    )


def charge_begun(shop: Shop, fields: Mapping[str, str]) -> tuple[Operation, KeptCard]:
    """The operation of a charge and the card it takes: always that of a parent, never of another charge."""
    card = shop.cards.find(fields.get("PreviousInvoiceID", ""))
    operation = new_operation(shop, fields)
    if card is None:
        raise RejectedError(35)
    if shop.find(operation.number) is not None:
        raise RejectedError(40)
    return operation, card


def _check_recurring(shop: Shop, fields: Mapping[str, str]) -> None:
    if not RECURRING & fields.keys():
        return
    if not shop.settings.recurring:
        raise RejectedError(34)
    if fields.get("Recurring", "true") != "true" or "ExpirationDate" in fields or "IncCurrLabel" in fields:
        raise RejectedError(35)


def _known_card(shop: Shop, key: str) -> Card:
    """The card of the operation that a Token names, which must be the shop's own and paid by card."""
    earlier = shop.by_key(key)
    if earlier is None or earlier.state != DONE or earlier.card is None:
        raise RejectedError(30)
    return earlier.card


def _due(written: str) -> datetime | None:
    """Without an offset it is Moscow's time, so that a UTC time without one is over at once."""
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise RejectedError(30) from None
    return read if read.tzinfo else read.replace(tzinfo=MOSCOW)


def _receipt(written: str | None, amount: int, *, needed: bool) -> Any:
    if written is None:
        if needed:
            raise RejectedError(30)
        return None
    try:
        read = json.loads(unquote(written), parse_float=str)
        lines = read["items"]
        good = 0 < len(lines) <= 100 and sum(kopecks(line["sum"]) for line in lines) == amount
        good = good and all(line["tax"] in TAXES and 0 < len(line["name"]) <= 128 for line in lines)
    except (ValueError, KeyError, TypeError):
        good, read = False, None
    if not good:
        raise RejectedError(30)
    return read
