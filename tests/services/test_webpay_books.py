"""WEBPAY's money in real books: it tells, it is asked; its notification comes before, after or never."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.states import AttemptState, OrderState
from bot.gateways.base import Link
from bot.services.house import House, build_house
from bot.services.links import LinkKind
from bot.storage.database import Database
from tests.gateways.webpay_street import WebPayStreet
from tests.services.conftest import ANNA, LINE, OWNER, give_anna_her_lines, surroundings
from tests.services.money import balance

PRICE = Money(1650, "BYN")
NOTHING = Money(0, "BYN")


@dataclass
class Till:
    """A house with one WEBPAY shop, an order of Anna's, and the sandbox across the street."""

    house: House
    database: Database
    street: WebPayStreet
    order: Order

    async def begun(self) -> tuple[Payment, Link, str]:
        """The payment, what our page posts, and the token of its page."""
        pay_link = await self.house.payments.start(ANNA, self.order.id, "webpay")
        token = pay_link.url.rpartition("/")[2]
        payment = await self.payment(pay_link.payment_id)
        return payment, Link(payment.url, "", payment.expires_at, payment.form), token

    async def payment(self, payment_id: int) -> Payment:
        found = await self.database.read(lambda tx: tx.payments.get(payment_id))
        assert found is not None
        return found

    async def hears(self, callback: Callback) -> str:
        reply = await self.house.callbacks.receive("webpay", callback)
        assert (reply.status, reply.body) == (200, "")
        return reply.result

    async def state(self) -> OrderState:
        return (await self.house.orders.get(ANNA, self.order.id)).state

    async def balance(self) -> Money:
        return await balance(self.database, "BYN")


@asynccontextmanager
async def opened(database: Database, catalogue: Catalogue, **settings: Any) -> AsyncIterator[Till]:
    async with WebPayStreet(**settings) as street:
        around = replace(surroundings(catalogue), gateways={"webpay": street.gateway})
        house = build_house(database, around)
        await house.customers.greet(ANNA, name="Anna", language="ru")
        await database.write(give_anna_her_lines)
        yield Till(house, database, street, await house.orders.place(ANNA, [LINE], 1))
        assert (await house.books.prove()).disagreements == []


@pytest.fixture
async def till(database: Database, catalogue: Catalogue) -> AsyncIterator[Till]:
    async with opened(database, catalogue) as till:
        yield till


async def test_notification_before_the_return(till: Till) -> None:
    _, link, token = await till.begun()
    told = await till.street.pay(link)
    assert [await till.hears(told) for _ in range(2)] == ["booked", "repeated"]
    assert (await till.house.links.result(token)).kind is LinkKind.PAID
    assert (await till.state(), await till.balance()) == (OrderState.FULFILLED, NOTHING)


async def test_notification_after_the_return(till: Till) -> None:
    _, link, token = await till.begun()
    told = await till.street.pay(link)
    assert (await till.house.links.result(token)).kind is LinkKind.PAID
    assert await till.hears(told) == "repeated"
    assert await till.balance() == NOTHING


async def test_return_alone_is_believed_only_as_far_as_the_back_office_says(till: Till) -> None:
    _, link, token = await till.begun()
    assert (await till.house.links.result(token)).kind is LinkKind.LIVE
    await till.street.fault(notifications="off")
    await till.street.tried(link)
    till.house.inquiries._answered.clear()  # the page asks again once some seconds have passed
    assert (await till.house.links.result(token)).kind is LinkKind.PAID
    assert await till.state() is OrderState.FULFILLED


