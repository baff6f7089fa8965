"""Robokassa answers the questions that every provider answers, over real HTTP, by POST and by GET."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, Paid
from bot.domain.money import Money
from bot.domain.references import new_reference
from bot.gateways.robokassa.callbacks import MARK
from bot.gateways.robokassa.numbers import number_of
from tests.gateways.contract import PRICE, GatewayContract, asked, proven
from tests.gateways.robokassa_street import (
    PASSWORD1,
    PASSWORD2,
    TEST2,
    RobokassaStreet,
    fields_of,
    message,
    posted,
)


class TestPosted(GatewayContract):
    method = "robokassa"
    recordings = ("robokassa/result.txt", "robokassa/foreign.txt")
    needed = ("OutSum", "InvId", "SignatureValue", MARK)
    lists_movements = False

    @pytest.fixture
    async def street(self) -> AsyncIterator[RobokassaStreet]:
        async with RobokassaStreet() as street:
            yield street


class TestGot(TestPosted):
    """ResultURL by GET: the same fields in the query."""

    @pytest.fixture
    async def street(self) -> AsyncIterator[RobokassaStreet]:
        async with RobokassaStreet("GET") as street:
            yield street


@pytest.fixture
async def street() -> AsyncIterator[RobokassaStreet]:
    async with RobokassaStreet() as street:
        yield street


async def test_answer_repeats_the_number_and_is_the_same_each_time(street: RobokassaStreet) -> None:
    link = await street.gateway.create_link(asked(method="robokassa"))
    callback = await street.pay(link)
    for _ in range(2):
        paid = await street.gateway.read_callback(callback)
        assert paid.ack == f"OK{link.provider_payment}"
    foreign = await street.gateway.read_callback(await street.foreign(Money(150000, "RUB")))
    assert (foreign.reference, foreign.ack) == ("", f"OK{foreign.movement}")


async def test_only_signed_fields_are_believed(street: RobokassaStreet) -> None:
    link = await street.gateway.create_link(asked(method="robokassa"))
    callback = await street.pay(link)
    truth = await street.gateway.read_callback(callback)
    lies = {
        "out_summ": "1.00",
        "inv_id": "1",
        "IncSum": "1.00",
        "Fee": "9",
        "PaymentMethod": "x",
        "IsTest": "1",
    }
    assert await street.gateway.read_callback(posted(fields_of(callback) | lies)) == truth


@pytest.mark.parametrize("odd", ["990", "990.0", "990.00", "990.000000"])
async def test_sum_is_compared_as_a_number_and_signed_as_a_text(street: RobokassaStreet, odd: str) -> None:
    fields = street.fields() | {"OutSum": odd}
    paid = await street.gateway.read_callback(message(fields))
    assert paid.amount == PRICE
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(posted(fields_of(message(fields)) | {"OutSum": odd + "0"}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"OutSum": "1e3"},
        {"OutSum": "990,00"},
        {"OutSum": ""},
        {"OutSum": "990.001"},
        {"OutSum": "NaN"},
        {"InvId": ""},
        {"InvId": "0"},
        {"InvId": "01"},
        {"InvId": "-5"},
        {"InvId": "9" * 20},
        {"InvId": "٣"},
    ],
)
async def test_odd_value_is_refused_even_when_signed(street: RobokassaStreet, wrong: dict[str, str]) -> None:
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(message(street.fields() | wrong))


@pytest.mark.parametrize("claimed", ["", "0" * 64, "ф" * 64, "zz", "a" * 129])
async def test_odd_signature_is_refused(street: RobokassaStreet, claimed: str) -> None:
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(posted(street.fields() | {"SignatureValue": claimed}))


async def test_signature_may_come_in_any_case(street: RobokassaStreet) -> None:
    callback = message(street.fields())
    upper = fields_of(callback)["SignatureValue"]
    assert upper == upper.upper()
    lower = posted(fields_of(callback) | {"SignatureValue": upper.lower()})
    assert await street.gateway.read_callback(lower) == await street.gateway.read_callback(callback)


async def test_field_that_comes_twice_is_refused(street: RobokassaStreet) -> None:
    body = message(street.fields()).body
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(Callback(body + b"&OutSum=1.00"))


async def test_password_of_the_page_proves_no_money(street: RobokassaStreet) -> None:
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(message(street.fields(), password=PASSWORD1))


async def test_mark_counts_only_with_the_number_that_belongs_to_it(street: RobokassaStreet) -> None:
    """The signed text of two fields can be read as three; whoever borrows our name has another number."""
    reference = new_reference()
    sold = {"OutSum": "990.00", "InvId": "1741", "Shp_a": f"x:{MARK}={reference}"}
    split = {"OutSum": "990.00", "InvId": "1741", "Shp_a": "x", MARK: reference}
    signature = fields_of(message(sold))["SignatureValue"]
    told = await street.gateway.read_callback(posted(split | {"SignatureValue": signature}))
    assert told.reference == ""


async def test_test_shop_books_pretended_money_as_if_it_were_real(street: RobokassaStreet) -> None:
    shop = street.opened(test=True)
    reference = new_reference()
    link = await shop.create_link(asked(reference=reference, method="robokassa"))
    assert link.provider_payment == number_of(reference, test=True)
    callback = await street.pay(link)
    assert not (await shop.read_callback(callback)).test
    assert (await street.gateway.read_callback(callback)).test


async def test_without_test_passwords_a_test_is_a_forgery(street: RobokassaStreet) -> None:
    shop = street.opened(test_password1=None, test_password2=None)
    with pytest.raises(BadCallback):
        await shop.read_callback(message(street.fields(), password=TEST2))


async def test_browser_is_known_by_its_success_alone(street: RobokassaStreet) -> None:
    fields = street.fields()
    assert street.gateway.read_return(message(fields, password=PASSWORD1)) == fields[MARK]
    for stranger in (message(fields, password=PASSWORD2), posted(fields), Callback(b""), Callback(b"\xff")):
        assert street.gateway.read_return(stranger) == ""
    query = message(fields, password=PASSWORD1).body.decode()
    assert street.gateway.read_return(Callback(b"", query=query)) == fields[MARK]


@pytest.mark.parametrize("name", ["MD5", "RIPEMD160", "SHA1", "SHA256", "SHA384", "SHA512"])
async def test_link_and_message_agree_with_the_shop_by_every_hash(name: str) -> None:
    async with RobokassaStreet(hash=name) as street:
        link = await street.gateway.create_link(asked(method="robokassa"))
        assert isinstance(await proven(street.gateway, await street.pay(link)), Paid)
        assert (await street.gateway.check()).well
