"""What leaves the house: sums to the kopeck, receipts, and nothing the provider would stumble over."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import ProviderRefused
from bot.domain.money import Money
from bot.gateways.base import Item, RefundCall
from bot.gateways.yookassa.requests import VAT_CODES, ExactAmount, payment_body, refund_body
from tests.gateways.contract import PRICE, asked
from tests.gateways.yookassa_street import YooKassaStreet, shop_settings

OFF = shop_settings("http://127.0.0.1:1")
BY_EMAIL = shop_settings("http://127.0.0.1:1", receipts="yookassa")
REGISTER = shop_settings("http://127.0.0.1:1", receipts="register", tax_system_code=2)
ONE = (Item("WhatsApp", PRICE),)
MAIL = "anna@example.org"
ID = "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f"


def rub(minor: int) -> Money:
    return Money(minor, "RUB")


def test_body_is_what_the_manual_asks_for() -> None:
    body = payment_body(asked(reference="ref", items=ONE, email=MAIL, phone="+7 900 000-00-00"), REGISTER)
    line = {
        "description": "WhatsApp", "quantity": "1", "amount": {"value": "990.00", "currency": "RUB"},
        "vat_code": 1, "payment_subject": "service", "payment_mode": "full_payment", "measure": "piece",
    }  # fmt: skip
    assert body == {
        "amount": {"value": "990.00", "currency": "RUB"},
        "capture": True,
        "confirmation": {
            "type": "redirect",
            "return_url": "https://pay.example.org/return/abc",
            "locale": "ru_RU",
        },
        "description": "WhatsApp +7 900, 1 month",
        "metadata": {"kassir": "ref"},
        "save_payment_method": False,
        "receipt": {
            "customer": {"email": MAIL, "phone": "79000000000"},
            "items": [line],
            "tax_system_code": 2,
        },
    }


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=10**12))
def test_every_sum_leaves_to_the_kopeck(minor: int) -> None:
    body = payment_body(asked(rub(minor), items=(Item("x", rub(minor)),), email=MAIL), BY_EMAIL)
    written = f"{minor // 100}.{minor % 100:02d}"
    assert body["amount"]["value"] == body["receipt"]["items"][0]["amount"]["value"] == written
    refund = RefundCall("r", ID, rub(minor), "")
    assert refund_body(refund, OFF)["amount"] == {"value": written, "currency": "RUB"}


def test_every_kopeck_of_a_thousand_roubles_leaves_as_it_is() -> None:
    for minor in range(1, 100_001):
        assert payment_amount(minor) == f"{minor // 100}.{minor % 100:02d}"


def payment_amount(minor: int) -> str:
    amount = dict(ExactAmount({"value": rub(minor).decimal(), "currency": "RUB"}))
    return str(amount["value"])


async def test_body_that_really_leaves_is_that_body() -> None:
    async with YooKassaStreet(receipts="yookassa") as street:
        items = (Item("Доставка «ночью» 🌙", rub(3333), quantity=3, vat="22/122", mode="full_prepayment"),)
        request = asked(rub(9999), items=items, email=MAIL, title="Заказ")
        await street.gateway.create_link(request)
        assert street.bodies == [payment_body(request, BY_EMAIL)]


def test_button_of_one_kind_asks_for_that_kind() -> None:
    assert payment_body(asked(method="yookassa_sbp"), OFF)["payment_method_data"] == {"type": "sbp"}
    assert payment_body(asked(method="yookassa_card"), OFF)["payment_method_data"] == {"type": "bank_card"}
    assert "payment_method_data" not in payment_body(asked(), OFF)


def test_nothing_empty_or_none_is_sent() -> None:
    def walk(found: Any) -> None:
        assert found not in (None, "None", "", [], {})
        for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
            walk(inner)

    walk(payment_body(asked(items=ONE, email=MAIL), BY_EMAIL))
    walk(refund_body(RefundCall("r", ID, PRICE, ""), OFF))


def test_long_titles_are_cut() -> None:
    items = (Item("ю" * 500, PRICE),)
    body = payment_body(asked(items=items, email=MAIL, title="я" * 500), BY_EMAIL)
    assert body["description"] == "я" * 128
    assert body["receipt"]["items"][0]["description"] == "ю" * 128


def test_every_word_for_vat_has_its_code() -> None:
    codes = []
    for word in VAT_CODES:
        body = payment_body(asked(items=(Item("x", PRICE, vat=word),), email=MAIL), BY_EMAIL)
        codes.append(body["receipt"]["items"][0]["vat_code"])
    assert codes == list(range(1, 13))


def test_free_lines_stay_off_the_receipt() -> None:
    body = payment_body(asked(items=(*ONE, Item("gift", rub(0))), email=MAIL), BY_EMAIL)
    assert len(body["receipt"]["items"]) == 1


@pytest.mark.parametrize(
    ("items", "email", "phone", "why"),
    [
        ((), MAIL, "", "lines"),
        (ONE * 2, MAIL, "", "make 1980.00 RUB"),
        ((Item("x", PRICE, vat="21"),), MAIL, "", "vat"),
        (ONE * 81, MAIL, "", "80 lines"),
        (ONE, "", "+79000000000", "e-mail"),
        (ONE, "anna", "", "not sent"),
    ],
)
def test_receipt_that_would_be_refused_is_not_sent(
    items: tuple[Item, ...], email: str, phone: str, why: str
) -> None:
    with pytest.raises(ProviderRefused, match=why):
        payment_body(asked(items=items, email=email, phone=phone), BY_EMAIL)


def test_register_takes_a_phone_alone() -> None:
    body = payment_body(asked(items=ONE, phone="+7 (900) 000-00-00"), REGISTER)
    assert body["receipt"]["customer"] == {"phone": "79000000000"}


def test_whole_refund_bears_no_receipt() -> None:
    body = refund_body(RefundCall("r", ID, PRICE, "x" * 300), BY_EMAIL)
    assert "receipt" not in body
    assert body["description"] == "x" * 250


def test_same_request_gives_the_same_bytes() -> None:
    request = asked(items=ONE, email=MAIL)
    assert json.dumps(payment_body(request, REGISTER)) == json.dumps(payment_body(request, REGISTER))


def test_endless_return_address_is_refused() -> None:
    with pytest.raises(ProviderRefused):
        payment_body(replace(asked(), return_url="https://x.example/" + "a" * 2048), OFF)


def test_phone_balance_is_asked_for_by_number_and_confirmed_by_message() -> None:
    body = payment_body(asked(method="yookassa_mobile", phone="+7 900 000-00-00"), OFF)
    assert body["payment_method_data"] == {"type": "mobile_balance", "phone": "79000000000"}
    assert body["confirmation"] == {"type": "external", "locale": "ru_RU"}
    with pytest.raises(ProviderRefused, match="number"):
        payment_body(asked(method="yookassa_mobile"), OFF)


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("yookassa_sbp", "sbp"),
        ("yookassa_sberpay", "sberbank"),
        ("yookassa_tpay", "tinkoff_bank"),
        ("yookassa_yoomoney", "yoo_money"),
    ],
)
def test_button_of_its_own_asks_for_its_own_kind(method: str, kind: str) -> None:
    body = payment_body(asked(method=method, phone="+7 900 000-00-00"), OFF)
    assert body["payment_method_data"] == {"type": kind}
