"""Paying at YooKassa's page with a card to be kept, or with the one that is: over real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession

from bot.domain.errors import ProviderRefused
from bot.domain.events import Paid, Refused, Unfinished
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import LinkRequest
from bot.gateways.yookassa.answers import card_on_file, link
from bot.gateways.yookassa.requests import charge_body, payment_body
from sandbox.cards import Behaviour
from tests.gateways.charging_contract import charge_of
from tests.gateways.contract import PRICE, asked
from tests.gateways.scripted import Scripted
from tests.gateways.yookassa_street import YooKassaStreet, opened, shop_settings

CARD = "yookassa_card"
OFF = shop_settings("http://127.0.0.1:1")
TOKEN = "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f"
FORBIDDEN = {"type": "error", "id": "e", "code": "forbidden", "description": "This store can't make …"}
METHOD = {
    "type": "bank_card",
    "id": TOKEN,
    "saved": True,
    "status": "active",
    "card": {"last4": "4477", "expiry_year": "2028", "expiry_month": "02", "card_type": "Mir"},
}


@pytest.fixture
async def street() -> AsyncIterator[YooKassaStreet]:
    async with YooKassaStreet(recurring=True) as street:
        yield street


def saving(method: str = CARD) -> LinkRequest:
    return replace(asked(method=method), saves_card=True)


def with_card(card: CardOnFile) -> LinkRequest:
    return replace(asked(method=CARD), page_token=card.page_token)


async def code_typed(street: YooKassaStreet, known_as: str, code: str = "1234") -> None:
    async with ClientSession(street.base) as payer:
        await payer.post(f"/pay/{known_as}/code", data={"code": code}, allow_redirects=False)


def test_body_says_whether_the_card_is_kept() -> None:
    assert payment_body(asked(), OFF)["save_payment_method"] is False
    body = payment_body(saving(), OFF)
    assert (body["save_payment_method"], body["payment_method_data"]) == (True, {"type": "bank_card"})
    assert "enforce" not in body["confirmation"]


def test_body_with_the_card_on_file_insists_that_its_owner_is_asked() -> None:
    body = payment_body(replace(asked(method=CARD), page_token=TOKEN, saves_card=True), OFF)
    assert (body["payment_method_id"], body["confirmation"]["enforce"]) == (TOKEN, True)
    assert not {"payment_method_data", "save_payment_method"} & set(body)


def test_body_of_a_charge_has_no_page() -> None:
    request = charge_of(CardOnFile(TOKEN), CARD, reference="ref")
    assert charge_body(request, OFF) == {
        "amount": {"value": "990.00", "currency": "RUB"},
        "capture": True,
        "description": "WhatsApp +7 900, 1 month",
        "metadata": {"kassir": "ref"},
        "payment_method_id": TOKEN,
    }


def test_buttons_keep_cards_only_where_yookassa_may() -> None:
    assert not [each for each in OFF.offered() if each.saves_cards]
    kept = [
        each.name
        for each in shop_settings("http://127.0.0.1:1", recurring=True).offered()
        if each.saves_cards
    ]
    assert kept == [
        "yookassa",
        CARD,
        "yookassa_sbp",
        "yookassa_sberpay",
        "yookassa_tpay",
        "yookassa_yoomoney",
    ]


def test_secret_of_a_card_is_not_shown() -> None:
    assert TOKEN not in repr((card_on_file(METHOD), with_card(CardOnFile(TOKEN, TOKEN))))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, CardOnFile(TOKEN, TOKEN, "•••• 4477", date(2028, 2, 29))),
        ({"status": None}, CardOnFile(TOKEN, TOKEN, "•••• 4477", date(2028, 2, 29))),
        ({"saved": False}, None),
        ({"saved": None}, None),
        ({"saved": "true"}, None),
        ({"status": "inactive"}, None),
        ({"id": ""}, None),
        ({"id": None}, None),
        ({"id": "x" * 65}, None),
        ({"id": "a\u0000b"}, None),
        ({"type": "sbp", "card": None}, CardOnFile(TOKEN)),
        ({"card": {"last4": "٤٤٧٧"}}, CardOnFile(TOKEN, TOKEN)),
        ({"card": {"last4": "44771"}}, CardOnFile(TOKEN, TOKEN)),
        ({"card": {"expiry_month": "13", "expiry_year": "2028"}}, CardOnFile(TOKEN, TOKEN)),
        ({"card": {"expiry_month": "0", "expiry_year": "2028"}}, CardOnFile(TOKEN, TOKEN)),
        ({"card": {"expiry_month": "1", "expiry_year": "28"}}, CardOnFile(TOKEN, TOKEN)),
        ({"card": {"expiry_month": 1, "expiry_year": 2028}}, CardOnFile(TOKEN, TOKEN)),
        ({"card": "Mir"}, CardOnFile(TOKEN, TOKEN)),
    ],
)  # fmt: skip
def test_card_is_on_file_only_where_yookassa_says_so(
    change: dict[str, Any], expected: CardOnFile | None
) -> None:
    assert card_on_file(METHOD | change) == expected


async def test_kept_card_is_told_by_the_notification_and_by_asking(street: YooKassaStreet) -> None:
    request = saving()
    page = await street.gateway.create_link(request)
    told = await street.gateway.ask_hint(await street.hint(await street.pay(page)))
    assert isinstance(told, Paid)
    assert told.card_on_file is not None
    assert told.card_on_file.masked == "•••• 2987"
    asked_after = await street.gateway.ask(page.provider_payment, request.reference)
    assert isinstance(asked_after, Paid)
    assert asked_after.card_on_file == told.card_on_file


async def test_refused_payment_keeps_no_card(street: YooKassaStreet) -> None:
    page = await street.gateway.create_link(saving())
    await street.refuse(page)
    async with ClientSession(street.base) as cabinet, cabinet.get("/control/cards") as kept:
        assert await kept.json() == []


async def test_card_on_file_pays_once_its_owner_has_typed_the_code(street: YooKassaStreet) -> None:
    card = await street.saved_card()
    request = with_card(card)
    page = await street.gateway.create_link(request)
    assert isinstance(await street.gateway.ask(page.provider_payment, request.reference), Unfinished)
    await code_typed(street, page.provider_payment)
    paid = await street.gateway.ask(page.provider_payment, request.reference)
    assert isinstance(paid, Paid)
    assert paid.card_on_file == card


async def test_card_whose_owner_cannot_answer_the_bank_pays_nothing(street: YooKassaStreet) -> None:
    request = with_card(await street.saved_card())
    page = await street.gateway.create_link(request)
    for _ in range(3):
        await code_typed(street, page.provider_payment, "0000")
    refused = await street.gateway.ask(page.provider_payment, request.reference)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.NOT_CONFIRMED


async def test_card_taken_back_at_the_bank_is_refused_at_the_page_too(street: YooKassaStreet) -> None:
    request = with_card(await street.saved_card(Behaviour.REVOKED))
    page = await street.gateway.create_link(request)
    await code_typed(street, page.provider_payment)
    refused = await street.gateway.ask(page.provider_payment, request.reference)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.CARD_REMOVED


@pytest.mark.parametrize("request_of", [saving, lambda: replace(asked(method=CARD), page_token=TOKEN)])
async def test_shop_that_may_keep_no_cards_is_paid_all_the_same(
    street: YooKassaStreet, request_of: Any
) -> None:
    await street.fault(saving="forbidden")
    request = request_of()
    with structlog.testing.capture_logs() as lines:
        first = await street.gateway.create_link(request)
    assert "yookassa.cannot_save" in [line["event"] for line in lines]
    assert await street.gateway.create_link(request) == first
    assert len(await street.payments()) == 1
    await street.pay(first)
    paid = await street.gateway.ask(first.provider_payment, request.reference)
    assert isinstance(paid, Paid)
    assert (paid.reference, paid.card_on_file) == (request.reference, None)


async def test_card_that_yookassa_does_not_know_gives_way_to_a_plain_page(street: YooKassaStreet) -> None:
    request = replace(asked(method=CARD), page_token=TOKEN)
    page = await street.gateway.create_link(request)
    await street.pay(page)
    assert isinstance(await street.gateway.ask(page.provider_payment, request.reference), Paid)


async def test_answer_lost_on_the_way_to_a_plain_page_is_fetched_again(street: YooKassaStreet) -> None:
    await street.fault(saving="forbidden")
    request = saving()
    first = await street.gateway.create_link(request)
    street.lost = 1
    assert await street.gateway.create_link(request) == first
    assert len(await street.payments()) == 1


async def test_fallback_has_a_key_of_its_own_that_the_manual_allows() -> None:
    request = saving()
    async with Scripted(FORBIDDEN, status=403) as scripted, opened(scripted.base) as gateway:
        with pytest.raises(ProviderRefused):
            await gateway.create_link(request)
        keys = [each.headers["Idempotence-Key"] for each in scripted.requests]
    assert keys == [request.reference, f"{request.reference}-plain"]
    assert max(map(len, keys)) <= 64


async def test_what_is_forbidden_without_saving_is_not_tried_twice() -> None:
    async with Scripted(FORBIDDEN, status=403) as scripted, opened(scripted.base) as gateway:
        with pytest.raises(ProviderRefused):
            await gateway.create_link(asked(method=CARD))
        assert len(scripted.requests) == 1


def test_payment_that_needed_no_page_leads_back_to_us() -> None:
    told = link({"id": TOKEN, "status": "succeeded"}, "https://pay.example.org/return/abc")
    assert (told.url, told.provider_payment) == ("https://pay.example.org/return/abc", TOKEN)


async def test_sum_on_the_page_is_the_one_asked_for(street: YooKassaStreet) -> None:
    card = await street.saved_card()
    page = await street.gateway.create_link(with_card(card))
    async with ClientSession(street.base) as payer, payer.get(page.url) as answer:
        shown = await answer.text()
    assert "990,00" in shown
    assert card.masked[-4:] in shown
    assert PRICE.minor == 99000
