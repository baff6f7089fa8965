"""Cards that YooKassa keeps, and charges by them, over real HTTP: good days, and every bad one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.autopays import DeclineGroup, decline_group
from bot.domain.errors import OutcomeUnknown, ProviderError, ProviderRefused, ProviderUnavailable
from bot.domain.events import Paid, Refused, Unfinished
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import Item
from tests.gateways.charging_contract import ChargingContract, charge_of
from tests.gateways.contract import PRICE, asked
from tests.gateways.scripted import Scripted
from tests.gateways.yookassa_street import YooKassaStreet, opened

CARD = "yookassa_card"
ERROR = {"type": "error", "id": "e-1", "code": "c", "description": "d", "parameter": "p", "retry_after": 1500}


@pytest.fixture
async def street() -> AsyncIterator[YooKassaStreet]:
    async with YooKassaStreet(recurring=True, act_timeout=1) as street:
        yield street


class TestYooKassaCharges(ChargingContract):
    method = CARD


@pytest.mark.parametrize("mishap", ["500", "502 page", "hang", "reset", "acted, answer lost"])
async def test_trouble_after_sending_leaves_a_charge_unknown(street: YooKassaStreet, mishap: str) -> None:
    card = await street.saved_card()
    await street.fault(api=mishap)
    request, sent = charge_of(card, CARD), len(street.bodies)
    with pytest.raises(OutcomeUnknown):
        await street.gateway.charge(request)
    assert len(street.bodies) - sent <= 1
    await street.fault(api="ok")
    told = await street.gateway.ask_charge("", request.reference, now())
    assert isinstance(told, Paid if mishap == "acted, answer lost" else Unfinished)


async def test_cut_answer_is_never_fetched_by_a_second_charge(street: YooKassaStreet) -> None:
    request = charge_of(await street.saved_card(), CARD)
    sent, street.lost = len(street.bodies), 1
    with pytest.raises(OutcomeUnknown):
        await street.gateway.charge(request)
    assert len(street.bodies) == sent + 1
    assert isinstance(await street.gateway.ask_charge("", request.reference, now()), Paid)


async def test_too_many_charges_are_sent_away_and_take_nothing(street: YooKassaStreet) -> None:
    card = await street.saved_card()
    await street.fault(rate="2 a second")
    requests = [charge_of(card, CARD) for _ in range(3)]
    with pytest.raises(ProviderUnavailable) as sent_away:
        for request in requests:
            await street.gateway.charge(request)
    assert sent_away.value.retry_after == 1.5
    await street.fault(rate="any number")
    assert await street.taken(requests[-1].reference) == []
    assert isinstance(await street.gateway.charge(requests[-1]), Paid)


async def test_charge_that_found_a_closed_port_was_never_made(street: YooKassaStreet) -> None:
    card = await street.saved_card()
    await street.shut()
    with pytest.raises(ProviderUnavailable):
        await street.gateway.charge(charge_of(card, CARD))


async def test_shop_that_lost_its_permission_is_our_fault_not_the_cards(street: YooKassaStreet) -> None:
    card = await street.saved_card()
    await street.fault(saving="forbidden")
    with pytest.raises(ProviderRefused, match="ask YooKassa's manager"):
        await street.gateway.charge(charge_of(card, CARD))


async def test_card_that_this_shop_never_kept_takes_nothing(street: YooKassaStreet) -> None:
    with pytest.raises(ProviderRefused, match="payment_method_id"):
        await street.gateway.charge(charge_of(CardOnFile(KNOWN_AS), CARD))


async def test_reference_charged_before_with_another_title_is_found_again(street: YooKassaStreet) -> None:
    request = charge_of(await street.saved_card(), CARD)
    first = await street.gateway.charge(request)
    assert await street.gateway.charge(replace(request, title="another", language="en")) == first
    with pytest.raises(OutcomeUnknown):
        await street.gateway.charge(replace(request, amount=PRICE * 2))
    assert await street.taken(request.reference) == [PRICE]


async def test_charge_is_found_among_many_and_beside_clocks_that_differ() -> None:
    async with YooKassaStreet(recurring=True, act_timeout=30) as street:
        card = await street.saved_card()
        request = charge_of(card, CARD)
        await street.gateway.charge(request)
        await asyncio.gather(*(street.gateway.charge(charge_of(card, CARD)) for _ in range(101)))
        for off in (timedelta(), timedelta(minutes=-9), timedelta(minutes=9)):
            assert isinstance(await street.gateway.ask_charge("", request.reference, now() + off), Paid)


async def test_charge_not_found_is_no_proof_without_knowing_when_it_was_sent(street: YooKassaStreet) -> None:
    assert isinstance(await street.gateway.ask_charge("", new_reference()), Unfinished)


@pytest.mark.parametrize("receipts", ["yookassa", "register"])
async def test_each_charge_brings_its_own_receipt(receipts: str) -> None:
    async with YooKassaStreet(receipts, recurring=True) as street:
        items, mail = (Item("WhatsApp", PRICE),), "anna@example.org"
        page = replace(asked(items=items, email=mail), saves_card=True)
        link = await street.gateway.create_link(page)
        await street.pay(link)
        paid = await street.gateway.ask(link.provider_payment, page.reference)
        assert isinstance(paid, Paid)
        assert paid.card_on_file is not None
        request = charge_of(paid.card_on_file, CARD)
        with pytest.raises(ProviderRefused, match="receipt"):
            await street.gateway.charge(request)
        assert isinstance(await street.gateway.charge(replace(request, items=items, email=mail)), Paid)
        assert street.bodies[-1]["receipt"]["customer"] == {"email": mail}


async def test_card_has_expired_once_the_month_on_it_is_over(street: YooKassaStreet) -> None:
    card = await street.saved_card()
    assert card.expires_on == date(2030, 12, 31)
    await street.control("clock", advance_seconds=int(timedelta(days=6 * 365).total_seconds()))
    refused = await street.gateway.charge(charge_of(card, CARD))
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.CARD_EXPIRED


@pytest.mark.parametrize("method", ["yookassa_sbp", "yookassa_sberpay", "yookassa_tpay", "yookassa_yoomoney"])
async def test_what_is_no_card_is_charged_but_opens_no_page(street: YooKassaStreet, method: str) -> None:
    card = await street.saved_card(method=method)
    assert (card.page_token, card.masked, card.expires_on) == ("", "", None)
    assert isinstance(await street.gateway.charge(charge_of(card, method)), Paid)


KNOWN_AS = "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f"
PENDING = {"id": KNOWN_AS, "status": "pending", "metadata": {"kassir": "ours"}}
SUCCEEDED = PENDING | {"status": "succeeded", "amount": {"value": "990.00", "currency": "RUB"}}


async def charged_at(answer: object, status: int = 200) -> Paid | Refused | Unfinished:
    async with Scripted(answer, status=status) as scripted, opened(scripted.base, recurring=True) as gateway:
        request = charge_of(CardOnFile("t"), CARD, reference="ours")
        told = await gateway.charge(request)
        assert scripted.requests[0].headers["Idempotence-Key"] == "ours"
        return told


async def test_charge_without_an_end_yet_is_known_by_its_id() -> None:
    assert await charged_at(PENDING) == Unfinished("yookassa", "ours", KNOWN_AS)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        PENDING | {"id": None},
        SUCCEEDED | {"amount": None},
        SUCCEEDED | {"metadata": {"kassir": "another"}},
        SUCCEEDED | {"metadata": {}},
        SUCCEEDED | {"recipient": {"account_id": "999"}},
    ],
)
async def test_strange_answer_to_a_charge_settles_nothing(answer: object) -> None:
    with pytest.raises(OutcomeUnknown):
        await charged_at(answer)


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (202, {"type": "processing"}, OutcomeUnknown),
        (302, {}, OutcomeUnknown),
        (400, ERROR, ProviderRefused),
        (401, ERROR, ProviderRefused),
        (403, ERROR, ProviderRefused),
        (404, ERROR, ProviderRefused),
        (403, b"<html>", OutcomeUnknown),
        (408, ERROR, OutcomeUnknown),
        (409, ERROR, OutcomeUnknown),
        (429, ERROR, ProviderUnavailable),
        (500, ERROR, OutcomeUnknown),
        (503, b"", OutcomeUnknown),
    ],
)
async def test_each_status_of_a_charge_is_told_apart(
    status: int, answer: object, error: type[ProviderError]
) -> None:
    with pytest.raises(ProviderError) as trouble:
        await charged_at(answer, status)
    assert isinstance(trouble.value, error)


async def test_test_shops_pretence_at_a_live_one_is_marked() -> None:
    paid = await charged_at(SUCCEEDED | {"test": True})
    assert isinstance(paid, Paid)
    assert paid.test


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("insufficient_funds", DeclineGroup.SOFT),
        ("payment_method_limit_exceeded", DeclineGroup.SOFT),
        ("issuer_unavailable", DeclineGroup.SOFT),
        ("internal_timeout", DeclineGroup.SOFT),
        ("call_issuer", DeclineGroup.SOFT),
        ("general_decline", DeclineGroup.SOFT),
        ("brand_new_word", DeclineGroup.SOFT),
        ("card_expired", DeclineGroup.HARD),
        ("payment_method_restricted", DeclineGroup.HARD),
        ("fraud_suspected", DeclineGroup.HARD),
        ("invalid_card_number", DeclineGroup.HARD),
        ("country_forbidden", DeclineGroup.HARD),
        ("permission_revoked", DeclineGroup.REVOKED),
    ],
)
async def test_refused_charge_says_whether_another_may_follow(code: str, group: DeclineGroup) -> None:
    refused = await charged_at(PENDING | {"status": "canceled", "cancellation_details": {"reason": code}})
    assert isinstance(refused, Refused)
    assert (decline_group(refused.reason), refused.code) == (group, code)
