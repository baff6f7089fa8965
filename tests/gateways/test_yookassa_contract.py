"""YooKassa answers the questions that every provider answers, over real HTTP."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, EventKind, Paid
from bot.gateways.yookassa.callbacks import read_hint
from tests.gateways.contract import GatewayContract, asked, proven, recorded
from tests.gateways.yookassa_street import YooKassaStreet, notification

ID = "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f"


class TestYooKassa(GatewayContract):
    method = "yookassa"
    recordings = (
        "yookassa/payment.succeeded.txt",
        "yookassa/payment.canceled.txt",
        "yookassa/payment.waiting_for_capture.txt",
        "yookassa/refund.succeeded.txt",
    )
    needed = ("type", "event", "object", "object.id")

    @pytest.fixture
    async def street(self) -> AsyncIterator[YooKassaStreet]:
        async with YooKassaStreet() as street:
            yield street


@pytest.mark.parametrize(
    ("name", "kind", "final"),
    [
        ("payment.succeeded", EventKind.PAID, True),
        ("payment.canceled", None, True),
        ("payment.waiting_for_capture", None, False),
        ("refund.succeeded", EventKind.REFUNDED, True),
    ],
)
def test_recorded_notification_claims(name: str, kind: EventKind | None, final: bool) -> None:
    hint = read_hint(recorded(f"yookassa/{name}.txt"))
    assert (hint.kind, hint.final) == (kind, final)
    assert (hint.movement == hint.provider_payment) is (kind is not EventKind.REFUNDED)


@pytest.mark.parametrize(
    "claimed",
    [
        {},
        {"id": None},
        {"id": 5},
        {"id": [ID]},
        {"id": ID.upper()},
        {"id": ID + "/"},
        {"id": ID + "\n"},
        {"id": f"../refunds/{ID}"},
        {"id": "2f0c1b7a%2D000f-5001-8000-1a2b3c4d5e6f"},
        {"id": "٢f0c1b7a-000f-5001-8000-1a2b3c4d5e6f"},
        {"id": "2" * 60_000},
    ],
)
def test_id_of_another_shape_never_gets_into_an_address(claimed: dict[str, object]) -> None:
    with pytest.raises(BadCallback):
        read_hint(notification("payment.succeeded", claimed))
    with pytest.raises(BadCallback):
        read_hint(notification("refund.succeeded", {"id": ID, "payment_id": claimed.get("id")}))


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":"notification"}',
        b'{"type":"notification","event":"payment.succeeded"}',
        b'{"type":"notification","event":"payment.succeeded","object":[]}',
        b'{"type":"notification","event":["payment.succeeded"],"object":{}}',
        b'{"type":"notification","event":"","object":{}}',
        b'{"type":"order","event":"payment.succeeded","object":{"id":"%s"}}' % ID.encode(),
        '{"type":"notification","event":"payment.succeeded"}'.encode("utf-16"),
    ],
)
def test_notification_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(BadCallback):
        read_hint(Callback(body))


async def test_test_shops_money_is_booked_as_if_it_were_real() -> None:
    async with YooKassaStreet(key="test_sandbox") as street:
        assert (await street.gateway.check()).test
        link = await street.gateway.create_link(asked())
        paid = await proven(street.gateway, await street.pay(link))
        assert isinstance(paid, Paid)
        assert not paid.test
