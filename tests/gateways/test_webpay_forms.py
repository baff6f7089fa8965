"""What leaves the house: the form, the same as JSON, requests about bound cards. And wrong settings."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from bot.domain.errors import ProviderRefused
from bot.domain.money import Money
from bot.gateways.base import Item, LinkRequest
from bot.gateways.webpay.forms import payment_body, payment_form
from bot.gateways.webpay.gateway import WebPay
from tests.gateways.contract import asked
from tests.gateways.webpay_wire import NUMBER, REFERENCE, SECRET, shop

PRICE = Money(2550, "BYN")


def wanted(**changes: object) -> LinkRequest:
    request = asked(PRICE, reference=REFERENCE, method="webpay", phone="+375 29 123-45-67")
    request = replace(request, notify_url="https://pay.example.org/callbacks/webpay")
    return replace(request, **changes)  # type: ignore[arg-type]  # its fields, by name


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


def test_form_says_everything_once_and_signs_it() -> None:
    form = payment_form(wanted(email="anna@example.org"), shop(test=True, store_name="Kanal+"))
    seed = form["wsb_seed"]
    assert form["wsb_signature"] == sha1(f"{seed}11111111{NUMBER}1BYN25.50{SECRET}")
    assert (form["*scart"], form["wsb_version"], form["wsb_test"]) == ("", "2", "1")
    assert form["wsb_return_url"] == form["wsb_cancel_return_url"] == "https://pay.example.org/return/abc"
    assert form["wsb_notify_url"] == "https://pay.example.org/callbacks/webpay"
    assert (form["wsb_phone"], form["wsb_email"]) == ("375291234567", "anna@example.org")
    assert form["wsb_total"] == form["wsb_invoice_item_price[0]"] == "25.50"
    assert "wsb_tab" not in form
    assert SECRET not in str(form)


def test_each_attempt_has_its_own_number_and_seed() -> None:
    first, second = (payment_form(replace(asked(PRICE, method="webpay")), shop()) for _ in range(2))
    assert first["wsb_order_num"] != second["wsb_order_num"]
    assert first["wsb_seed"] != second["wsb_seed"]
    assert len(first["wsb_seed"]) == len(second["wsb_seed"])


def test_lines_make_the_total_to_the_kopeck() -> None:
    items = (Item("Line A", Money(1000, "BYN"), 2), Item("Line\nB\x00", Money(550, "BYN")))
    form = payment_form(wanted(items=items), shop())
    assert (form["wsb_invoice_item_quantity[0]"], form["wsb_invoice_item_price[0]"]) == ("2", "10.00")
    assert form["wsb_invoice_item_name[1]"] == "Line B"
    with pytest.raises(ProviderRefused):
        payment_form(wanted(items=items[:1]), shop())


@pytest.mark.parametrize("reference", ["ref-1", "", REFERENCE.upper(), REFERENCE + "a", "1" * 26])
def test_reference_of_another_shape_makes_no_form(reference: str) -> None:
    with pytest.raises(ProviderRefused):
        payment_form(wanted(reference=reference), shop())


@pytest.mark.parametrize(
    ("language", "spoken"), [("ru", "russian"), ("be", "russian"), ("ky", "russian"), ("en", "english")]
)
def test_page_speaks_the_nearest_language(language: str, spoken: str) -> None:
    assert payment_form(wanted(language=language), shop())["wsb_language_id"] == spoken


def test_erip_is_a_button_of_its_own() -> None:
    settings = shop(methods=["webpay", "webpay_erip"])
    assert payment_form(wanted(method="webpay_erip"), settings)["wsb_tab"] == "erip"
    card, erip = settings.offered()
    assert (card.schemes, erip.schemes) == (("visa", "mastercard", "belkart"), ("erip",))
    assert (card.currencies, card.refunds, card.asks) == (("BYN",), False, False)


def test_back_office_and_bank_make_refunds_possible() -> None:
    (card,) = shop(cabinet_username="anna", cabinet_password="p", bank="priorbank").offered()
    assert (card.refunds, card.asks) == (True, True)


def test_json_door_gets_the_same_with_lists() -> None:
    items = (Item("A", Money(1000, "BYN")), Item("B", Money(1550, "BYN")))
    form = payment_form(wanted(items=items), shop())
    body = json.loads(payment_body(form))
    assert body["wsb_invoice_item_name"] == ["A", "B"]
    assert body["wsb_invoice_item_price"] == ["10.00", "15.50"]
    assert (body["wsb_total"], body["wsb_signature"]) == ("25.50", form["wsb_signature"])
    assert not any("*" in name or "[" in name for name in body)


async def test_link_is_a_form_for_twenty_minutes() -> None:
    gateway = WebPay(shop(test=True))
    link = await gateway.create_link(wanted())
    assert (link.url, link.provider_payment) == ("https://securesandbox.webpay.by/", "")
    assert link.form["wsb_test"] == "1"
    assert link.expires_at is not None
    await gateway.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"store_id": "shop 1"},
        {"secret_key": ""},
        {"secret_key": "live&key"},
        {"payment_url": "http://payment.webpay.by"},
        {"payment_url": "ftp://127.0.0.1"},
        {"cabinet_url": "billing.webpay.by"},
        {"payment_url": "https://securesandbox.webpay.by"},
        {"test": True, "cabinet_url": "https://billing.webpay.by/"},
        {"cabinet_username": "anna"},
        {"cabinet_password": "live_password"},
        {"bank": "anybank"},
        {"methods": ["cash"]},
        {"door": "window"},
        {"transaction_digits": 0},
        {"secret": "typo"},
    ],
)
def test_wrong_setting_is_refused_without_showing_a_secret(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        shop(**wrong)
    assert SECRET not in str(refusal.value)
    assert "live_password" not in str(refusal.value)


def test_hosts_follow_the_one_setting() -> None:
    live, test = shop(), shop(test=True)
    assert (live.payment_host, live.cabinet_host) == (
        "https://payment.webpay.by",
        "https://billing.webpay.by",
    )
    assert (test.payment_host, test.cabinet_host) == (
        "https://securesandbox.webpay.by",
        "https://sandbox.webpay.by",
    )
