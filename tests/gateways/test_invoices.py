"""Invoices inside Telegram: what they say of sums and receipts, and what updates tell of their money."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadCallback, ProviderRefused
from bot.domain.events import Paid, Refunded
from bot.domain.money import Money
from bot.gateways.base import Item
from bot.gateways.invoices import told
from bot.gateways.yookassa.invoice import card_invoice
from tests.gateways.contract import PRICE, asked
from tests.gateways.yookassa_street import shop_settings

OFF = shop_settings("http://127.0.0.1:1")
BY_EMAIL = shop_settings("http://127.0.0.1:1", receipts="yookassa")
REGISTER = shop_settings("http://127.0.0.1:1", receipts="register", tax_system_code=2)
ID = "2d4d8203-000f-5000-9000-145f6df21d6f"
PAYMENT = {
    "currency": "RUB",
    "total_amount": 99000,
    "invoice_payload": "ourreference",
    "telegram_payment_charge_id": "7a1b",
    "provider_payment_charge_id": ID,
}
STARS = PAYMENT | {"currency": "XTR", "total_amount": 250}


def update(name: str, body: Any) -> dict[str, Any]:
    return {"update_id": 5, "message": {"message_id": 1, "date": 1787650000, "from": {"id": 7}, name: body}}


def test_invoice_and_its_receipt_agree_to_the_kopeck() -> None:
    items = (Item("Стрижка", Money(49950, "RUB"), vat="22"), Item("Мытьё", Money(49050, "RUB")))
    form = card_invoice(asked(PRICE, items=items, method="telegram_card"), REGISTER).form
    assert json.loads(form["prices"]) == [{"label": form["title"], "amount": 99000}]
    receipt = json.loads(form["provider_data"])["receipt"]
    assert receipt["tax_system_code"] == 2
    assert [line["amount"] for line in receipt["items"]] == [
        {"value": "499.50", "currency": "RUB"}, {"value": "490.50", "currency": "RUB"}
    ]  # fmt: skip
    assert [line["vat_code"] for line in receipt["items"]] == [11, 1]
    assert (form["need_email"], form["send_email_to_provider"]) == ("true", "true")


def test_shop_without_receipts_asks_for_no_email() -> None:
    form = card_invoice(asked(PRICE, method="telegram_card"), OFF).form
    assert "provider_data" not in form
    assert "need_email" not in form


def test_receipt_of_another_sum_is_never_sent() -> None:
    with pytest.raises(ProviderRefused, match="make"):
        card_invoice(asked(PRICE, items=(Item("x", Money(1, "RUB")),), method="telegram_card"), BY_EMAIL)


def test_card_payment_is_known_by_the_shops_id() -> None:
    paid = told(update("successful_payment", PAYMENT))
    assert isinstance(paid, Paid)
    assert (paid.provider, paid.movement, paid.provider_payment) == ("yookassa", ID, ID)
    assert (paid.reference, paid.amount) == ("ourreference", PRICE)
    assert paid.happened_at is not None


def test_stars_are_known_by_telegrams_id() -> None:
    paid = told(update("successful_payment", STARS))
    refunded = told(update("refunded_payment", STARS))
    assert isinstance(paid, Paid)
    assert isinstance(refunded, Refunded)
    assert (paid.provider, paid.movement, paid.amount) == ("stars", "7a1b", Money(250, "XTR"))
    assert (refunded.movement, refunded.provider_payment, refunded.attempt) == ("7a1b", "7a1b", "")


@pytest.mark.parametrize("other", [{}, {"message": {"text": "hi"}}, {"message": []}, {"subscription": {}}])
def test_other_updates_tell_of_no_money(other: dict[str, Any]) -> None:
    assert told(other) is None


@pytest.mark.parametrize("field", PAYMENT)
@pytest.mark.parametrize("wrong", [None, "", 0, -5, True, [], "x" * 200, "\n", 1.5])
def test_payment_of_a_strange_shape_is_refused(field: str, wrong: Any) -> None:
    if field == "telegram_payment_charge_id":
        with pytest.raises(BadCallback):
            told(update("refunded_payment", STARS | {field: wrong}))
        return
    with pytest.raises(BadCallback):
        told(update("successful_payment", PAYMENT | {field: wrong}))


@given(st.dictionaries(st.sampled_from([*PAYMENT, "other"]), st.none() | st.integers() | st.text()))
def test_any_payment_is_understood_or_refused(body: dict[str, Any]) -> None:
    for name in ("successful_payment", "refunded_payment"):
        try:
            assert isinstance(told(update(name, body)), Paid | Refunded)
        except BadCallback:
            continue
