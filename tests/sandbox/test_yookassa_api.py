import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
import yookassa.domain.notification
import yookassa.domain.request
import yookassa.domain.response

from tests.sandbox.yookassa_shop import SHOP_ID, Shop, order, receipt, rub

requests: Any = yookassa.domain.request  # the official models have no types
responses: Any = yookassa.domain.response
notifications: Any = yookassa.domain.notification


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.yookassa.notifications.PAUSES", (0.05,))
    monkeypatch.setattr("sandbox.yookassa.notifications.HELD_BACK_FOR", 0.2)
    monkeypatch.setattr("sandbox.yookassa.notifications.DUPLICATE_AFTER", 0.1)


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
    assert asked["receipt_registration"] == "succeeded"
    assert "confirmation" not in asked


async def test_official_models_speak_with_it(shop: Shop) -> None:
    sent = await shop.post("/v3/payments", dict(requests.PaymentRequest(order())))
    payment = responses.PaymentResponse(sent)
    assert (payment.amount.value, payment.confirmation.type) == (990, "redirect")
    assert payment.metadata["reference"] == "8F3K"

    await shop.post(f"/control/payments/{payment.id}/pay", {"card": "3ds"})
    await shop.till.wait_for(1)
    told = notifications.WebhookNotificationFactory().create(shop.till.received[0])
    assert (told.event, told.object.payment_method.card.last4) == ("payment.succeeded", "0004")
    assert told.object.authorization_details.three_d_secure.applied is True

    refund = dict(requests.RefundRequest({"payment_id": payment.id, "amount": rub("990.00")}))
    assert responses.RefundResponse(await shop.post("/v3/refunds", refund)).status == "succeeded"
    listed = responses.PaymentListResponse(await shop.get("/v3/payments"))
    assert [item.refunded_amount.value for item in listed.items] == [990]


@pytest.mark.parametrize(
    ("card", "party"),
    [
        ("insufficient_funds", "payment_network"),
        ("card_expired", "payment_network"),
        ("call_issuer", "payment_network"),
        ("fraud_suspected", "yoo_money"),
        ("3d_secure_failed", "yoo_money"),
    ],
)
async def test_refusal_is_told_with_its_reason(shop: Shop, card: str, party: str) -> None:
    payment = await shop.post("/v3/payments", order())
    refused = await shop.post(f"/control/payments/{payment['id']}/pay", {"card": card})
    assert (refused["status"], refused["paid"]) == ("canceled", False)
    assert refused["cancellation_details"] == {"party": party, "reason": card}
    assert await shop.till.wait_for(1) == ["payment.canceled"]


async def test_unpaid_link_dies_after_an_hour(shop: Shop) -> None:
    payment = await shop.post("/v3/payments", order())
    await shop.post("/control/clock", {"advance_seconds": 3599 - 60})
    assert (await shop.get(f"/v3/payments/{payment['id']}"))["status"] == "pending"
    await shop.post("/control/clock", {"advance_seconds": 61})
    dead = await shop.get(f"/v3/payments/{payment['id']}")
    assert dead["cancellation_details"]["reason"] == "expired_on_confirmation"
    assert await shop.till.wait_for(1) == ["payment.canceled"]


async def test_held_money_is_captured_or_given_back(shop: Shop) -> None:
    first, second, third = [await shop.paid(capture=False) for _ in range(3)]
    assert (first["status"], first["paid"]) == ("waiting_for_capture", True)
    captured = await shop.post(f"/v3/payments/{first['id']}/capture", {"amount": rub("500.00")})
    assert (captured["status"], captured["amount"]) == ("succeeded", rub("500.00"))
    canceled = await shop.post(f"/v3/payments/{second['id']}/cancel")
    assert canceled["cancellation_details"] == {"party": "merchant", "reason": "canceled_by_merchant"}
    await shop.post("/control/clock", {"advance_seconds": 7 * 86400})
    expired = await shop.get(f"/v3/payments/{third['id']}")
    assert expired["cancellation_details"]["reason"] == "expired_on_capture"
    assert (await shop.post(f"/v3/payments/{third['id']}/capture"))["http"] == 400


async def test_pending_payment_cannot_be_cancelled(shop: Shop) -> None:
    payment = await shop.post("/v3/payments", order())
    assert (await shop.post(f"/v3/payments/{payment['id']}/cancel"))["http"] == 400


