"""What the stand-in refuses, as the provider would, naming the field."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.yookassa.settings import Receipts
from tests.sandbox.yookassa_shop import Json, Shop, order, receipt, rub


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


def customer(**contacts: str) -> Json:
    return receipt() | {"customer": contacts}


WRONG_ORDERS = [
    ({"amount": None}, "amount"),
    ({"amount": rub("990")}, "amount.value"),
    ({"amount": rub("990,00")}, "amount.value"),
    ({"amount": rub("990.005")}, "amount.value"),
    ({"amount": {"value": 990, "currency": "RUB"}}, "amount.value"),
    ({"amount": {"value": "990.00", "currency": "USD"}}, "amount.currency"),
    ({"amount": rub("0.00")}, "amount.value"),
    ({"amount": rub("0.99"), "receipt": receipt("0.99")}, "amount.value"),
    ({"amount": rub("700000.01"), "receipt": receipt("700000.01")}, "amount.value"),
    ({"capture": "yes"}, "capture"),
    ({"description": "x" * 129}, "description"),
    ({"confirmation": None}, "confirmation"),
    ({"confirmation": {"type": "embedded"}}, "confirmation.type"),
    ({"confirmation": {"type": "redirect", "return_url": "back"}}, "confirmation.return_url"),
    (
        {"confirmation": {"type": "redirect", "return_url": "https://a/" + "x" * 2040}},
        "confirmation.return_url",
    ),
    ({"metadata": {f"key{n}": "x" for n in range(17)}}, "metadata"),
    ({"metadata": {"k" * 33: "x"}}, "metadata"),
    ({"metadata": {"order": 17}}, "metadata.order"),
    ({"metadata": {"order": "x" * 513}}, "metadata.order"),
    ({"payment_method_data": {"type": "gold"}}, "payment_method_data.type"),
    ({"payment_method_data": {"type": "cash"}}, "payment_method_data.type"),
    ({"receipt": None}, "receipt"),
    ({"receipt": receipt("989.00")}, "receipt.items"),
    ({"receipt": receipt() | {"items": []}}, "receipt.items"),
    ({"receipt": customer()}, "receipt.customer"),
    ({"receipt": customer(email="anna")}, "receipt.customer.email"),
    ({"receipt": customer(phone="+7 900")}, "receipt.customer.phone"),
    ({"receipt": receipt(description="")}, "receipt.items[0].description"),
    ({"receipt": receipt(description="x" * 129)}, "receipt.items[0].description"),
    ({"receipt": receipt(quantity="many")}, "receipt.items[0].quantity"),
    ({"receipt": receipt(quantity=0)}, "receipt.items[0].quantity"),
    ({"receipt": receipt(amount=rub("990"))}, "receipt.items[0].amount.value"),
    ({"receipt": receipt(vat_code=13)}, "receipt.items[0].vat_code"),
    ({"receipt": receipt(payment_subject=["service"])}, "receipt.items[0].payment_subject"),
    ({"receipt": receipt(payment_mode=None)}, "receipt.items[0].payment_mode"),
    ({"receipt": receipt(measure="month")}, "receipt.items[0].measure"),
]


@pytest.mark.parametrize(("changes", "field"), WRONG_ORDERS)
async def test_wrong_field_is_named(shop: Shop, changes: dict[str, Any], field: str) -> None:
    answer = await shop.post("/v3/payments", order(**changes))
    assert (answer["http"], answer["type"], answer["code"]) == (400, "error", "invalid_request")
    assert answer["parameter"] == field


async def test_receipt_of_several_items_adds_up(shop: Shop) -> None:
    two = receipt("330.00", quantity="2.0")["items"] + receipt("165.00", quantity=2)["items"]
    answer = await shop.post("/v3/payments", order(receipt=customer(phone="79000000001") | {"items": two}))
    assert (answer["http"], answer["receipt_registration"]) == (200, "pending")


async def test_shop_may_have_no_receipts_or_want_an_email() -> None:
    async with Shop(receipts=Receipts.OFF) as shop:
        assert (await shop.post("/v3/payments", order(receipt=None)))["http"] == 200
        assert (await shop.get("/v3/me"))["fiscalization"] == {"enabled": False}
    async with Shop(receipts=Receipts.YOOKASSA) as shop:
        answer = await shop.post("/v3/payments", order(receipt=customer(phone="79000000001")))
        assert answer["parameter"] == "receipt.customer.email"


async def test_saving_a_card_needs_a_permission(shop: Shop) -> None:
    await shop.post("/faults", {"saving": "forbidden"})
    answer = await shop.post("/v3/payments", order(save_payment_method=True))
    assert (answer["http"], answer["code"]) == (403, "forbidden")


async def test_test_shop_marks_its_payments_and_has_no_sbp() -> None:
    async with Shop(secret_key="test_sandbox") as shop:
        assert (await shop.post("/v3/payments", order()))["test"] is True
        answer = await shop.post("/v3/payments", order(payment_method_data={"type": "sbp"}))
        assert answer["http"] == 400
        assert (await shop.get("/v3/me"))["payment_methods"] == ["bank_card", "yoo_money"]


async def test_dear_order_can_be_paid_by_sbp_alone(shop: Shop) -> None:
    payment = await shop.post("/v3/payments", order("400000.00"))
    by_card = await shop.post(f"/control/payments/{payment['id']}/pay", {"card": "success"})
    assert by_card["http"] == 400
    paid = await shop.post(f"/control/payments/{payment['id']}/pay", {"method": "sbp"})
    assert paid["payment_method"]["payer_bank_details"]["bic"]
    assert paid["income_amount"] == rub("398400.00")


async def test_body_must_be_a_json_object(shop: Shop) -> None:
    for body, content_type, status in (
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"amount=1", "application/x-www-form-urlencoded", 415),
    ):
        answer = await shop.send("POST", "/v3/payments", data=body, headers={"Content-Type": content_type})
        assert answer["http"] == status, body


async def test_stranger_is_refused(shop: Shop) -> None:
    for header in ("", "Basic bm9ib2R5OmF0YWxs", "Bearer ключ"):
        answer = await shop.send("GET", "/v3/me", headers={"Authorization": header})
        assert (answer["http"], answer["code"]) == (401, "invalid_credentials")


async def test_unknown_things_are_told_as_documented(shop: Shop) -> None:
    assert (await shop.send("GET", "/v3/payments/nothing"))["code"] == "not_found"
    assert (await shop.send("GET", "/v3/refunds/nothing"))["code"] == "not_found"
    assert (await shop.send("GET", "/v3/nothing"))["http"] == 404
    assert (await shop.send("DELETE", "/v3/payments"))["http"] == 405
