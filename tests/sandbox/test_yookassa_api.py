from collections.abc import AsyncIterator

import pytest

from tests.sandbox.yookassa_shop import SHOP_ID, Shop, order, rub


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


async def test_payment_is_created_paid_and_announced(shop: Shop) -> None:
    payment = await shop.post("/v3/payments", order())
    assert (payment["status"], payment["paid"], payment["test"]) == ("pending", False, False)
    assert len(payment["id"]) == 36
    assert payment["recipient"]["account_id"] == SHOP_ID
    assert payment["metadata"] == {"reference": "8F3K"}
    assert payment["confirmation"]["confirmation_url"] == f"{shop.base}/pay/{payment['id']}"

    await shop.post(f"/control/payments/{payment['id']}/pay")
    assert await shop.till.wait_for(1) == ["payment.succeeded"]
    told, asked = shop.till.received[0]["object"], await shop.get(f"/v3/payments/{payment['id']}")
    assert told == asked
    assert (asked["status"], asked["paid"], asked["refundable"]) == ("succeeded", True, True)
    assert asked["income_amount"] == rub("962.28")
    assert asked["payment_method"]["card"]["last4"] == "2987"
    assert asked["authorization_details"]["three_d_secure"] == {"applied": False}
    assert "confirmation" not in asked