async def test_page_that_is_over_makes_way_for_a_new_number_and_late_money_still_counts(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, link, token = await till.begun()
    told = await till.street.pay(link)
    assert first.expires_at is not None
    over = first.expires_at
    monkeypatch.setattr(periods, "now", lambda: over)
    assert (await till.house.links.open_link(token)).kind is LinkKind.EXPIRED
    assert (await till.house.links.open_link(token)).form == {}
    renewed = await till.house.links.renew_link(token)
    assert renewed.kind is LinkKind.LIVE
    assert renewed.form["wsb_order_num"] != link.form["wsb_order_num"]
    assert await till.hears(told) == "booked"
    assert await till.state() is OrderState.FULFILLED


async def test_hold_then_completed_then_voided(till: Till) -> None:
    await till.street.fault(payment="authorized")
    _, link, _ = await till.begun()
    assert await till.hears(await till.street.pay(link)) == "not_final"
    assert await till.state() is OrderState.AWAITING
    made = await till.street.transaction(link)
    done = await till.street.control(f"transactions/{made['id']}/complete")
    assert await till.hears(await till.street.heard(done)) == "booked"
    assert await till.state() is OrderState.FULFILLED
    voided = await till.street.refund(link, PRICE)
    assert [await till.hears(voided) for _ in range(2)] == ["booked", "repeated"]
    assert await till.balance() == -PRICE


async def test_hold_that_counts_is_not_counted_again_when_completed(
    database: Database, catalogue: Catalogue
) -> None:
    async with opened(database, catalogue, captures_itself=True) as till:
        await till.street.fault(payment="authorized")
        _, link, _ = await till.begun()
        assert await till.hears(await till.street.pay(link)) == "booked"
        made = await till.street.transaction(link)
        done = await till.street.control(f"transactions/{made['id']}/complete")
        assert await till.hears(await till.street.heard(done)) == "repeated"
        assert await till.hears(await till.street.refund(link, PRICE)) == "booked"
        assert await till.balance() == -PRICE


async def test_hold_that_is_let_go_moves_nothing(till: Till) -> None:
    await till.street.fault(payment="authorized")
    _, link, _ = await till.begun()
    await till.street.pay(link)
    assert await till.hears(await till.street.refund(link, PRICE)) == "refused"
    assert await till.balance() == NOTHING


async def test_hold_that_was_let_go_is_no_payment_when_the_back_office_lists_it(till: Till) -> None:
    await till.street.fault(payment="authorized")
    _, link, _ = await till.begun()
    await till.street.pay(link)
    assert await till.hears(await till.street.refund(link, PRICE)) == "refused"
    await till.house.reconcile.since(periods.now() - timedelta(days=1))
    assert (await till.state(), await till.balance()) == (OrderState.AWAITING, NOTHING)


async def test_void_that_overtakes_its_payment_takes_it_back_all_the_same(till: Till) -> None:
    await till.street.fault(payment="authorized")
    _, link, _ = await till.begun()
    await till.street.pay(link)
    made = await till.street.transaction(link)
    completed = await till.street.heard(await till.street.control(f"transactions/{made['id']}/complete"))
    voided = await till.street.refund(link, PRICE)
    assert [await till.hears(each) for each in (voided, completed, voided)] == [
        "refused",
        "booked",
        "repeated",
    ]
    assert await till.balance() == -PRICE


async def test_second_transaction_for_one_order_goes_to_review(till: Till) -> None:
    _, link, _ = await till.begun()
    assert await till.hears(await till.street.pay(link)) == "booked"
    again = await till.street.control(f"orders/{link.form['wsb_order_num']}/pay")
    assert await till.hears(await till.street.heard(again)) == "review"
    assert await till.balance() == NOTHING


@pytest.mark.parametrize("first", ["notification", "answer"])
async def test_refund_of_ours_is_booked_once_whichever_door_tells_first(till: Till, first: str) -> None:
    payment, link, _ = await till.begun()
    await till.hears(await till.street.pay(link))
    office = till.street.gateway._office
    assert office is not None
    give_back = office.give_back

    async def told_while_we_wait(call: str, transaction: str, amount: Money, reason: str) -> None:
        await give_back(call, transaction, amount, reason)
        assert await till.hears(await till.street.heard({"id": transaction, "kind": 7})) == "booked"

    if first == "notification":
        office.give_back = told_while_we_wait  # type: ignore[method-assign]  # its answer comes late
    attempt = await till.house.refunds.refund(payment.id, PRICE, who=OWNER, reason="asked for it")
    assert (attempt.state, attempt.outcome) == (AttemptState.KNOWN, "done")
    told = await till.street.heard({"id": (await till.street.transaction(link))["id"], "kind": 7})
    assert await till.hears(told) == "repeated"
    assert (await till.state(), await till.balance()) == (OrderState.REFUNDED, NOTHING)


async def test_foreign_sale_of_the_shop_is_acknowledged_and_not_booked(till: Till) -> None:
    assert await till.hears(await till.street.foreign(Money(1500, "BYN"))) == "foreign"
    assert await till.hears(await till.street.pretended()) == "test"
