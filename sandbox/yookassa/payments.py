"""A payment and a refund, and how the API shows them."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.cards import Behaviour, Telling
from sandbox.clock import stamp
from sandbox.yookassa.cards import Card
from sandbox.yookassa.money import Json, as_amount
from sandbox.yookassa.saving import LAST_DAY, SavedMethod
from sandbox.yookassa.settings import ShopSettings

TIME_TO_PAY = timedelta(hours=1)
HOLD = timedelta(days=7)
FEE_PER_MILLE = {"sbp": 4, "mobile_balance": 50}
USUAL_FEE = 28
LIMITS = {
    "bank_card": 350_000_00,
    "sbp": 700_000_00,
    "sberbank": 350_000_00,
    "tinkoff_bank": 350_000_00,
    "alfa_pay": 350_000_00,
    "yoo_money": 250_000_00,
    "mobile_balance": 15_000_00,
}


def new_id(kind: str) -> str:
    """36 characters in the provider's shape; the kind sits in the second group."""
    return f"{secrets.token_hex(4)}-{kind}-5{secrets.token_hex(2)[1:]}-8000-{secrets.token_hex(6)}"


@dataclass
class Payment:
    amount: int
    capture: bool
    methods: tuple[str, ...]
    return_url: str
    locale: str
    created_at: datetime
    description: str | None = None
    metadata: Json = field(default_factory=dict)
    has_receipt: bool = False
    phone: str = ""
    id: str = field(default_factory=lambda: new_id("000f"))
    status: str = "pending"
    paid_with: Card | None = None
    method: str | None = None
    method_id: str = field(default_factory=lambda: new_id("000f"))
    rrn: str = field(default_factory=lambda: f"{secrets.randbelow(10**12):012}")
    auth_code: str = field(default_factory=lambda: f"{secrets.randbelow(10**6):06}")
    captured_at: datetime | None = None
    expires_at: datetime | None = None
    cancellation: tuple[str, str] | None = None
    refunded: int = 0
    waiting_for_code: Card | None = None
    wrong_codes: int = 0
    registration: str = ""
    saves: bool = False
    behaviour: Behaviour = Behaviour.PAYS
    saved: SavedMethod | None = None
    enforce: bool = False
    telling: Telling = Telling.ANSWER
    fiscal_number: int = field(default_factory=lambda: secrets.randbelow(90_000) + 10_000)

    @property
    def is_final(self) -> bool:
        return self.status in {"succeeded", "canceled"}

    @property
    def is_charge(self) -> bool:
        """Taken from a saved card with nobody at a page: time may be skipped while its shop waits."""
        return self.saved is not None and not self.return_url

    @property
    def due(self) -> datetime | None:
        """When it dies by itself: not paid within the hour on its page, or held and never captured."""
        if self.status == "pending" and not self.is_charge:
            return self.created_at + TIME_TO_PAY
        return self.expires_at if self.status == "waiting_for_capture" else None

    @property
    def affordable_methods(self) -> tuple[str, ...]:
        """Methods whose limit allows the sum; SBP cannot hold money for a later capture."""
        return tuple(
            name for name in self.methods if self.amount <= LIMITS[name] and (self.capture or name != "sbp")
        )

    def shown(self, shop: ShopSettings, page_base: str) -> Json:
        body: Json = {
            "id": self.id,
            "status": self.status,
            "amount": as_amount(self.amount, shop.currency),
            "recipient": {"account_id": shop.shop_id, "gateway_id": shop.gateway_id},
            "created_at": stamp(self.created_at),
            "test": shop.test,
            "paid": self.status in {"waiting_for_capture", "succeeded"},
            "refundable": self.status == "succeeded" and self.refunded < self.amount,
            "metadata": self.metadata,
        }
        if self.description is not None:
            body["description"] = self.description
        if self.method:
            body["payment_method"] = self._shown_method()
        if self.status == "pending" and self.return_url:
            body["confirmation"] = self._confirmation(page_base)
        return body | self._shown_outcome(shop)

    def shown_receipt(self) -> Json:
        """The receipt of the payment itself, with the numbers of a register that is none."""
        return {
            "id": f"rt-{self.id}",
            "type": "payment",
            "payment_id": self.id,
            "status": self.registration,
            "fiscal_document_number": str(self.fiscal_number),
            "fiscal_storage_number": "9288000100115785",
            "fiscal_attribute": "2617603921",
        }

    def _confirmation(self, page_base: str) -> Json:
        """Where the payer confirms; by a text message there is no page."""
        if self.phone:
            return {"type": "external"}
        page = f"{page_base}/pay/{self.id}"
        return {"type": "redirect", "return_url": self.return_url, "confirmation_url": page}

    def _shown_outcome(self, shop: ShopSettings) -> Json:
        body: Json = {}
        if self.status == "succeeded":
            fee = self.amount * FEE_PER_MILLE.get(self.method or "", USUAL_FEE) // 1000
            body["income_amount"] = as_amount(self.amount - fee, shop.currency)
            body["refunded_amount"] = as_amount(self.refunded, shop.currency)
        if self.captured_at:
            body["captured_at"] = stamp(self.captured_at)
        if self.expires_at and self.status == "waiting_for_capture":
            body["expires_at"] = stamp(self.expires_at)
        if self.cancellation:
            body["cancellation_details"] = dict(zip(("party", "reason"), self.cancellation, strict=True))
        if self.has_receipt:
            states = {"succeeded": self.registration or "succeeded", "canceled": "canceled"}
            body["receipt_registration"] = states.get(self.status, "pending")
        if self.paid_with and self.status != "canceled":
            body["authorization_details"] = {
                "rrn": self.rrn,
                "auth_code": self.auth_code,
                "three_d_secure": {"applied": self.paid_with.asks_code},
            }
        return body

    def _shown_method(self) -> Json:
        status = "active" if self.status == "succeeded" else "pending"
        shown: Json = {
            "type": self.method,
            "id": self.saved.token if self.saved else self.method_id,
            "saved": self.saved is not None or (self.saves and self.status == "succeeded"),
            "status": "active" if self.saved else status,
        }
        if self.method == "sbp" and self.status == "succeeded":
            bank = {"bank_id": "100000000111", "bic": "044525225"}
            return shown | {"sbp_operation_id": self.rrn, "payer_bank_details": bank}
        if self.paid_with:
            shown["title"] = self.paid_with.title
            shown["card"] = {
                "first6": self.paid_with.number[:6],
                "last4": self.paid_with.last4,
                "expiry_year": f"{LAST_DAY.year}",
                "expiry_month": f"{LAST_DAY.month:02}",
                "card_type": self.paid_with.scheme,
                "issuer_country": "RU",
            }
        return shown


@dataclass
class Refund:
    payment: Payment
    amount: int
    created_at: datetime
    status: str
    description: str | None = None
    metadata: Json = field(default_factory=dict)
    has_receipt: bool = False
    id: str = field(default_factory=lambda: new_id("0015"))
    reason: str | None = None

    def shown(self, shop: ShopSettings) -> Json:
        body: Json = {
            "id": self.id,
            "payment_id": self.payment.id,
            "status": self.status,
            "created_at": stamp(self.created_at),
            "amount": as_amount(self.amount, shop.currency),
        }
        if self.description is not None:
            body["description"] = self.description
        if self.metadata:
            body["metadata"] = self.metadata
        if self.has_receipt:
            body["receipt_registration"] = self.status
        if self.reason:
            body["cancellation_details"] = {"party": "refund_network", "reason": self.reason}
        return body


@dataclass
class OffsetReceipt:
    """A receipt of its own, for what a prepayment was used for."""

    payment: Payment
    amount: int
    id: str = field(default_factory=lambda: f"rt-{secrets.token_hex(8)}")

    def shown(self) -> Json:
        return {"id": self.id, "type": "payment", "payment_id": self.payment.id, "status": "pending"}
