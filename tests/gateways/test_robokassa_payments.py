"""Links, forms and receipts that Robokassa takes, and what it says of a payment when it is asked."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from bot.domain.errors import BadCallback, ProviderRefused, ProviderUnavailable
from bot.domain.events import EventKind, Hint, Paid, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.gateways.base import Item, Link, LinkRequest
from bot.gateways.bodies import read_xml
from bot.gateways.http import NotUnderstood
from bot.gateways.robokassa.answers import operation
from bot.gateways.robokassa.callbacks import MARK
from bot.gateways.robokassa.numbers import number_of
from bot.gateways.robokassa.receipts import TAXES
from bot.gateways.robokassa.requests import Requests
from bot.gateways.robokassa.signatures import Signer
from bot.gateways.robokassa.writing import moscow, read_moment
from sandbox.robokassa import signatures as theirs
from tests.gateways.contract import PRICE, asked, proven
from tests.gateways.robokassa_street import PASSWORD1, RobokassaStreet, shop_settings

MAIL = "anna@example.org"
ITEM = Item("Доступ на 1 месяц", PRICE, vat="22")
UNTIL = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def request(**more: object) -> LinkRequest:
    return replace(asked(method="robokassa", title="Доступ", items=(ITEM,), email=MAIL), **more)  # type: ignore[arg-type]  # its fields, by name


def requests(**settings: object) -> Requests:
    chosen = shop_settings("https://auth.robokassa.ru", **settings)
    return Requests(chosen, Signer(chosen.hash))


@pytest.fixture
async def street() -> AsyncIterator[RobokassaStreet]:
    async with RobokassaStreet() as street:
        yield street


async def test_link_brings_every_field_as_it_was_signed(street: RobokassaStreet) -> None:
    wanted = request()
    link = await street.gateway.create_link(wanted)
    sent = {name: values[0] for name, values in parse_qs(urlsplit(link.url).query).items()}
    assert not link.form
    assert sent == {
        "MerchantLogin": "demo-shop", "OutSum": "990.00", "Description": "Доступ", "Culture": "ru",
        "InvId": number_of(wanted.reference, test=False), "Encoding": "utf-8", "Email": MAIL,
        MARK: wanted.reference, "ExpirationDate": sent["ExpirationDate"],
        "SignatureValue": theirs.asked("SHA256", sent, PASSWORD1),
    }  # fmt: skip
    assert "990,00" in await street.open(link)


async def test_time_to_pay_is_told_in_moscows_time_with_its_offset(street: RobokassaStreet) -> None:
    assert requests().payment(request(), UNTIL)["ExpirationDate"] == "2026-11-22T12:30:00+03:00"
    link = await street.gateway.create_link(request())
    left = (link.expires_at or now()) - now()
    assert timedelta(minutes=57) < left <= timedelta(minutes=58)


async def test_receipt_is_encoded_once_for_the_signature_and_twice_in_a_link() -> None:
    async with RobokassaStreet(receipts="robokassa", sno="usn_income") as street:
        link = await street.gateway.create_link(request())
        query = urlsplit(link.url).query
        assert "Receipt=%257B%2522sno%2522" in query
        receipt = (
            '{"sno":"usn_income","items":[{"name":"Доступ на 1 месяц","quantity":1,"sum":990.00,'
            '"payment_method":"full_payment","payment_object":"service","tax":"vat22"}]}'
        )
        assert parse_qs(query)["Receipt"] == [quote(receipt, safe="")]
        assert isinstance(await proven(street.gateway, await street.pay(link)), Paid)


async def test_what_is_too_long_for_a_link_is_posted_as_a_form() -> None:
    lines = tuple(
        Item(f"Доступ к линии номер {number}", Money(9900, "RUB"), vat="22") for number in range(10)
    )
    async with RobokassaStreet(receipts="robokassa") as street:
        link = await street.gateway.create_link(request(items=lines))
        assert (urlsplit(link.url).query, link.url.endswith("/Merchant/Index.aspx")) == ("", True)
        receipt = json.loads(unquote(link.form["Receipt"]))
        assert [line["sum"] for line in receipt["items"]] == [99.0] * 10
        assert isinstance(await proven(street.gateway, await street.pay(link)), Paid)


def test_self_employed_sellers_receipt_names_nothing_but_its_lines() -> None:
    sent = requests(receipts="smz").payment(request(), UNTIL)["Receipt"]
    assert unquote(sent) == '{"items":[{"name":"Доступ на 1 месяц","quantity":1,"sum":990.00,"tax":"none"}]}'


@pytest.mark.parametrize(
    ("ours", "word"),
    [
        ("none", "none"),
        ("0", "vat0"),
        ("10", "vat10"),
        ("22", "vat22"),
        ("22/122", "vat122"),
        ("7/107", "vat107"),
    ],
)
def test_vat_has_robokassas_words(ours: str, word: str) -> None:
    assert TAXES[ours] == word


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"items": ()},
        {"items": (replace(ITEM, price=Money(1, "RUB")),)},
        {"items": (replace(ITEM, vat="18"),)},
        {"items": (replace(ITEM, mode="gift"),)},
        {"items": (replace(ITEM, subject="air"),)},
        {"amount": Money(0, "RUB"), "items": ()},
        {"amount": Money(99000, "BYN")},
        {"reference": "A17"},
    ],
)
def test_what_robokassa_would_refuse_does_not_leave(wrong: dict[str, object]) -> None:
    with pytest.raises(ProviderRefused):
        requests(receipts="robokassa").payment(request(**wrong), UNTIL)


def test_description_keeps_to_what_is_allowed() -> None:
    fields = requests().payment(request(title="WhatsApp «Дом» 🎁 <b>" + "я" * 200), UNTIL)
    assert fields["Description"].startswith("WhatsApp «Дом»    b яя")
    assert len(fields["Description"]) <= 100


def test_button_of_one_way_to_pay_opens_with_it_and_has_no_time_limit() -> None:
    shop = {"methods": ("robokassa_card",), "card_label": "BankCardPSR"}
    fields = requests(**shop).payment(request(method="robokassa_card"), UNTIL)
    assert fields["IncCurrLabel"] == "BankCardPSR"
    assert "ExpirationDate" not in fields


async def test_opened_twice_it_is_one_payment_and_paid_it_opens_no_more(street: RobokassaStreet) -> None:
    link = await street.gateway.create_link(request())
    await street.open(link)
    await street.pay(link)
    assert len(await street.seen("operations")) == 1
    assert "Error 40" in await street.open(link)


async def test_asking_tells_what_the_browser_does_not(street: RobokassaStreet) -> None:
    wanted = request()
    link = await street.gateway.create_link(wanted)
    assert await street.gateway.ask(link.provider_payment, wanted.reference, now()) == Unfinished(
        "robokassa", wanted.reference, link.provider_payment
    )
    await street.open(link)
    assert isinstance(await street.gateway.ask(link.provider_payment, wanted.reference), Unfinished)
    await street.pay(link)
    paid = await street.gateway.ask(link.provider_payment, wanted.reference)
    assert isinstance(paid, Paid)
    assert (paid.amount, paid.proof.card, len(paid.proof.rrn)) == (PRICE, "*2987", 12)
    assert paid.happened_at is not None
    assert abs(paid.happened_at - now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("odd", "expected"),
    [("state 50", Unfinished), ("state 80", Unfinished), ("state 60", Refused)],
)
async def test_only_state_100_is_money(street: RobokassaStreet, odd: str, expected: type) -> None:
    wanted = request()
    link = await street.gateway.create_link(wanted)
    await street.pay(link)
    await street.fault(state=odd)
    told = await street.gateway.ask(link.provider_payment, wanted.reference)
    assert isinstance(told, expected)
    await street.fault(state="the truth")
    assert isinstance(await street.gateway.ask(link.provider_payment, wanted.reference), Paid)


async def test_refusal_and_lost_time_are_told_apart(street: RobokassaStreet) -> None:
    wanted = request()
    link = await street.gateway.create_link(wanted)
    await street.refuse(link)
    early = await street.gateway.ask(link.provider_payment, wanted.reference, now())
    late = await street.gateway.ask(link.provider_payment, wanted.reference, now() - timedelta(hours=2))
    assert isinstance(early, Refused)
    assert isinstance(late, Refused)
    assert (early.reason, early.code) == (Refusal.CANCELLED, "state_10")
    assert late.reason is Refusal.LINK_EXPIRED


async def test_payment_nobody_opened_is_never_created_once_its_page_is_over(street: RobokassaStreet) -> None:
    reference = new_reference()
    assert isinstance(await street.gateway.ask("", reference, now() - timedelta(minutes=70)), Unfinished)
    never = await street.gateway.ask("", reference, now() - timedelta(minutes=80))
    assert never == Refused("robokassa", reference, Refusal.LINK_EXPIRED, code="never_created")


async def test_page_without_a_limit_is_waited_for_a_day(street: RobokassaStreet) -> None:
    shop = street.opened(methods=("robokassa_sbp",), sbp_label="SBPPSR")
    reference = new_reference()
    assert isinstance(await shop.ask("", reference, now() - timedelta(hours=23)), Unfinished)
    assert isinstance(await shop.ask("", reference, now() - timedelta(hours=25)), Refused)


@pytest.mark.parametrize("odd", ["result 4", "result 1000"])
async def test_answer_that_settles_nothing_is_asked_for_again(street: RobokassaStreet, odd: str) -> None:
    await street.fault(state=odd)
    with pytest.raises(ProviderUnavailable):
        await street.gateway.ask("", new_reference(), now())


@pytest.mark.parametrize("api", ["500", "429", "502 page", "reset", "hang"])
async def test_trouble_at_robokassa_is_only_trouble(street: RobokassaStreet, api: str) -> None:
    await street.fault(api=api)
    shop = street.opened(ask_timeout=0.3)
    with pytest.raises(ProviderUnavailable):
        await shop.ask("", new_reference(), now())
    assert not (await shop.check()).well


async def test_checkup_names_the_wrong_password(street: RobokassaStreet) -> None:
    assert (await street.gateway.check()).well
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({"password2": "x"}, "PASSWORD2"),
        ({"login": "other"}, "LOGIN"),
        ({"hash": "MD5"}, "HASH"),
    )
    for wrong, mend in wrongs:
        shop = street.opened(**wrong)
        health = await shop.check()
        assert not health.well
        assert mend in health.remark


async def test_only_numbers_are_asked_after(street: RobokassaStreet) -> None:
    for odd in ("../x", "0", "abc", "1&InvoiceID=2"):
        with pytest.raises(ProviderRefused):
            await street.gateway.ask(odd, new_reference())
    assert await street.seen("calls") == []


async def test_it_gives_no_hints_and_has_no_list(street: RobokassaStreet) -> None:
    with pytest.raises(BadCallback):
        await street.gateway.ask_hint(Hint("robokassa", EventKind.PAID, "1", "1"))
    assert [moved async for moved in street.gateway.movements_since(now())] == []


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", b"\xff", b"{}", b"<OperationStateResponse/>"],
)
def test_answer_of_another_shape_is_no_answer(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        operation(read_xml(body))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-22T12:30:00.1234567+03:00", datetime(2026, 11, 22, 9, 30, 0, 123456, UTC)),
        ("2026-11-22T12:30:00", UNTIL),
        ("2026-11-22T12:30:00+03:00", UNTIL),
        ("yesterday", None),
        ("", None),
    ],
)
def test_time_has_seven_digits_and_may_lack_an_offset(written: str, read: datetime | None) -> None:
    assert read_moment(written) == read


def test_time_is_written_for_moscow() -> None:
    assert moscow(UNTIL) == "2026-11-22T12:30:00+03:00"


async def test_another_payments_mark_is_not_this_one(street: RobokassaStreet) -> None:
    link: Link = await street.gateway.create_link(request())
    await street.pay(link)
    with pytest.raises(ProviderUnavailable):
        await street.gateway.ask(link.provider_payment, new_reference())
