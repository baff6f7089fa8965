"""Refunds and lists of movements at the sandbox's YooKassa."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderRefused
from bot.domain.events import EventKind, Hint, Paid, Refunded
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.gateways.base import Item, Link, OffsetRequest, RefundCall, RefundRefused, RefundUnfinished
from tests.gateways.contract import PRICE, asked
from tests.gateways.yookassa_street import YooKassaStreet

PART = Money(10000, "RUB")
ADVANCE = Item("Balance", PRICE, mode="advance", subject="payment")


async def paid(street: YooKassaStreet, reference: str = "") -> Link:
    link = await street.gateway.create_link(asked(PRICE, reference))
    await street.pay(link)
    return link


def back(link: Link, amount: Money = PRICE, reason: str = "changed their mind") -> RefundCall:
    return RefundCall(new_reference(), link.provider_payment, amount, reason)


async def test_refund_is_one_movement_by_every_door(street: YooKassaStreet) -> None:
    reference = new_reference()
    link = await paid(street, reference)
    wanted = back(link)
    assert await street.gateway.ask_refund(wanted) is None
    answer = await street.gateway.refund(wanted)
    assert isinstance(answer, Refunded)
    assert (answer.amount, answer.attempt) == (PRICE, wanted.reference)
    assert await street.gateway.refund(wanted) == answer
    assert await street.gateway.ask_refund(wanted) == answer

    hint = await street.hint(await street.told("refund.succeeded", link.provider_payment))
    assert (hint.kind, hint.movement) == (EventKind.REFUNDED, answer.movement)
    assert hint.provider_payment == link.provider_payment
    told = await street.gateway.ask_hint(hint)
    assert isinstance(told, Refunded)
    assert told.identity == answer.identity
    assert (told.attempt, told.reference) == (wanted.reference, reference)


async def test_refund_made_in_the_cabinet_is_nobodys_attempt(street: YooKassaStreet) -> None:
    reference = new_reference()
    link = await paid(street, reference)
    told = await street.gateway.ask_hint(await street.hint(await street.refund(link, PART)))
    assert isinstance(told, Refunded)
    assert (told.amount, told.attempt, told.reference) == (PART, "", reference)


@pytest.mark.parametrize(("ends", "kind"), [("pending", RefundUnfinished), ("canceled", RefundRefused)])
async def test_refund_may_wait_or_be_refused(street: YooKassaStreet, ends: str, kind: type) -> None:
    wanted = back(await paid(street), reason="")
    await street.fault(refund=ends)
    answer = await street.gateway.refund(wanted)
    assert isinstance(answer, kind)
    assert answer == await street.gateway.ask_refund(wanted)


async def test_lost_refund_is_asked_after_not_made_again(street: YooKassaStreet) -> None:
    wanted = back(await paid(street))
    await street.fault(api="acted, answer lost")
    with pytest.raises(OutcomeUnknown):
        await street.gateway.refund(wanted)
    await street.fault(api="ok")
    assert isinstance(await street.gateway.ask_refund(wanted), Refunded)


async def test_more_than_was_paid_is_not_refunded(street: YooKassaStreet) -> None:
    with pytest.raises(ProviderRefused, match="invalid_request"):
        await street.gateway.refund(back(await paid(street), PRICE * 2))


async def test_every_movement_is_listed_page_by_page(street: YooKassaStreet) -> None:
    before, links = now(), [await street.gateway.create_link(asked(PRICE)) for _ in range(105)]
    for link in links:
        await street.control(f"payments/{link.provider_payment}/pay")
    await street.control(f"payments/{links[0].provider_payment}/refund", amount="1.00")
    moved = [movement async for movement in street.gateway.movements_since(before)]
    assert {m.movement for m in moved if isinstance(m, Paid)} == {link.provider_payment for link in links}
    assert [m.amount for m in moved if isinstance(m, Refunded)] == [Money(100, "RUB")]


async def test_old_movements_are_not_listed(street: YooKassaStreet) -> None:
    await paid(street)
    later = now() + timedelta(minutes=1)
    assert [m async for m in street.gateway.movements_since(later)] == []


async def test_partial_refund_bears_the_items_it_takes_back() -> None:
    async with YooKassaStreet(receipts="yookassa") as street:
        half = Money(49500, "RUB")
        items = (Item("WhatsApp", half, quantity=2, vat="22"),)
        link = await street.gateway.create_link(asked(PRICE, items=items, email="anna@example.org"))
        await street.pay(link)
        wanted = RefundCall(
            new_reference(), link.provider_payment, half, "", (Item("WhatsApp", half),), "anna@example.org"
        )
        assert isinstance(await street.gateway.refund(wanted), Refunded)
        assert street.bodies[-1]["receipt"]["items"][0]["amount"] == {"value": "495.00", "currency": "RUB"}


async def test_refund_is_as_real_as_its_payment(street: YooKassaStreet) -> None:
    link = await paid(street)
    hint = await street.hint(await street.refund(link, PART))
    street.changes[link.provider_payment] = lambda said: said.update(test=True)
    told = await street.gateway.ask_hint(hint)
    assert isinstance(told, Refunded)
    assert told.test
    street.changes[link.provider_payment] = lambda said: said["recipient"].update(account_id="999")
    with pytest.raises(BadCallback):
        await street.gateway.ask_hint(hint)


async def test_refund_of_foreign_money_names_no_payment_of_ours(street: YooKassaStreet) -> None:
    sold = await street.hint(await street.foreign(PRICE))
    link = Link("", sold.provider_payment, None)
    told = await street.gateway.ask_hint(await street.hint(await street.refund(link, PART)))
    assert isinstance(told, Refunded)
    assert (told.reference, told.provider_payment) == ("", link.provider_payment)


async def test_refund_nobody_knows_is_not_believed(street: YooKassaStreet) -> None:
    link = await paid(street)
    claim = Hint(
        "yookassa", EventKind.REFUNDED, "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f", link.provider_payment
    )
    with pytest.raises(BadCallback):
        await street.gateway.ask_hint(claim)


async def test_use_of_a_prepayment_gets_one_receipt() -> None:
    async with YooKassaStreet(receipts="register") as street:
        link = await street.gateway.create_link(asked(PRICE, items=(ADVANCE,), email="anna@example.org"))
        await street.pay(link)
        used = OffsetRequest(
            new_reference(), link.provider_payment, PART, (Item("WhatsApp", PART),), "anna@example.org"
        )
        number = await street.gateway.offset_receipt(used)
        assert number
        assert await street.gateway.offset_receipt(used) == number
        assert street.bodies[-1]["settlements"] == [
            {"type": "prepayment", "amount": {"value": "100.00", "currency": "RUB"}}
        ]
        with pytest.raises(ProviderRefused):
            await street.gateway.offset_receipt(replace(used, reference=new_reference(), items=()))