async def test_same_key_leads_to_the_same_payment(shop: Shop) -> None:
    first = await shop.post("/v3/payments", order(), key="key-1")
    await shop.post(f"/control/payments/{first['id']}/pay")
    again = await shop.post("/v3/payments", order(), key="key-1")
    assert (again["id"], again["status"]) == (first["id"], "succeeded")
    other = await shop.post("/v3/payments", order("1.00"), key="key-1")
    assert (other["http"], other["parameter"]) == (400, "Idempotence-Key")
    await shop.post("/control/clock", {"advance_seconds": 86400})
    assert (await shop.post("/v3/payments", order(), key="key-1"))["id"] != first["id"]


async def test_key_is_required_and_short(shop: Shop) -> None:
    assert (await shop.send("POST", "/v3/payments", json=order()))["parameter"] == "Idempotence-Key"
    assert (await shop.post("/v3/payments", order(), key="k" * 65))["http"] == 400
    assert (await shop.post("/v3/payments", order(), key="k" * 64))["http"] == 200


async def test_refunds_up_to_what_was_paid(shop: Shop) -> None:
    payment = await shop.paid()
    part = {"payment_id": payment["id"], "amount": rub("400.00"), "receipt": receipt("400.00")}
    assert (await shop.post("/v3/refunds", part | {"receipt": None}))["parameter"] == "receipt"
    first = await shop.post("/v3/refunds", part, key="refund-1")
    assert await shop.post("/v3/refunds", part, key="refund-1") == first
    await shop.post("/v3/refunds", part)
    left = await shop.post("/v3/refunds", part)
    assert (left["http"], left["parameter"]) == (400, "amount")
    assert (await shop.get(f"/v3/payments/{payment['id']}"))["refunded_amount"] == rub("800.00")
    listed = await shop.get("/v3/refunds", payment_id=payment["id"])
    assert {refund["amount"]["value"] for refund in listed["items"]} == {"400.00"}
    events = await shop.till.wait_for(3)
    assert events.count("refund.succeeded") == 2


async def test_only_paid_money_is_refunded(shop: Shop) -> None:
    payment = await shop.post("/v3/payments", order())
    refund = {"payment_id": payment["id"], "amount": rub("990.00")}
    assert (await shop.post("/v3/refunds", refund))["http"] == 400
    assert (await shop.post("/v3/refunds", refund | {"payment_id": "nothing"}))["http"] == 400


async def test_refund_may_hang_and_fail(shop: Shop) -> None:
    payment = await shop.paid()
    await shop.post("/faults", {"refund": "pending"})
    refund = await shop.post("/v3/refunds", {"payment_id": payment["id"], "amount": rub("990.00")})
    assert refund["status"] == "pending"
    settled = await shop.post(f"/control/refunds/{refund['id']}/settle", {"status": "canceled"})
    assert settled["cancellation_details"]["reason"] == "insufficient_funds"
    asked = await shop.get(f"/v3/payments/{payment['id']}")
    assert (asked["refunded_amount"], asked["refundable"]) == (rub("0.00"), True)


async def test_refund_in_the_cabinet_is_announced(shop: Shop) -> None:
    payment = await shop.paid()
    await shop.post(f"/control/payments/{payment['id']}/refund", {"amount": "90.00"})
    await shop.post(f"/control/payments/{payment['id']}/refund")
    await shop.till.wait_for(3)
    assert (await shop.get(f"/v3/payments/{payment['id']}"))["refundable"] is False


