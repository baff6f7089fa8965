"""Invoices, the ten seconds of a pre-checkout, and Stars that came and went back."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from sandbox import clock
from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.signals import Signal

SECONDS_TO_ANSWER = 10.0
STARS = "XTR"
STARS_OF_EVERYBODY = 2_000


@dataclass
class Checkout:
    id: str
    ok: bool | None = None
    error: str = ""
    asked_at: float = field(default_factory=time.monotonic)


@dataclass
class StarPayment:
    user: Json
    amount: int
    payload: str
    charge_id: str
    date: int
    refunded: bool = False


class Payments:
    def __init__(self) -> None:
        self.links: dict[str, Json] = {}
        self.stars: list[StarPayment] = []
        self._checkouts: dict[str, Checkout] = {}
        self._answered = Signal()

    def link(self, invoice: Json) -> str:
        slug = secrets.token_urlsafe(12)
        self.links[slug] = invoice
        return f"https://t.me/${slug}"

    def begin(self) -> Checkout:
        checkout = Checkout(str(secrets.randbelow(10**18) + 10**17))
        self._checkouts[checkout.id] = checkout
        return checkout

    def answer(self, checkout_id: str, *, ok: bool, error: str) -> None:
        checkout = self._checkouts.pop(checkout_id, None)
        if checkout is None or time.monotonic() - checkout.asked_at > SECONDS_TO_ANSWER:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        checkout.ok, checkout.error = ok, error
        self._answered.fire()

    async def outcome(self, checkout: Checkout) -> Checkout:
        await self._answered.wait_until(lambda: checkout.ok is not None, SECONDS_TO_ANSWER)
        self._checkouts.pop(checkout.id, None)
        return checkout

    def stars_of(self, user_id: int) -> int:
        """What a person has left of the Stars everybody begins with."""
        return STARS_OF_EVERYBODY - sum(
            paid.amount for paid in self.stars if paid.user["id"] == user_id and not paid.refunded
        )

    def last_stars_of(self, user_id: int) -> StarPayment | None:
        """The newest payment of a person that has not gone back."""
        mine = (paid for paid in reversed(self.stars) if paid.user["id"] == user_id and not paid.refunded)
        return next(mine, None)

    def take_stars(self, user: Json, invoice: Json, charge_id: str) -> None:
        if self.stars_of(user["id"]) < invoice["total_amount"]:
            raise bad_request("BALANCE_TOO_LOW")
        paid = StarPayment(user, invoice["total_amount"], invoice["payload"], charge_id, clock.seconds())
        self.stars.append(paid)

    def refund_stars(self, user_id: int, charge_id: str) -> StarPayment:
        for paid in self.stars:
            if paid.charge_id == charge_id and paid.user["id"] == user_id:
                if paid.refunded:
                    raise bad_request("CHARGE_ALREADY_REFUNDED")
                paid.refunded = True
                return paid
        raise bad_request("CHARGE_NOT_FOUND")

    def transactions(self) -> list[Json]:
        """Newest last; a refund repeats the id of what it gives back."""
        rows: list[Json] = []
        for paid in self.stars:
            partner = {"type": "user", "transaction_type": "invoice_payment", "user": paid.user}
            row = {"id": paid.charge_id, "amount": paid.amount, "date": paid.date}
            rows.append(row | {"source": partner | {"invoice_payload": paid.payload}})
            if paid.refunded:
                rows.append(row | {"receiver": partner})
        return rows

    def balance(self) -> int:
        return sum(paid.amount for paid in self.stars if not paid.refunded)


def read_invoice(fields: Fields) -> Json:
    """A complete invoice, or the refusal Telegram gives for the first thing wrong with it."""
    currency = fields.required("currency")
    prices = fields.decoded("prices") or []
    if not prices or not all(isinstance(price.get("amount"), int) for price in prices):
        raise bad_request("PRICES_INVALID" if prices else "there must be at least one price")
    payload = fields.required("payload")
    if len(payload.encode()) > 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if not 1 <= len(fields.required("title")) <= 32 or not 1 <= len(fields.required("description")) <= 255:
        raise bad_request("INVOICE_TITLE_OR_DESCRIPTION_INVALID")
    if currency == STARS and len(prices) != 1:
        raise bad_request("STARS_INVOICE_INVALID")
    if currency != STARS and ":" not in fields.text("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    total = sum(price["amount"] for price in prices)
    if total <= 0:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    shown = {"title": fields.text("title"), "description": fields.text("description")}
    shown |= {"start_parameter": fields.text("start_parameter"), "currency": currency, "total_amount": total}
    wants = [name for name in ("need_name", "need_phone_number", "need_email") if fields.flag(name)]
    data = fields.decoded("provider_data") or {}
    return {
        "provider_data": data,
        "shown": shown,
        "payload": payload,
        "currency": currency,
        "total_amount": total,
        "wants": wants,
    }
