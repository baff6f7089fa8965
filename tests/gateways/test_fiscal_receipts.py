"""What the sandbox's shops say of the fiscal receipts they make."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import ProviderRefused
from bot.domain.fiscal import FiscalReceipt, FiscalState
from bot.domain.references import new_reference
from bot.gateways.base import Fiscal, Item
from bot.gateways.robokassa.numbers import number_of
from tests.gateways.contract import PRICE, asked
from tests.gateways.robokassa_street import RobokassaStreet
from tests.gateways.yookassa_street import YooKassaStreet

LINES = (Item("WhatsApp", PRICE),)


@pytest.fixture
async def yookassa() -> AsyncIterator[YooKassaStreet]:
    async with YooKassaStreet("register") as street:
        yield street


async def test_yookassa_tells_the_numbers_once_it_is_registered(yookassa: YooKassaStreet) -> None:
    link = await yookassa.gateway.create_link(asked(PRICE, items=LINES, email="anna@example.org"))
    assert (await yookassa.gateway.ask_receipt(link.provider_payment)).state is FiscalState.PENDING
    await yookassa.fault(receipt="pending")
    await yookassa.pay(link)
    assert (await yookassa.gateway.ask_receipt(link.provider_payment)).state is FiscalState.PENDING
    await yookassa.fault(receipt="succeeded")
    told = await yookassa.gateway.ask_receipt(link.provider_payment)
    assert told.state is FiscalState.REGISTERED
    assert told.number.endswith("/ 9288000100115785 / 2617603921")


async def test_yookassa_tells_of_a_receipt_that_failed(yookassa: YooKassaStreet) -> None:
    link = await yookassa.gateway.create_link(asked(PRICE, items=LINES, email="anna@example.org"))
    await yookassa.fault(receipt="canceled")
    await yookassa.pay(link)
    assert await yookassa.gateway.ask_receipt(link.provider_payment) == FiscalReceipt(FiscalState.FAILED)


async def test_a_shop_without_receipts_is_not_asked() -> None:
    async with YooKassaStreet() as street:
        assert isinstance(street.gateway, Fiscal)
        assert not street.gateway.makes_receipts
        link = await street.gateway.create_link(asked(PRICE))
        await street.pay(link)
        assert await street.gateway.ask_receipt(link.provider_payment) == FiscalReceipt(FiscalState.NONE)
        with pytest.raises(ProviderRefused):
            await street.gateway.ask_receipt("../me")


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("made", FiscalState.REGISTERED),
        ("on its way", FiscalState.PENDING),
        ("refused", FiscalState.FAILED),
    ],
)
async def test_robokassa_tells_what_became_of_it(day: str, state: FiscalState) -> None:
    async with RobokassaStreet(receipts="robokassa", sno="usn_income") as street:
        reference = new_reference()
        wanted = asked(PRICE, reference, items=LINES, email="anna@example.org")
        link = await street.gateway.create_link(wanted)
        await street.pay(link)
        await street.fault(receipt=day)
        told = await street.gateway.ask_receipt(number_of(reference, test=False))
        assert told.state is state
        assert bool(told.number) is (state is FiscalState.REGISTERED)


async def test_robokassa_makes_none_for_tests_and_for_the_self_employed() -> None:
    async with RobokassaStreet() as street:
        assert isinstance(street.gateway, Fiscal)
        assert not street.opened(receipts="smz").makes_receipts
        assert not street.opened(receipts="robokassa", sno="osn", test=True).makes_receipts
        assert street.opened(receipts="robokassa", sno="osn").makes_receipts