async def test_list_goes_page_by_page_newest_first(shop: Shop) -> None:
    made = [(await shop.post("/v3/payments", order()))["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await shop.get("/v3/payments", limit="2", **cursor)
        seen += [payment["id"] for payment in page["items"]]
        if "next_cursor" not in page:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == made[::-1]
    assert (await shop.get("/v3/payments", cursor="nothing"))["parameter"] == "cursor"
    assert (await shop.get("/v3/payments", limit="101"))["parameter"] == "limit"


async def test_list_is_filtered(shop: Shop) -> None:
    pending = await shop.post("/v3/payments", order())
    await asyncio.sleep(0.01)
    paid = await shop.paid()
    moment = datetime.fromisoformat(paid["created_at"])
    since = {"created_at.gte": paid["created_at"], "created_at.lt": (moment + timedelta(1)).isoformat()}
    assert [p["id"] for p in (await shop.get("/v3/payments", **since))["items"]] == [paid["id"]]
    before = {"created_at.lte": pending["created_at"]}
    assert [p["id"] for p in (await shop.get("/v3/payments", **before))["items"]] == [pending["id"]]
    assert (await shop.get("/v3/payments", **{"created_at.gt": paid["created_at"]}))["items"] == []
    assert [p["id"] for p in (await shop.get("/v3/payments", status="pending"))["items"]] == [pending["id"]]
    wrong = await shop.get("/v3/payments", **{"created_at.gte": "yesterday"})
    assert wrong["parameter"] == "created_at.gte"


async def test_shop_describes_itself(shop: Shop) -> None:
    me = await shop.get("/v3/me")
    assert (me["account_id"], me["status"], me["test"]) == (SHOP_ID, "enabled", False)
    assert me["fiscalization"]["enabled"] is True


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("429", 429), ("502 page", 502)])
async def test_api_answers_badly(shop: Shop, fault: str, status: int) -> None:
    await shop.post("/faults", {"api": fault})
    answer = await shop.raw_post("/v3/payments", order())
    assert answer.status == status
    assert (answer.content_type == "text/html") == (status == 502)
    await shop.post("/faults", {"api": "ok"})
    assert (await shop.get("/v3/payments"))["items"] == []


@pytest.mark.parametrize(("fault", "acted"), [("reset", 0), ("acted, answer lost", 1)])
async def test_connection_is_cut_before_or_after_the_act(shop: Shop, fault: str, acted: int) -> None:
    await shop.post("/faults", {"api": fault})
    with pytest.raises(aiohttp.ClientConnectionError):
        await shop.post("/v3/payments", order(), key="lost")
    await shop.post("/faults", {"api": "ok"})
    assert len((await shop.get("/v3/payments"))["items"]) == acted
    await shop.post("/v3/payments", order(), key="lost")
    assert len((await shop.get("/v3/payments"))["items"]) == 1


async def test_api_hangs_or_is_slow(shop: Shop) -> None:
    await shop.post("/faults", {"api": "slow 300 ms"})
    started = asyncio.get_running_loop().time()
    await shop.get("/v3/me")
    assert asyncio.get_running_loop().time() - started >= 0.3
    await shop.post("/faults", {"api": "hang"})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(shop.get("/v3/me"), 0.3)


async def test_notification_is_repeated_until_exactly_200(shop: Shop, impatient: None) -> None:
    shop.till.statuses = [500, 204]
    await shop.paid()
    await shop.till.wait_for(3)
    await shop.settled_notifications()
    (sent,) = await shop.get("/control/notifications")
    assert [answer["status"] for answer in sent["answers"]] == [500, 204, 200]
    assert (sent["state"], sent["event"]) == ("accepted", "payment.succeeded")


async def test_notifications_are_doubled_dropped_late_and_out_of_order(shop: Shop, impatient: None) -> None:
    await shop.post("/faults", {"notifications": "off"})
    await shop.paid()
    await shop.post("/faults", {"notifications": "duplicate"})
    await shop.paid()
    assert await shop.till.wait_for(3) == ["payment.succeeded"] * 3

    await shop.post("/faults", {"notifications": "out of order"})
    held = await shop.paid(capture=False)
    await shop.post(f"/v3/payments/{held['id']}/capture")
    assert (await shop.till.wait_for(5))[3:] == ["payment.succeeded", "payment.waiting_for_capture"]

    await shop.post("/faults", {"notifications": "late 1 s"})
    await shop.paid()
    assert len(shop.till.received) == 5
    assert len(await shop.till.wait_for(6)) == 6


async def test_calls_are_remembered_with_their_answers(shop: Shop) -> None:
    await shop.get("/v3/me")
    await shop.post("/faults", {"api": "acted, answer lost"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await shop.post("/v3/payments", order())
    calls = await shop.get("/control/calls")
    assert calls[0] == {"method": "GET", "path": "/v3/me", "status": 200}
    assert calls[-1] == {"method": "POST", "path": "/v3/payments", "status": 499}
