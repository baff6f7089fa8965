"""The bot's gateway against the sandbox's YooKassa: each written from the manual alone."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Callback, Paid, Refunded, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.refusals import Refusal
from bot.gateways.base import Item, LinkRequest, RefundCall, RefundUnfinished
from bot.gateways.yookassa.gateway import YooKassa
from bot.gateways.yookassa.settings import YooKassaSettings
from tests.sandbox.yookassa_shop import SHOP_ID, Shop

PRICE = Money(99000, "RUB")
PART = Money(40000, "RUB")


def asked_for(reference: str = "ref-1") -> LinkRequest:
    return LinkRequest(
        reference=reference,
        method="yookassa",
        amount=PRICE,
        title="WhatsApp, 1 month",
        return_url="http://127.0.0.1/return/token",
        language="en",
        items=[Item("WhatsApp, 1 month", PRICE)],
        email="anna@example.org",
    )


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


@pytest.fixture
async def gateway(shop: Shop) -> AsyncIterator[YooKassa]:
    settings = YooKassaSettings(
        shop_id=SHOP_ID,
        secret_key=SecretStr("live_sandbox"),
        api_url=f"{shop.base}/v3",
        receipts="register",
        act_timeout=1.5,
        ask_timeout=1.5,
    )
    gateway = YooKassa(settings)
    yield gateway
    await gateway.close()


async def told(shop: Shop, gateway: YooKassa, count: int = 1) -> object:
    """What the gateway makes of the newest notification."""
    await shop.till.wait_for(count)
    body = json.dumps(shop.till.received[-1]).encode()
    return await gateway.ask_hint(await gateway.read_callback(Callback(body)))


async def test_credentials_are_proved(gateway: YooKassa) -> None:
    health = await gateway.check()
    assert (health.well, health.test) == (True, False)


async def test_payment_is_believed_after_it_is_asked_back(shop: Shop, gateway: YooKassa) -> None:
    link = await gateway.create_link(asked_for())
    assert link.url == f"{shop.base}/pay/{link.provider_payment}"
    assert isinstance(await gateway.ask(link.provider_payment, "ref-1"), Unfinished)
    await shop.post(f"/control/payments/{link.provider_payment}/pay")
    paid = await told(shop, gateway)
    assert isinstance(paid, Paid)
    assert (paid.reference, paid.amount, paid.proof.card) == ("ref-1", PRICE, "Mir *2987")
    assert len(paid.proof.rrn) == 12


async def test_refusal_keeps_its_reason(shop: Shop, gateway: YooKassa) -> None:
    link = await gateway.create_link(asked_for())
    await shop.post(f"/control/payments/{link.provider_payment}/pay", {"card": "insufficient_funds"})
    refused = await told(shop, gateway)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.reference) == (Refusal.NO_FUNDS, "ref-1")


async def test_lost_answer_is_found_by_repeating_and_by_asking(shop: Shop, gateway: YooKassa) -> None:
    begun = now() - timedelta(minutes=1)
    await shop.post("/faults", {"api": "acted, answer lost"})
    with pytest.raises(OutcomeUnknown):
        await gateway.create_link(asked_for())
    await shop.post("/faults", {"api": "ok"})
    assert isinstance(await gateway.ask("", "ref-1", begun), Unfinished)
    link = await gateway.create_link(asked_for())
    await shop.post(f"/control/payments/{link.provider_payment}/pay")
    assert isinstance(await gateway.ask("", "ref-1", begun), Paid)


@pytest.mark.parametrize("fault", ["500", "502 page", "hang", "reset", "slow 2000 ms"])
async def test_outcome_of_a_bad_day_is_unknown(shop: Shop, gateway: YooKassa, fault: str) -> None:
    await shop.post("/faults", {"api": fault})
    with pytest.raises((OutcomeUnknown, ProviderUnavailable)):
        await gateway.create_link(asked_for())
    with pytest.raises(ProviderUnavailable):
        await gateway.ask("00000000-000f-5000-8000-000000000000", "ref-1")
    await shop.post("/faults", {"api": "ok"})
    assert (await gateway.create_link(asked_for())).url


async def test_refund_goes_back_whole_in_parts_and_slowly(shop: Shop, gateway: YooKassa) -> None:
    link = await gateway.create_link(asked_for())
    await shop.post(f"/control/payments/{link.provider_payment}/pay")
    part = RefundCall("back-1", link.provider_payment, PART, "asked for it", [Item("A part", PART)],
                         email="anna@example.org")  # fmt: skip
    done = await gateway.refund(part)
    assert isinstance(done, Refunded)
    assert (done.amount, done.attempt) == (PART, "back-1")
    assert await gateway.ask_refund(part) == done

    await shop.post("/faults", {"refund": "pending"})
    rest = RefundCall("back-2", link.provider_payment, PRICE - PART, "", [Item("The rest", PRICE - PART)],
                         email="anna@example.org")  # fmt: skip
    assert isinstance(await gateway.refund(rest), RefundUnfinished)
    with pytest.raises(ProviderRefused):
        await gateway.refund(RefundCall("back-3", link.provider_payment, PRICE, ""))


async def test_refund_in_the_cabinet_is_heard_of(shop: Shop, gateway: YooKassa) -> None:
    link = await gateway.create_link(asked_for())
    await shop.post(f"/control/payments/{link.provider_payment}/pay")
    await shop.post(f"/control/payments/{link.provider_payment}/refund")
    refunded = await told(shop, gateway, 2)
    assert isinstance(refunded, Refunded)
    assert (refunded.attempt, refunded.reference, refunded.amount) == ("", "ref-1", PRICE)


async def test_movements_since_a_moment_tell_both_ways(shop: Shop, gateway: YooKassa) -> None:
    begun = now() - timedelta(minutes=1)
    for number in range(3):
        link = await gateway.create_link(asked_for(f"ref-{number}"))
        await shop.post(f"/control/payments/{link.provider_payment}/pay")
    await gateway.refund(RefundCall("back-1", link.provider_payment, PRICE, ""))
    found = [movement async for movement in gateway.movements_since(begun)]
    assert [type(movement) for movement in found] == [Paid, Paid, Paid, Refunded]
