"""Instalments over the API, and as their customer sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.money import Money
from bot.services.house import House
from tests.listener.api_door import SellerSystem, opened
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP

PHONE: dict[str, Any] = {
    "connector": LINE,
    "title": "IP phone",
    "currency": "RUB",
    "total": "12000.00",
    "paid": "3000",
    "next_on": "2026-12-10",
    "next_amount": "1000.00",
}


@pytest.fixture
async def seller(house: House, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    async with opened(house, catalogue) as system:
        yield system


async def test_what_is_told_last_counts(seller: SellerSystem, house: House) -> None:
    told = await seller.ask("PUT", "/instalments/phone-1", json=PHONE)
    assert (told.status, told.body["left"]) == (201, "9000.00")
    again = await seller.ask(
        "PUT",
        "/instalments/phone-1",
        json=PHONE | {"paid": "12000.00", "next_on": None} | {"next_amount": None},
    )
    assert (again.status, again.body["left"], again.body["next_on"]) == (200, "0.00", None)
    assert len((await house.instalments.of_customer(ANNA)).items) == 1


async def test_its_customer_sees_what_is_left_and_when(seller: SellerSystem, house: House) -> None:
    await seller.ask("PUT", "/instalments/a%2F2", json=PHONE | {"next_on": "2027-01-10"})
    await seller.ask("PUT", "/instalments/first", json=PHONE | {"connector": WHATSAPP})
    found = (await house.instalments.of_customer(ANNA)).items
    assert [each.id for each in found] == ["first", "a/2"]
    assert (found[0].left, found[0].next_on) == (Money(900000, "RUB"), date(2026, 12, 10))
    assert [each.id for each in (await house.instalments.of_customer(ANNA, LINE)).items] == ["a/2"]
    assert (await house.instalments.of_customer(BOB)).items == []


async def test_a_forgotten_one_is_gone(seller: SellerSystem, house: House) -> None:
    await seller.ask("PUT", "/instalments/phone-1", json=PHONE)
    assert (await seller.ask("DELETE", "/instalments/phone-1")).status == 204
    assert (await seller.ask("DELETE", "/instalments/phone-1")).problem == "not-found"
    assert (await house.instalments.of_customer(ANNA)).total == 0


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"paid": "12000.01"}, "/paid"),
        ({"connector": "nothing"}, "/connector"),
        ({"next_on": "2026-02-30"}, "/next_on"),
        ({"next_on": None}, "/next_on"),
        ({"total": "-1"}, "/total"),
        ({"currency": "XTR"}, "/currency"),
        ({"title": ""}, "/title"),
        ({"surprise": 1}, "/surprise"),
    ],
)
async def test_nonsense_is_named(seller: SellerSystem, wrong: dict[str, Any], pointer: str) -> None:
    told = await seller.ask("PUT", "/instalments/phone-1", json=PHONE | wrong)
    assert (told.status, told.problem) == (422, "invalid")
    assert [each["pointer"] for each in told.body["errors"]] == [pointer]


async def test_an_id_of_another_shape_is_no_id(seller: SellerSystem) -> None:
    assert (await seller.ask("PUT", "/instalments/a%20b", json=PHONE)).problem == "invalid"
    assert (await seller.ask("DELETE", "/instalments/a%20b")).problem == "not-found"
