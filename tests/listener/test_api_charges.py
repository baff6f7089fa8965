"""Charges over the API: all or none, once each, however they are repeated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.catalogue import Catalogue
from bot.services.house import House
from bot.storage.tables import charges
from tests.listener.api_door import SellerSystem, opened
from tests.services.conftest import LINE, WHATSAPP, Count

ONE: dict[str, Any] = {
    "reference": "call-1",
    "connector": LINE,
    "started_at": "2026-11-01T10:00:00+03:00",
    "amount": "1.20",
    "currency": "RUB",
    "number": "+7 999 000-00-00",
    "duration_s": 61,
    "description": "Москва, 2 минуты",
}


def several(*references: str, **other: Any) -> dict[str, Any]:
    return {"charges": [ONE | {"reference": reference} | other for reference in references]}


@pytest.fixture
async def seller(house: House, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    async with opened(house, catalogue) as system:
        yield system


async def test_one_and_several_are_taken_and_repeats_counted(seller: SellerSystem, count: Count) -> None:
    assert (await seller.charge(ONE)).body == {"added": 1, "repeated": 0}
    told = await seller.charge(several("call-1", "call-2", "call-3"))
    assert (told.status, told.body) == (201, {"added": 2, "repeated": 1})
    again = await seller.charge(several("call-1", "call-2", "call-3"))
    assert (again.status, again.body) == (200, {"added": 0, "repeated": 3})
    in_utc = await seller.charge(ONE | {"started_at": "2026-11-01T07:00:00Z"})
    assert in_utc.body["repeated"] == 1, "the same moment, written otherwise"
    assert await count(charges) == 3


async def test_a_reference_that_says_something_else_is_refused_with_all_that_came_along(
    seller: SellerSystem, count: Count
) -> None:
    await seller.charge(ONE)
    body = several("new-1", "call-1")
    body["charges"][1]["amount"] = "9.99"
    told = await seller.charge(body)
    assert (told.status, told.problem) == (409, "charge-differs")
    assert [fault["pointer"] for fault in told.body["errors"]] == ["/charges/1/reference"]
    assert await count(charges) == 1


async def test_strange_connectors_and_repeats_within_one_request_are_named(
    seller: SellerSystem, count: Count
) -> None:
    body = several("a", "b", "a")
    body["charges"][1]["connector"] = "nothing"
    told = await seller.charge(body)
    assert [each["pointer"] for each in told.body["errors"]] == [
        "/charges/0/reference",
        "/charges/2/reference",
    ]
    body["charges"].pop()
    told = await seller.charge(body)
    assert [each["pointer"] for each in told.body["errors"]] == ["/charges/1/connector"]
    assert await count(charges) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 1.2},
        {"amount": 120},
        {"amount": "-1.00"},
        {"amount": "1e3"},
        {"amount": "1,00"},
        {"amount": "1.005"},
        {"amount": "9" * 13},
        {"amount": "١"},
        {"currency": "XTR"},
        {"currency": "rub"},
        {"started_at": "2026-11-01T10:00:00"},
        {"started_at": "yesterday"},
        {"started_at": 1_700_000_000},
        {"started_at": "1700000000"},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"started_at": "9999-12-31T23:59:59-14:00"},
        {"duration_s": -1},
        {"duration_s": 1 << 31},
        {"duration_s": "5"},
        {"reference": ""},
        {"reference": "x" * 65},
        {"reference": "a\u0000b"},
        {"connector": "a\u0000b"},
        {"number": "x" * 41},
        {"description": "\u0007"},
        {"surprise": 1},
        {"connector": None},
    ],
)
async def test_charges_of_another_shape(seller: SellerSystem, wrong: dict[str, Any], count: Count) -> None:
    for body in (ONE | wrong, {"charges": [ONE, ONE | {"reference": "other"} | wrong]}):
        told = await seller.charge(body)
        assert (told.status, told.problem) == (422, "invalid")
    assert await count(charges) == 0


@pytest.mark.parametrize("body", [{"charges": []}, {"charges": [ONE] * 501}, {"charges": ONE}, {}, [ONE]])
async def test_requests_that_are_no_charges(seller: SellerSystem, body: Any) -> None:
    assert (await seller.charge(body)).status == 422


async def test_the_same_batch_at_once_is_taken_once(seller: SellerSystem, count: Count) -> None:
    body = several(*(f"c{number}" for number in range(50)), connector=WHATSAPP)
    told = await asyncio.gather(*(seller.charge(body) for _ in range(6)))
    assert sum(each.body["added"] for each in told) == 50
    assert {each.status for each in told} == {200, 201}
    assert await count(charges) == 50


async def test_batches_that_overlap_crosswise_all_come_through(seller: SellerSystem, count: Count) -> None:
    names = [f"c{number}" for number in range(40)]
    told = await asyncio.gather(
        *(
            seller.charge(several(*(names if turn % 2 else names[::-1])[turn : turn + 30]))
            for turn in range(8)
        )
    )
    assert all(each.status in (200, 201) for each in told)
    assert await count(charges) == sum(each.body["added"] for each in told)


async def test_a_full_batch_is_one_bounded_unit(seller: SellerSystem, count: Count) -> None:
    body = several(*(f"call-{number}" for number in range(500)))
    assert (await seller.charge(body)).body == {"added": 500, "repeated": 0}
    assert await count(charges) == 500


async def test_a_repeat_by_its_key(seller: SellerSystem) -> None:
    first = await seller.charge(ONE, Idempotency_Key="k")
    again = await seller.charge(ONE, Idempotency_Key="k")
    assert (again.status, again.body) == (first.status, first.body) == (201, {"added": 1, "repeated": 0})
    other = await seller.charge(ONE | {"reference": "call-2"}, Idempotency_Key="k")
    assert other.problem == "key-reused"
