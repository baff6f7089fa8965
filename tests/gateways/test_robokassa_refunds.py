"""Refunds go out once and are asked after by their number; second receipts say what a prepayment went for."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Refunded
from bot.domain.money import Money
from bot.domain.references import new_reference
from bot.gateways.base import Item, Link, OffsetRequest, RefundCall, RefundRefused, RefundUnfinished
from bot.gateways.robokassa.numbers import number_of
from bot.gateways.robokassa.receipts import offset_receipt
from bot.gateways.robokassa.signatures import Signer
from bot.gateways.robokassa.writing import compact, fiscal_token, jwt
from tests.gateways.contract import PRICE, asked
from tests.gateways.robokassa_street import RobokassaStreet, shop_settings

PART = Money(10000, "RUB")
MAIL = "anna@example.org"


@pytest.fixture
async def street() -> AsyncIterator[RobokassaStreet]:
    async with RobokassaStreet() as street:
        yield street


async def paid(street: RobokassaStreet) -> Link:
    lines = (Item("WhatsApp", PRICE, vat="22"),)
    link = await street.gateway.create_link(asked(method="robokassa", items=lines, email=MAIL))
    await street.pay(link)
    return link


def back(link: Link, amount: Money = PRICE) -> RefundCall:
    return RefundCall(new_reference(), link.provider_payment, amount, "changed their mind")


def test_refund_token_is_the_worked_example() -> None:
    payload = compact({"OpKey": "OPKEY-1", "RefundSum": Decimal("150.0")})
    assert payload == '{"OpKey":"OPKEY-1","RefundSum":150.0}'
    assert jwt(payload, "p3_Secret").split(".")[2] == "yjpAA62GX5zT9pl26fbAyQ5PBoIFddtkQ9D8k0zU1do"


def test_exact_json_knows_no_float() -> None:
    written = compact({"a": [Decimal("1E+2"), Decimal("0.10"), 7, None, True], "я": '"\n'})
    assert written == '{"a":[100,0.10,7,null,true],"я":"\\"\\n"}'
    assert json.loads(written)["a"] == [100, 0.1, 7, None, True]


async def test_refund_is_begun_once_and_then_known_by_its_number(street: RobokassaStreet) -> None:
    wanted = back(await paid(street))
    begun = await street.gateway.refund(wanted)
    assert isinstance(begun, RefundUnfinished)
    assert begun.movement
    told = await street.gateway.ask_refund(replace(wanted, movement=begun.movement))
    assert isinstance(told, Refunded)
    assert (told.movement, told.amount, told.attempt) == (begun.movement, PRICE, wanted.reference)
    assert told.provider_payment == wanted.provider_payment


@pytest.mark.parametrize(("ends", "kind"), [("processing", RefundUnfinished), ("canceled", RefundRefused)])
async def test_refund_may_wait_or_be_cancelled(street: RobokassaStreet, ends: str, kind: type) -> None:
    wanted = back(await paid(street))
    await street.fault(refund=ends)
    begun = await street.gateway.refund(wanted)
    assert isinstance(begun, RefundUnfinished)
    assert isinstance(await street.gateway.ask_refund(replace(wanted, movement=begun.movement)), kind)


async def test_refund_whose_answer_was_lost_stays_unknown(street: RobokassaStreet) -> None:
    wanted = back(await paid(street))
    await street.fault(api="acted, answer lost")
    with pytest.raises(OutcomeUnknown):
        await street.gateway.refund(wanted)
    await street.fault(api="ok")
    assert await street.gateway.ask_refund(wanted) == RefundUnfinished(wanted.reference)
    sent = [call for call in await street.seen("calls") if call["path"].endswith("/Create")]
    assert len(sent) == 1


async def test_refund_that_did_not_get_to_its_key_was_not_sent(street: RobokassaStreet) -> None:
    wanted = back(await paid(street))
    await street.fault(api="500")
    with pytest.raises(ProviderUnavailable):
        await street.gateway.refund(wanted)
    assert not [call for call in await street.seen("calls") if call["path"].endswith("/Create")]


async def test_more_than_was_paid_is_refused_in_robokassas_words(street: RobokassaStreet) -> None:
    wanted = back(await paid(street), PRICE * 2)
    assert await street.gateway.refund(wanted) == RefundRefused(wanted.reference, "NotEnoughOperationFunds")


async def test_part_goes_back_with_the_lines_it_takes_back() -> None:
    async with RobokassaStreet(receipts="robokassa") as street:
        wanted = replace(back(await paid(street), PART), items=(Item("WhatsApp", PART, vat="22"),))
        assert isinstance(await street.gateway.refund(wanted), RefundUnfinished)
        with pytest.raises(ProviderRefused):
            await street.gateway.refund(replace(wanted, items=(Item("WhatsApp", PRICE),)))


async def test_refund_of_nothing_we_know_is_refused(street: RobokassaStreet) -> None:
    stranger = RefundCall(new_reference(), number_of(new_reference(), test=False), PRICE, "")
    with pytest.raises(ProviderRefused):
        await street.gateway.refund(stranger)
    with pytest.raises(ProviderRefused, match="PASSWORD3"):
        await street.opened(password3=None).refund(stranger)


async def test_wrong_password_of_refunds_is_named(street: RobokassaStreet) -> None:
    wanted = back(await paid(street))
    shop = street.opened(password3="wrong")
    assert await shop.refund(wanted) == RefundRefused(wanted.reference, "SignatureIsInvalid")


async def test_refund_with_an_unknown_number_is_no_answer(street: RobokassaStreet) -> None:
    wanted = replace(back(await paid(street)), movement="11111111-1111-1111-1111-111111111111")
    with pytest.raises(ProviderUnavailable):
        await street.gateway.ask_refund(wanted)


def used(link: Link, amount: Money = PART) -> OffsetRequest:
    lines = (Item("WhatsApp", amount, vat="22"),)
    return OffsetRequest(new_reference(), link.provider_payment, amount, lines, MAIL, "+7 900 000-00-00")


async def test_use_of_a_prepayment_gets_one_receipt() -> None:
    async with RobokassaStreet(receipts="robokassa", site="https://shop.example.org") as street:
        wanted = used(await paid(street))
        number = await street.gateway.offset_receipt(wanted)
        assert number == number_of(wanted.reference, test=False)
        assert await street.gateway.offset_receipt(wanted) == number
        made = await street.seen("receipts")
        assert made == [{"id": number, "originId": wanted.provider_payment, "total": "100.00"}]


async def test_refused_or_lost_receipt_is_not_taken_for_made() -> None:
    async with RobokassaStreet(receipts="robokassa", site="https://shop.example.org") as street:
        link = await paid(street)
        with pytest.raises(ProviderRefused, match="Operation not found"):
            await street.gateway.offset_receipt(replace(used(link), provider_payment="1741"))
        await street.fault(api="acted, answer lost")
        with pytest.raises(OutcomeUnknown):
            await street.gateway.offset_receipt(used(link))
    with pytest.raises(ProviderRefused):
        await street.opened(receipts="smz").offset_receipt(used(link))
    assert await street.opened(receipts="off").offset_receipt(used(link)) == ""


def test_second_receipt_says_what_the_service_wants() -> None:
    settings = shop_settings(
        "https://auth.robokassa.ru", receipts="robokassa", sno="osn", site="https://s.example"
    )
    wanted = used(Link("", "1001", None))
    body = offset_receipt(wanted, settings)
    number = body.pop("id")
    assert number == number_of(wanted.reference, test=False)
    assert compact(body) == (
        '{"merchantId":"demo-shop","originId":"1001","operation":"sell","sno":"osn",'
        '"url":"https://s.example","total":100.00,"items":[{"name":"WhatsApp","quantity":1,"sum":100.00,'
        '"payment_method":"full_payment","payment_object":"service","tax":"vat22"}],'
        '"client":{"email":"anna@example.org","phone":"79000000000"},"payments":[{"type":2,"sum":100.00}],'
        '"vats":[{"type":"vat22","sum":18.03}]}'
    )


def test_fiscal_token_has_no_padding_and_a_signature_made_of_hex() -> None:
    token = fiscal_token('{"id":"14"}', Signer("MD5"), "p1_Secret")
    payload, _, signature = token.partition(".")
    assert payload == "eyJpZCI6IjE0In0"
    assert "=" not in token
    assert len(signature) == 43
