"""Asking and giving back: the gateway against the sandbox's back office, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.refusals import Refusal
from bot.gateways.base import Link, LinkRequest, RefundCall, RefundRefused, RefundUnfinished
from bot.gateways.webpay.gateway import CANNOT_COME, PAGE_IS_OVER, TOLD_FOR
from tests.gateways.contract import asked, proven
from tests.gateways.webpay_street import PRICE, WebPayStreet

PART = Money(2500, "BYN")
LONG_AGO = timedelta(seconds=5)


@pytest.fixture
async def street() -> AsyncIterator[WebPayStreet]:
    async with WebPayStreet() as street:
        yield street


async def begun(street: WebPayStreet) -> tuple[LinkRequest, Link]:
    request = asked(PRICE, method="webpay")
    return request, await street.gateway.create_link(request)


def back(transaction: str, amount: Money = PRICE, *, sent: timedelta = timedelta()) -> RefundCall:
    return RefundCall("attempt-1", transaction, amount, "asked for it", sent_at=now() - sent)


async def paid(street: WebPayStreet, **more: object) -> Paid:
    _, link = await begun(street)
    event = await proven(street.gateway, await street.pay(link, **more))  # type: ignore[arg-type]  # its fields, by name
    assert isinstance(event, Paid)
    return event


async def test_form_opens_the_page_and_two_tries_make_one_order(street: WebPayStreet) -> None:
    _, link = await begun(street)
    status, text = await street.posted(link)
    assert status == 200
    assert "99,00" in text
    assert (await street.posted(link))[0] == 200


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/", "https://sub.pay.example.org/", "http://pay.example.org/"]
)
async def test_page_takes_a_form_from_the_contracts_site_alone(street: WebPayStreet, referer: str) -> None:
    _, link = await begun(street)
    status, text = await street.posted(link, referer)
    assert status == 400
    assert "Referer" in text


@pytest.mark.parametrize(
    ("field", "value"),
    [("wsb_total", "98.00"), ("wsb_invoice_item_price[0]", "98.00"), ("wsb_test", "1"), ("wsb_storeid", "1")],
)
async def test_page_turns_an_altered_form_away(street: WebPayStreet, field: str, value: str) -> None:
    _, link = await begun(street)
    assert (await street.posted(replace(link, form={**link.form, field: value})))[0] == 400


async def test_page_lives_twenty_minutes(street: WebPayStreet) -> None:
    _, link = await begun(street)
    await street.posted(link)
    await street.control("clock", advance_seconds=21 * 60)
    assert (await street.posted(link))[0] == 400


async def test_silence_is_asked_after_by_our_own_number(street: WebPayStreet) -> None:
    request, link = await begun(street)
    assert isinstance(await street.gateway.ask("", request.reference, now()), Unfinished)
    await street.fault(notifications="off")
    made = await street.tried(link)
    told = await street.gateway.ask("", request.reference, now())
    assert isinstance(told, Paid)
    assert (told.movement, told.amount, told.reference) == (made["id"], PRICE, request.reference)


async def test_number_that_a_browser_brought_credits_nothing(street: WebPayStreet) -> None:
    """Somebody else's paid transaction beside our own order's number."""
    other = await paid(street)
    request, _ = await begun(street)
    assert isinstance(await street.gateway.ask(other.movement, request.reference, now()), Unfinished)


async def test_what_never_came_is_over_once_it_cannot_come(street: WebPayStreet) -> None:
    request, _ = await begun(street)
    soon = await street.gateway.ask("", request.reference, now() - PAGE_IS_OVER + LONG_AGO)
    late = await street.gateway.ask("", request.reference, now() - PAGE_IS_OVER - LONG_AGO)
    assert isinstance(soon, Unfinished)
    assert isinstance(late, Refused)
    assert (late.reason, late.code) == (Refusal.LINK_EXPIRED, "never_created")


async def test_decline_may_be_followed_by_another_card_until_the_page_is_over(street: WebPayStreet) -> None:
    request, link = await begun(street)
    await street.tried(link, "no_funds")
    assert isinstance(await street.gateway.ask("", request.reference, now()), Unfinished)
    late = await street.gateway.ask("", request.reference, now() - PAGE_IS_OVER - LONG_AGO)
    assert isinstance(late, Refused)
    assert late.reason is Refusal.NO_FUNDS
    await street.tried(link)
    assert isinstance(await street.gateway.ask("", request.reference, now() - timedelta(days=1)), Paid)


async def test_without_a_back_office_nothing_is_said_to_be_dead_before_money_could_come(
    street: WebPayStreet,
) -> None:
    gateway = street.another(cabinet_username="", cabinet_password=None)
    request = asked(PRICE, method="webpay")
    assert isinstance(await gateway.ask("", request.reference, now() - timedelta(days=30)), Unfinished)
    assert isinstance(await gateway.ask("", request.reference, now() - TOLD_FOR - LONG_AGO), Refused)
    assert [each async for each in gateway.movements_since(now())] == []
    assert (await gateway.check()).well
    with pytest.raises(ProviderRefused):
        await gateway.refund(back("777000111"))
    await gateway.close()


async def test_credentials_are_proved(street: WebPayStreet) -> None:
    assert (await street.gateway.check()).well
    stranger = street.another(cabinet_password="wrong")
    health = await stranger.check()
    assert not health.well
    assert "wrong" not in health.remark
    await stranger.close()


@pytest.mark.parametrize("amount", [PRICE, PART])
async def test_refund_is_done_when_the_state_says_so(street: WebPayStreet, amount: Money) -> None:
    money = await paid(street)
    done = await street.gateway.refund(back(money.movement, amount))
    assert isinstance(done, Refunded)
    assert (done.amount, done.attempt, done.provider_payment) == (amount, "attempt-1", money.movement)
    assert await street.gateway.ask_refund(back(money.movement, amount)) == done
    assert [call for call in await street.calls() if call.startswith("urn:WSBApi#Transaction")] == [
        "urn:WSBApi#TransactionCancel"
    ]


async def test_our_refund_and_its_notification_are_one_movement(street: WebPayStreet) -> None:
    money = await paid(street)
    done = await street.gateway.refund(back(money.movement, PART))
    assert isinstance(done, Refunded)
    told = await proven(street.gateway, await street.heard({"id": money.movement, "kind": 9}))
    assert isinstance(told, Refunded)
    assert told.identity == done.identity


async def test_two_partial_refunds_of_one_sum_are_two_movements(street: WebPayStreet) -> None:
    money = await paid(street)
    first, second = [await street.gateway.refund(back(money.movement, PART)) for _ in range(2)]
    assert isinstance(first, Refunded)
    assert isinstance(second, Refunded)
    assert first.identity != second.identity


async def test_refund_that_is_too_large_is_refused(street: WebPayStreet) -> None:
    money = await paid(street)
    with pytest.raises(ProviderRefused):
        await street.gateway.refund(back(money.movement, PRICE + PART))


async def test_lost_answer_to_a_refund_is_asked_after_and_never_sent_again(street: WebPayStreet) -> None:
    money = await paid(street)
    request = back(money.movement, PART)
    real = street.gateway._office
    assert real is not None
    give_back = real.give_back

    async def lost(call: str, transaction: str, amount: Money, reason: str) -> None:
        await give_back(call, transaction, amount, reason)
        raise OutcomeUnknown("cut off")

    real.give_back = lost  # type: ignore[method-assign]  # its answer is lost
    with pytest.raises(OutcomeUnknown):
        await street.gateway.refund(request)
    done = await street.gateway.ask_refund(request)
    assert isinstance(done, Refunded)
    assert done.attempt == request.reference
    assert sum("TransactionCancel" in call for call in await street.calls()) == 1


async def test_refund_that_was_never_carried_out_is_known_only_after_a_while(street: WebPayStreet) -> None:
    money = await paid(street)
    soon = await street.gateway.ask_refund(back(money.movement))
    late = await street.gateway.ask_refund(back(money.movement, sent=CANNOT_COME + LONG_AGO))
    assert isinstance(soon, RefundUnfinished)
    assert late is None


async def test_refund_of_another_sum_is_not_taken_for_ours(street: WebPayStreet) -> None:
    money = await paid(street)
    await street.control(f"transactions/{money.movement}/back", amount="10.00")
    answer = await street.gateway.ask_refund(back(money.movement, PART, sent=timedelta(days=2)))
    assert isinstance(answer, RefundUnfinished)
    assert not isinstance(answer, RefundRefused)


@pytest.mark.parametrize("fault", ["500", "502 page", "hang", "reset", "slow 4000 ms"])
async def test_bad_day_of_the_back_office_settles_nothing(fault: str) -> None:
    async with WebPayStreet(ask_timeout=0.3, act_timeout=0.3) as street:
        money = await paid(street)
        await street.fault(api=fault)
        with pytest.raises(ProviderUnavailable):
            await street.gateway.ask("", money.reference, now())
        with pytest.raises(ProviderUnavailable):
            await street.gateway.refund(back(money.movement))
        await street.fault(api="ok")
        assert isinstance(await street.gateway.refund(back(money.movement)), Refunded)


async def test_hold_is_credited_once_it_is_completed(street: WebPayStreet) -> None:
    await street.fault(payment="authorized")
    request, link = await begun(street)
    held = await street.gateway.read_callback(await street.pay(link))
    assert isinstance(held, Hint)
    assert not held.final
    assert isinstance(await street.gateway.ask("", request.reference, now()), Unfinished)
    made = await street.transaction(link)
    done = await proven(
        street.gateway, await street.heard(await street.control(f"transactions/{made['id']}/complete"))
    )
    assert isinstance(done, Paid)
    voided = await proven(street.gateway, await street.refund(link, PRICE))
    assert isinstance(voided, Refunded)
    assert done.provider_payment == voided.provider_payment == made["id"]


async def test_json_door_leads_to_the_same_page_and_the_form_stands_in(street: WebPayStreet) -> None:
    gateway = street.another(door="json")
    link = await gateway.create_link(asked(PRICE, method="webpay"))
    assert link.url.startswith(f"{street.base}/pay/")
    assert link.form == {}
    await gateway.close()
    gateway = street.another(door="json", json_path="/api/v1/payment_standard")
    link = await gateway.create_link(asked(PRICE, method="webpay"))
    assert (link.url, link.form["wsb_version"]) == (f"{street.base}/", "2")
    await gateway.close()


async def test_second_transaction_for_one_order_is_another_movement(street: WebPayStreet) -> None:
    _, link = await begun(street)
    first = await proven(street.gateway, await street.pay(link))
    number = link.form["wsb_order_num"]
    second = await proven(street.gateway, await street.heard(await street.control(f"orders/{number}/pay")))
    assert isinstance(first, Paid)
    assert isinstance(second, Paid)
    assert first.reference == second.reference
    assert first.identity != second.identity
