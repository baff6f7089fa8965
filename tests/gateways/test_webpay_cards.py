"""Bound cards at WEBPAY: bound with a payment, charged, let go, and what is believed of them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import ChargeRequest, Charging, LinkRequest, RefundCall
from bot.gateways.webpay.cards import charge, customer_of, unbinding
from bot.gateways.webpay.charging import NEVER_CREATED_AFTER
from bot.gateways.webpay.gateway import WebPay
from bot.gateways.webpay.shapes import fits
from sandbox.cards import Behaviour
from tests.gateways.charging_contract import ChargingContract
from tests.gateways.contract import asked, proven
from tests.gateways.scripted import Scripted
from tests.gateways.webpay_street import PRICE, WebPayStreet
from tests.gateways.webpay_wire import BOUND, CARD, NUMBER, REFERENCE, SECRET, notification, sent, shop

TOKEN = "k42:929900001"
LONG_AGO = NEVER_CREATED_AFTER + timedelta(minutes=1)


def charging(token: str = TOKEN, **more: object) -> ChargeRequest:
    request = ChargeRequest(new_reference(), "webpay", token, PRICE, "Line", "ru", email="anna@example.org")
    return replace(request, **more)  # type: ignore[arg-type]  # one field at a time


def saving(reference: str = "") -> LinkRequest:
    return replace(asked(PRICE, reference, method="webpay"), saves_card=True)


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


@pytest.fixture
async def street() -> AsyncIterator[WebPayStreet]:
    async with WebPayStreet(recurring=True, act_timeout=0.5) as street:
        yield street


async def charged(street: WebPayStreet, token: str) -> Paid | Refused | Unfinished:
    return await street.gateway.charge(charging(token, notify_url=street.notify_url))


def test_customer_follows_from_the_payment_and_has_its_shape() -> None:
    assert customer_of(REFERENCE) == customer_of(REFERENCE) != customer_of(new_reference())
    assert all(fits("customer_id", customer_of(new_reference())) for _ in range(100))


async def test_binding_adds_its_fields_to_the_signature() -> None:
    gateway = WebPay(shop(recurring=True, test=True))
    form = (await gateway.create_link(saving(REFERENCE))).form
    customer = customer_of(REFERENCE)
    base = f"{form['wsb_seed']}11111111{customer}{NUMBER}0BYN99.00recurring_bind{SECRET}"
    assert (form["wsb_signature"], form["wsb_test"]) == (sha1(base), "0")
    await gateway.close()


async def test_shop_that_may_not_bind_asks_for_a_plain_payment() -> None:
    gateway = WebPay(shop())
    form = (await gateway.create_link(saving(REFERENCE))).form
    assert "wsb_operation_type" not in form
    await gateway.close()


def test_charge_is_signed_with_customer_and_token() -> None:
    fields = charge(charging(reference=REFERENCE), shop())
    base = f"{fields['wsb_seed']}11111111k42{NUMBER}0BYN99.00recurring_pay929900001{SECRET}"
    assert fields["wsb_signature"] == sha1(base)


def test_unbinding_is_signed_without_a_sum() -> None:
    fields = unbinding(TOKEN, shop())
    base = f"{fields['wsb_seed']}11111111k42recurring_unbind929900001{SECRET}"
    assert fields["wsb_signature"] == sha1(base)


@pytest.mark.parametrize("token", ["", "929900001", "42:1", "k42x:1", "k42:", "k42:1-2", "k42:1:2"])
def test_card_of_another_shape_is_not_signed(token: str) -> None:
    with pytest.raises(ProviderRefused):
        unbinding(token, shop())


async def test_card_is_kept_where_the_notification_says_so(street: WebPayStreet) -> None:
    card = await street.saved_card()
    customer, _, number = card.token.partition(":")
    assert fits("customer_id", customer)
    assert number.isdigit()
    assert (card.masked, card.page_token) == ("•••• 0051", "")
    assert card.expires_on is not None
    assert card.expires_on > date.today()  # noqa: DTZ011 (a day of the far future)


async def test_plain_payment_and_a_refused_one_keep_nothing(street: WebPayStreet) -> None:
    link = await street.gateway.create_link(asked(PRICE, method="webpay"))
    plain = await street.gateway.read_callback(await street.pay(link))
    assert isinstance(plain, Paid)
    assert plain.card_on_file is None
    await street.fault(declines="notified")
    link = await street.gateway.create_link(saving())
    assert isinstance(await street.gateway.read_callback(await street.pay(link, "no_funds")), Refused)


@pytest.mark.parametrize(
    ("signed", "changes"),
    [
        ((), BOUND | {"customer_id": customer_of(REFERENCE)}),
        (tuple(BOUND), BOUND),
        (
            tuple(BOUND)[:3],
            BOUND | {"customer_id": customer_of(REFERENCE), "operation_type": "recurring_pay"},
        ),
    ],
)
async def test_card_that_is_unsigned_anothers_or_only_charged_is_not_kept(
    street: WebPayStreet, signed: tuple[str, ...], changes: dict[str, str]
) -> None:
    told = await street.gateway.read_callback(notification(*signed, **changes))
    assert isinstance(told, Paid)
    assert told.card_on_file is None


async def test_card_without_mask_or_last_day_is_kept_all_the_same(street: WebPayStreet) -> None:
    signed = tuple(BOUND)[:3]
    told = await street.gateway.read_callback(
        notification(*signed, **CARD, **BOUND | {"customer_id": customer_of(REFERENCE)})
    )
    assert isinstance(told, Paid)
    assert told.card_on_file == CardOnFile(f"{customer_of(REFERENCE)}:929900001")


async def test_answer_and_notification_of_a_charge_are_one_movement(street: WebPayStreet) -> None:
    assert isinstance(street.gateway, Charging)
    card = await street.saved_card()
    answer = await charged(street, card.token)
    assert isinstance(answer, Paid)
    told = await proven(street.gateway, await street.heard({"id": answer.movement, "kind": 10}))
    assert isinstance(told, Paid)
    asked_after = await street.gateway.ask_charge("", answer.reference, now())
    assert isinstance(asked_after, Paid)
    assert answer.identity == told.identity == asked_after.identity
    assert answer.amount == told.amount == asked_after.amount == PRICE
    assert answer.reference == told.reference == asked_after.reference
    assert (answer.proof, answer.card_on_file, told.card_on_file) == (told.proof, None, None)


async def test_decline_says_what_is_known_of_it(street: WebPayStreet) -> None:
    card = await street.saved_card(Behaviour.NO_FUNDS_TWICE)
    first = await charged(street, card.token)
    assert isinstance(first, Refused)
    assert (first.reason, first.code) == (Refusal.NO_FUNDS, "W0545")
    asked_after = await street.gateway.ask_charge("", first.reference, now())
    assert isinstance(asked_after, Refused)
    assert asked_after.reason is Refusal.NO_FUNDS
    assert isinstance(await charged(street, card.token), Refused)
    assert isinstance(await charged(street, card.token), Paid)
    revoked = await charged(street, (await street.saved_card(Behaviour.REVOKED)).token)
    assert isinstance(revoked, Refused)
    assert revoked.reason is Refusal.OTHER


async def test_unheard_of_charge_is_over_only_after_a_while(street: WebPayStreet) -> None:
    reference = new_reference()
    for since in (None, now(), now() - NEVER_CREATED_AFTER + timedelta(minutes=1)):
        assert isinstance(await street.gateway.ask_charge("", reference, since), Unfinished)
    never = await street.gateway.ask_charge("", reference, now() - LONG_AGO)
    assert isinstance(never, Refused)
    assert never.code == NEVER_CREATED


async def test_without_a_back_office_silence_stays_silence(street: WebPayStreet) -> None:
    gateway = street.another(cabinet_username="", cabinet_password=None, bank=None)
    request = charging()
    told = await gateway.ask_charge("", request.reference, now() - timedelta(days=40))
    assert told == Unfinished("webpay", request.reference)
    await gateway.close()


async def test_card_that_was_let_go_is_charged_no_more(street: WebPayStreet) -> None:
    card = await street.saved_card()
    for _ in range(2):
        await street.gateway.unlink(card.token)
    assert isinstance(await charged(street, card.token), Refused)
    told = await street.gateway.read_callback(await street.heard_of_unbinding())
    assert isinstance(told, Hint)
    assert not told.final


@pytest.mark.parametrize(
    "changes", [{"wsb_signature": "0" * 32}, {"recurring_token": "1-1"}, {"transaction_id": "777000111"}]
)
async def test_forged_word_of_an_unbinding_is_not_believed(
    street: WebPayStreet, changes: dict[str, str]
) -> None:
    card = await street.saved_card()
    await street.gateway.unlink(card.token)
    genuine = await street.heard_of_unbinding()
    fields = dict(parse_qsl(genuine.body.decode(), keep_blank_values=True))
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(sent(fields | changes))


@pytest.mark.parametrize(
    ("answer", "status", "expected"),
    [
        (b"<html>", 200, OutcomeUnknown),
        ([], 200, OutcomeUnknown),
        ({}, 200, OutcomeUnknown),
        ({"rc": "W0000"}, 200, OutcomeUnknown),
        ({"payment_type": "10"}, 200, OutcomeUnknown),
        ({"payment_type": "10", "transaction_id": "../1"}, 200, OutcomeUnknown),
        ({"payment_type": "99", "transaction_id": "777000111"}, 200, OutcomeUnknown),
        ({"payment_type": "10", "transaction_id": "777000111", "amount": "-1.00"}, 200, OutcomeUnknown),
        ({"payment_type": "10", "transaction_id": "777000111", "site_order_id": "K-1"}, 200, OutcomeUnknown),
        ({"rc": "W0001"}, 500, OutcomeUnknown),
        ({"rc": "W0001"}, 400, OutcomeUnknown),
        ({"rc": "W0001"}, 403, ProviderRefused),
        ({}, 429, ProviderUnavailable),
    ],
)
async def test_only_a_clear_answer_to_a_charge_is_believed(
    answer: object, status: int, expected: type[Exception]
) -> None:
    async with Scripted(answer, status=status) as provider:
        gateway = WebPay(shop(recurring=True, payment_url=provider.base))
        with pytest.raises(expected):
            await gateway.charge(charging())
        await gateway.close()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"payment_type": 10, "transaction_id": 777000111}, Paid),
        ({"data": {"payment_type": "10", "transaction_id": "777000111", "amount": 99.00}}, Paid),
        ({"payment_type": "4", "transaction_id": "777000111"}, Unfinished),
        ({"payment_type": "2", "transaction_id": "777000111", "rc": "W0545"}, Refused),
        ({"rc": "W0545"}, Refused),
    ],
)
async def test_answer_may_be_written_in_several_ways(answer: object, expected: type) -> None:
    async with Scripted(answer) as provider:
        gateway = WebPay(shop(recurring=True, payment_url=provider.base))
        told = await gateway.charge(charging())
        assert isinstance(told, expected)
        assert isinstance(told, Unfinished) or told.provider_payment in ("777000111", "")
        await gateway.close()


@pytest.mark.parametrize(
    ("bank", "call"),
    [("priorbank", "Cancel"), ("dabrabyt", "Cancel"), ("mtbank", "Refund"), ("sber", "Refund")],
)
async def test_bank_decides_how_a_recurrent_payment_is_given_back(bank: str, call: str) -> None:
    async with WebPayStreet(bank=bank, recurring=True) as street:
        money = await charged(street, (await street.saved_card()).token)
        back = RefundCall("attempt-1", money.provider_payment, PRICE, "asked for it", sent_at=now())
        assert isinstance(await street.gateway.refund(back), Refunded)
        assert (await street.calls())[-1] == f"urn:WSBApi#Transaction{call}"


async def test_wrong_key_is_a_fault_of_ours(street: WebPayStreet) -> None:
    card, stranger = await street.saved_card(), street.another(secret_key="of another shop")
    for call in (stranger.charge(charging(card.token)), stranger.unlink(card.token)):
        with pytest.raises(ProviderRefused):
            await call
    await stranger.close()


class TestWebPayCharges(ChargingContract):
    """Of its reasons one alone is public."""

    method = "webpay"
    price = PRICE
    tells_reasons = False


async def test_asking_says_that_the_card_is_told_of_elsewhere(street: WebPayStreet) -> None:
    request = saving()
    await street.pay(await street.gateway.create_link(request))
    told = await street.gateway.ask("", request.reference, now())
    assert isinstance(told, Paid)
    assert (told.card_on_file, told.card_follows) == (None, True)
