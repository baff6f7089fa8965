"""The providers of a benchmark's till, and the request by which each tells of a payment or asks about one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.charging_bank import CALLS_A_SECOND
from benchmarks.load import get, post
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.gateways.base import BotAccess, Gateway
from bot.gateways.network import Network
from bot.gateways.registry import ProviderSettings, open_gateways, open_networks
from bot.workers.telegram_webhook import SECRET_HEADER
from tests.gateways import robokassa_street, webpay_wire
from tests.gateways.fake import FakeGateway

SECRET = "a-secret-of-the-benchmark"
NETWORK = "kiosk"
METHODS = {"check": "terminal", "checkout": "stars", "uneven": "fake"}
"""By which method a payment is begun that is asked about, or paid unevenly; others are named as theirs."""

TARIFFS = {"stars": "assistant"}
"""What is sold by a method, where it is not a phone line."""

MOMENT = 1_795_000_000


@dataclass(frozen=True)
class Payable:
    """A payment that was begun, and by which code its payer may pay it; without one, by no code."""

    payment: Payment
    code: str = ""


@dataclass
class Providers:
    """All of them, the fake one too; YooKassa's API is the bank on that port."""

    bank: int
    fake: FakeGateway = field(default_factory=lambda: FakeGateway(currencies=("RUB",)))

    def __post_init__(self) -> None:
        settings = _settings(self.bank)
        access = BotAccess.of("42:BENCH", "http://127.0.0.1:1")
        self.gateways: dict[str, Gateway] = {"fake": self.fake, **open_gateways(settings, bot=access)}
        self.networks: dict[str, Network] = open_networks(settings)

    def told(self, kind: str, payable: Payable) -> bytes:
        """The request, as it goes over the wire: everything in it is genuine."""
        payment = payable.payment
        match kind:
            case "fake" | "uneven":
                return callback("fake", self.fake.pay(payment.reference, _given(payment, kind)))
            case "yookassa":
                return callback("yookassa", _yookassa(payment))
            case "robokassa":
                return callback("robokassa", _robokassa(payment))
            case "webpay":
                return callback("webpay", _webpay(payment))
            case "terminal":
                return terminal("pay", payable.code, payment.id, payment.amount.decimal())
            case "check":
                return terminal("check", payable.code, payment.id, payment.amount.decimal())
            case "stars":
                return _update("/telegram", _paid_in_chat(payment))
        assert kind == "checkout", kind
        return _update("/bench/checkout", _asked_in_chat(payment))


def terminal(command: str, code: str, number: int, amount: str = "100.00") -> bytes:
    """What a terminal asks, under a number of its own."""
    told = {"txn_id": number, "txn_date": "20261122120000", "account": code, "sum": amount}
    return get(f"/terminal/{NETWORK}/{SECRET}?command={command}&{urlencode(told)}")


def _settings(bank: int) -> ProviderSettings:
    return ProviderSettings.model_validate(
        {
            "yookassa": {
                "shop_id": "100500",
                "secret_key": "live_bench",
                "api_url": f"http://127.0.0.1:{bank}/v3",
                "charges_per_second": CALLS_A_SECOND,
            },
            "robokassa": {
                "login": robokassa_street.LOGIN,
                "password1": robokassa_street.PASSWORD1,
                "password2": robokassa_street.PASSWORD2,
            },
            "webpay": {"store_id": "11111111", "secret_key": webpay_wire.SECRET},
            "stars": {"enabled": True},
            "terminals": {NETWORK: {"secret": SECRET, "currency": "RUB", "allow": ["127.0.0.0/8"]}},
        }
    )


def _given(payment: Payment, kind: str) -> Money:
    """Unevenly each has its own kopecks, and every fiftieth too few: no sum of them is right by chance."""
    odd = payment.id % 50 or -100 if kind == "uneven" else 0
    return Money(payment.amount.minor + odd, payment.amount.currency)


def callback(provider: str, callback: Callback) -> bytes:
    return post(f"/callbacks/{provider}", callback.body, dict(callback.headers))


def _yookassa(payment: Payment) -> Callback:
    claimed = {
        "type": "notification",
        "event": "payment.succeeded",
        "object": {"id": payment.provider_payment},
    }
    return Callback(json.dumps(claimed).encode())


def _robokassa(payment: Payment) -> Callback:
    return robokassa_street.message(
        {
            "OutSum": f"{payment.amount.decimal()}0000",
            "InvId": payment.provider_payment,
            "Shp_kassir": payment.reference,
        }
    )


def _webpay(payment: Payment) -> Callback:
    number = f"{payment.id + 10**8}"
    return webpay_wire.notification(
        batch_timestamp=f"{MOMENT}",
        currency_id=payment.amount.currency,
        amount=payment.amount.decimal(),
        order_id=number,
        site_order_id=f"K-{payment.reference}",
        transaction_id=number,
    )


def _update(path: str, body: dict[str, Any]) -> bytes:
    return post(path, json.dumps(body).encode(), {SECRET_HEADER: SECRET})


def _paid_in_chat(payment: Payment) -> dict[str, Any]:
    money = {
        "currency": payment.amount.currency,
        "total_amount": payment.amount.minor,
        "invoice_payload": payment.reference,
        "telegram_payment_charge_id": f"charge-{payment.id}",
        "provider_payment_charge_id": f"charge-{payment.id}",
    }
    message = {
        "message_id": payment.id,
        "date": MOMENT,
        "chat": {"id": payment.customer_id, "type": "private", "first_name": "Anna"},
        "from": _person(payment),
        "successful_payment": money,
    }
    return {"update_id": payment.id, "message": message}


def _asked_in_chat(payment: Payment) -> dict[str, Any]:
    query = {
        "id": f"{payment.id}",
        "from": _person(payment),
        "currency": payment.amount.currency,
        "total_amount": payment.amount.minor,
        "invoice_payload": payment.reference,
    }
    return {"update_id": payment.id, "pre_checkout_query": query}


def _person(payment: Payment) -> dict[str, Any]:
    return {"id": payment.customer_id, "is_bot": False, "first_name": "Anna", "language_code": "ru"}
