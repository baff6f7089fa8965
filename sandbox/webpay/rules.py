"""What the payment page makes of a posted form; each refusal says what is wrong."""

import hmac
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from sandbox.webpay.shop import Bound, NotPossibleError, Order, Shop
from sandbox.webpay.signatures import asked

ADDED, TAKEN_OFF = ("wsb_tax", "wsb_shipping_price"), ("wsb_discount_price",)
UNBIND = "recurring_unbind"
LARGEST = Decimal(10_000)


class StrangerError(NotPossibleError):
    """Not the shop's own word."""


def from_the_site(shop: Shop, referer: str) -> None:
    """The live page takes a form from the site of the contract alone, a subdomain is another one."""
    parts = urlsplit(referer)
    if f"{parts.scheme}://{parts.netloc}" != shop.settings.site.rstrip("/"):
        raise NotPossibleError("Payments from this site are not allowed: see the Referer")


def new_order(shop: Shop, fields: Mapping[str, str]) -> Order:
    """An order that can be paid; NotPossibleError says why not."""
    _check_who(shop, fields)
    number, operation = fields.get("wsb_order_num", ""), fields.get("wsb_operation_type", "")
    if not 0 < len(number) <= 64:
        raise NotPossibleError("wsb_order_num is missing")
    if fields.get("wsb_currency_id") not in shop.settings.currencies:
        raise NotPossibleError("wsb_currency_id is not in the contract")
    if operation and not fields.get("wsb_customer_id"):
        raise NotPossibleError("wsb_customer_id is missing")
    total = _total(fields)
    return Order(
        number=number,
        amount=int(total * 100),
        currency=fields["wsb_currency_id"],
        title=", ".join(name for name, _, _ in _items(fields)),
        return_url=fields.get("wsb_return_url", ""),
        cancel_url=fields.get("wsb_cancel_return_url", ""),
        notify_url=fields.get("wsb_notify_url", "") or shop.settings.notify_url,
        language="en" if fields.get("wsb_language_id") == "english" else "ru",
        created_at=shop.clock.now(),
        customer=fields.get("wsb_customer_id", ""),
        operation=operation,
        tag=fields.get("wsb_order_tag", ""),
    )


def bound_card(shop: Shop, fields: Mapping[str, str]) -> Bound:
    """The card that a charge or an unbinding names; it may be let go twice."""
    _check_who(shop, fields)
    token, is_leaving = fields.get("wsb_recurring_token", ""), fields["wsb_operation_type"] == UNBIND
    bound = shop.bound.get(token) or (shop.let_go.get(token) if is_leaving else None)
    if bound is None or bound.customer != fields.get("wsb_customer_id"):
        raise NotPossibleError("wsb_recurring_token is unknown")
    return bound


def _check_who(shop: Shop, fields: Mapping[str, str]) -> None:
    settings = shop.settings
    if fields.get("wsb_storeid") != settings.store_id:
        raise StrangerError("wsb_storeid is unknown")
    operation = fields.get("wsb_operation_type", "")
    # No card is typed in the test mode, so none is bound in it.
    mode = "1" if settings.test and not operation else "0"
    if operation != UNBIND and fields.get("wsb_test") != mode:
        raise NotPossibleError("wsb_test is of the other environment")
    claimed = fields.get("wsb_signature", "").encode()
    if not hmac.compare_digest(claimed, asked(fields, settings.secret_key).encode()):
        raise StrangerError("wsb_signature is wrong")


def _total(fields: Mapping[str, str]) -> Decimal:
    """The lines, tax and shipping less the discount must make it to the kopeck."""
    total = _sum(fields.get("wsb_total", ""))
    made = sum((quantity * price for _, quantity, price in _items(fields)), Decimal())
    made += sum((_sum(fields[name]) for name in ADDED if name in fields), Decimal())
    made -= sum((_sum(fields[name]) for name in TAKEN_OFF if name in fields), Decimal())
    if made != total or total > LARGEST:
        raise NotPossibleError(f"wsb_total is {total}, the lines make {made}")
    return total


def _items(fields: Mapping[str, str]) -> list[tuple[str, Decimal, Decimal]]:
    found = []
    for at in range(len(fields)):
        name = fields.get(f"wsb_invoice_item_name[{at}]")
        if name is None:
            break
        quantity = _sum(fields.get(f"wsb_invoice_item_quantity[{at}]", ""))
        found.append((name, quantity, _sum(fields.get(f"wsb_invoice_item_price[{at}]", ""))))
    if not found:
        raise NotPossibleError("wsb_invoice_item_name[0] is missing")
    return found


def _sum(text: str) -> Decimal:
    try:
        return Decimal(text) if re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text) else Decimal("NaN")
    except InvalidOperation:
        return Decimal("NaN")
