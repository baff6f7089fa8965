"""The fake provider keeps the contract, signed and asked back."""

import pytest

from bot.domain.errors import OutcomeUnknown, ProviderError, ProviderRefused, ProviderUnavailable
from bot.domain.events import Callback, Paid, Refunded, Unfinished
from bot.domain.money import Money
from bot.domain.references import new_reference
from bot.gateways.base import Gateway, Link, RefundCall
from tests.gateways.contract import PRICE, GatewayContract, asked
from tests.gateways.fake import Day, FakeGateway


class FakeStreet:
    def __init__(self, *, asks_back: bool) -> None:
        self.fake = FakeGateway(asks_back=asks_back)
        self.gateway: Gateway = self.fake

    async def pay(self, link: Link) -> Callback:
        return self.fake.pay(self.fake.sales[link.provider_payment].reference)

    async def refuse(self, link: Link) -> Callback:
        return self.fake.refuse(self.fake.sales[link.provider_payment].reference)

    async def refund(self, link: Link, amount: Money) -> Callback:
        return self.fake.refund_by_hand(self.fake.sales[link.provider_payment].reference, amount)

    async def foreign(self, amount: Money) -> Callback:
        return self.fake.foreign(amount)

    async def another_shop(self) -> Callback:
        return self.fake.callback(Paid("fake", "fake-x", new_reference(), PRICE, "fake-x"), shop="another")

    async def pretended(self) -> Callback:
        return self.fake.pay(new_reference(), PRICE, test=True)

    def forged(self) -> Callback:
        stranger = FakeGateway(secret="guessed")
        return stranger.pay(new_reference(), PRICE)

    def altered(self, callback: Callback, *, amount: Money, reference: str) -> Callback:
        body = callback.body.replace(PRICE.decimal().encode(), amount.decimal().encode())
        return Callback(
            body.replace(b'"reference": "', f'"reference": "{reference}'.encode()), callback.headers
        )


class TestSigned(GatewayContract):
    method = "fake"
    needed = ("sum", "reference", "movement", "kind")

    @pytest.fixture
    def street(self) -> FakeStreet:
        return FakeStreet(asks_back=False)


class TestAskedBack(GatewayContract):
    method = "fake"

    @pytest.fixture
    def street(self) -> FakeStreet:
        return FakeStreet(asks_back=True)


@pytest.mark.parametrize(
    ("day", "error", "acted"),
    [
        (Day.DOWN, ProviderUnavailable, False),
        (Day.SILENT, OutcomeUnknown, False),
        (Day.LOST, OutcomeUnknown, True),
        (Day.REFUSES, ProviderRefused, False),
    ],
)
async def test_bad_days_are_told_apart(day: Day, error: type[ProviderError], acted: bool) -> None:
    outcomes: list[str] = []
    fake = FakeGateway(on_call=lambda _, outcome, __: outcomes.append(outcome))
    fake.day = day
    request = asked(method="fake")
    with pytest.raises(error):
        await fake.create_link(request)
    fake.day = Day.GOOD
    assert isinstance(await fake.ask("", request.reference), Unfinished) is acted
    assert outcomes[0] != "ok"


@pytest.mark.parametrize("ends", ["succeeded", "unfinished", "refused"])
async def test_lost_refund_is_found_again(ends: str) -> None:
    fake = FakeGateway()
    fake.refunds_end = ends
    reference = new_reference()
    fake.pay(reference, PRICE)
    wanted = RefundCall(new_reference(), f"fake-{reference}", PRICE, "")
    fake.day = Day.LOST
    with pytest.raises(OutcomeUnknown):
        await fake.refund(wanted)
    fake.day = Day.GOOD
    found = await fake.ask_refund(wanted)
    assert found is not None
    assert isinstance(found, Refunded) is (ends == "succeeded")
