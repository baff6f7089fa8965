"""Check and pay over a real socket, on both databases: the worked dialogue, and whatever else may come in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.errors import StorageUnavailable
from bot.domain.events import EventKind, Identity
from bot.domain.money import Money
from bot.domain.payment_codes import new_code
from bot.domain.states import AttemptState, OrderState
from bot.gateways.base import Way
from bot.services import terminals
from bot.storage.database import Database
from bot.storage.tables import events, operator_cards, payments, transfers
from tests.listener.street import SECRET, Street, street_on
from tests.services.conftest import ANNA, BOB, CASHIER, LINE, Count
from tests.services.money import balance, notices

LONGEST = "18446744073709551616"
HUNDRED = Money(10000, "KGS")


@pytest.fixture
async def street(database: Database, catalogue: Catalogue) -> AsyncIterator[Street]:
    async with street_on(database, catalogue) as opened:
        yield opened


async def kgs(street: Street, customer: int = ANNA) -> Money:
    return await balance(street.database, "KGS", customer)


def mistyped(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


async def test_worked_dialogue(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = await street.check(street.anna)
    assert (checked.result, checked["osmp_txn_id"], checked["fields/field1"]) == (0, "1", "A*** P.")
    assert (await street.check(mistyped(street.anna))).result == 4
    assert (await street.check(new_code())).result == 5
    paid = await street.pay(street.anna, "77", "200.00")
    assert (paid.result, paid["osmp_txn_id"], paid["sum"]) == (0, "77", "200.00")
    again = await street.pay(street.anna, "77", "200.00")
    assert (again.result, again["prv_txn"], again["sum"]) == (0, paid["prv_txn"], "200.00")
    assert str(paid["prv_txn"]).isdigit()
    assert await kgs(street) == Money(20000, "KGS")
    with monkeypatch.context() as down:
        down.setattr(type(street.database), "write", mock.AsyncMock(side_effect=StorageUnavailable("disk")))
        trouble = await street.pay(street.anna, "78", "200.00")
    assert (trouble.result, trouble["prv_txn"]) == (1, None)
    assert "disk" not in str(trouble["comment"])
    assert (await street.pay(street.anna, "79", "5.00")).result == 241
    assert await kgs(street) == Money(20000, "KGS")


@pytest.mark.parametrize("post", [False, True])
async def test_code_may_have_spaces_and_lost_zeros(street: Street, post: bool) -> None:
    for typed in (street.anna[2:], f" {street.anna} ", f"{street.anna[:4]} {street.anna[4:]}"):
        assert (await street.check(typed, post=post)).result == 0
    paid = await street.pay(street.anna[2:], "1", "100.00", post=post)
    assert (await street.pay(street.anna, "1", "100", post=post))["prv_txn"] == paid["prv_txn"]
    assert await kgs(street) == HUNDRED


async def test_account_of_another_shape_is_4(street: Street, count: Count) -> None:
    for account in ("", "0", "00x", "abc", "1e11", "-1", "00123456789", "0" * 12, "9" * 99):
        assert (await street.check(account)).result == 4
        assert (await street.pay(account, "1", "100.00")).result == 4
    assert await count(events) == 0


async def test_sum_that_cannot_be_is_refused(street: Street, count: Count) -> None:
    answers = {"0": 241, "9.99": 241, "15000.01": 242, "-1": 300, "1e3": 300, "1,00": 300, "1.000": 300}
    for amount, result in answers.items():
        assert (await street.pay(street.anna, "1", amount)).result == result
        assert (await street.check(street.anna, sum=amount)).result == result
    assert (await street.pay(street.anna, "1", "")).result == 300
    assert await count(events) == 0


async def test_check_lets_a_missing_and_a_token_sum_pass_and_writes_nothing(
    street: Street, count: Count
) -> None:
    for extra in ({}, {"sum": ""}, {"sum": "1.00"}, {"sum": "200"}):
        assert (await street.check(street.anna, **extra)).result == 0
    assert (await street.pay(street.anna, "1", "1.00")).result == 241
    assert await count(events) + await count(payments) + await count(transfers) == 0


async def test_pay_without_check_and_check_after_pay(street: Street) -> None:
    assert (await street.pay(street.bob, "5", "100.00")).result == 0
    assert (await street.check(street.bob, txn_id="5")).result == 0
    assert await kgs(street, BOB) == HUNDRED


async def test_number_of_twenty_digits_stays_whole(street: Street) -> None:
    paid = await street.pay(street.anna, LONGEST, "100.00")
    assert (paid.result, paid["osmp_txn_id"]) == (0, LONGEST)
    assert (await street.pay(street.anna, LONGEST, "100.00"))["prv_txn"] == paid["prv_txn"]
    assert (await street.pay(street.anna, LONGEST[:-1] + "7", "100.00"))["prv_txn"] != paid["prv_txn"]
    assert await kgs(street) == Money(20000, "KGS")


async def test_one_number_at_two_networks_is_two_payments(street: Street) -> None:
    here = await street.pay(street.anna, "77", "100.00")
    there = await street.pay(street.anna, "77", "50.00", network="pay24")
    assert (here.result, there.result, there["txn_id"]) == (0, 0, "77")
    assert here["prv_txn"] != there["prv_txn"]
    assert (await kgs(street), await balance(street.database)) == (HUNDRED, Money(5000, "RUB"))


async def test_payer_who_owes_nothing_in_that_currency_is_still_a_payer(street: Street) -> None:
    assert (await street.check(street.bob, network="pay24")).result == 0
    assert (await street.pay(street.bob, "1", "50.00", network="pay24")).result == 0
    assert await balance(street.database, "RUB", BOB) == Money(5000, "RUB")


async def test_network_that_shows_no_payer_shows_none(street: Street) -> None:
    assert (await street.check(street.anna, network="pay24")).root.find("fields") is None


async def test_fifteen_payments_for_one_payer_at_once(street: Street) -> None:
    said = await asyncio.gather(*(street.pay(street.anna, str(txn), "100.00") for txn in range(1, 16)))
    assert {each.result for each in said} == {0}
    assert len({each["prv_txn"] for each in said}) == 15
    assert await kgs(street) == Money(150000, "KGS")


async def test_one_payment_told_fifteen_times_at_once_is_one(street: Street, count: Count) -> None:
    said = await asyncio.gather(*(street.pay(street.anna, "77", "100.00") for _ in range(15)))
    assert ({each.result for each in said}, len({each["prv_txn"] for each in said})) == ({0}, 1)
    assert (await kgs(street), await count(events)) == (HUNDRED, 1)


async def test_one_number_for_two_payers_at_once_is_one_payment(street: Street, count: Count) -> None:
    accounts = [street.anna, street.bob] * 5
    said = await asyncio.gather(*(street.pay(account, "77", "100.00") for account in accounts))
    assert sorted(each.result for each in said) == [0] * 5 + [300] * 5
    assert await kgs(street) + await kgs(street, BOB) == HUNDRED
    assert await count(events) == 1


async def test_same_number_with_another_sum_or_account_is_refused_and_reported_once(
    street: Street, count: Count
) -> None:
    paid = await street.pay(street.anna, "77", "100.00")
    for account, amount in ((street.anna, "100.01"), (street.bob, "100.00"), ("abc", "100.00")):
        assert (await street.pay(account, "77", amount)).result == 300
    assert (await street.pay(street.anna, "77", "100.00"))["prv_txn"] == paid["prv_txn"]
    assert (await kgs(street), await kgs(street, BOB)) == (HUNDRED, Money(0, "KGS"))
    assert await count(operator_cards, operator_cards.c.kind == "terminal_differs") == 1


async def test_code_pays_the_order_that_was_begun_with_it(street: Street) -> None:
    order = await street.house.orders.place(ANNA, [LINE], 1)
    link = await street.house.payments.start(ANNA, order.id, "terminal")
    assert (link.way, link.code, link.amount.currency) == (Way.CODE, street.anna, "RUB")
    paid = await street.pay(link.code, "77", link.amount.decimal(), network="pay24")
    again = await street.pay(link.code, "77", link.amount.decimal(), network="pay24")
    assert (paid.result, again["prv_txn"]) == (0, paid["prv_txn"])
    assert str(paid["prv_txn"]).isdigit()
    assert (await street.house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert (await notices(street.database)).count("paid") == 1


async def test_order_begun_in_one_currency_may_be_paid_in_another(street: Street) -> None:
    order = await street.house.orders.place(ANNA, [LINE], 1)
    await street.house.payments.start(ANNA, order.id, "terminal")
    price = order.price("KGS")
    assert price is not None
    assert (await street.pay(street.anna, "77", price.decimal())).result == 0
    assert (await street.house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_day_of_the_register_is_the_networks(street: Street) -> None:
    await street.pay(street.anna, "77", "100.00")
    query = select(events.c.happened_at, events.c.account, events.c.raw)
    row = await street.database.read(lambda tx: tx.connection.execute(query).one())
    assert (row.happened_at, row.account) == (datetime(2026, 11, 18, 6, 1, 33, tzinfo=UTC), street.anna)
    assert street.anna.encode() not in row.raw


async def test_paused_payments_are_told_in_check_and_what_was_taken_is_still_booked(street: Street) -> None:
    await street.house.desk.close_payments(CASHIER, closed=True)
    assert (await street.check(street.anna)).result == 8
    assert (await street.pay(street.anna, "1", "100.00")).result == 0


async def test_status_tells_what_pay_told(street: Street) -> None:
    assert (await street.ask(command="status", txn_id="77")).result == 5
    paid = await street.pay(street.anna, "77", "100.00")
    told = await street.ask(command="status", txn_id="77")
    assert (told.result, told["prv_txn"], told["sum"]) == (0, paid["prv_txn"], "100.00")


async def test_cancel_takes_back_what_is_unspent_once(street: Street, count: Count) -> None:
    paid = await street.pay(street.anna, "77", "100.00")
    await street.pay(street.anna, "78", "100.00")
    names: list[dict[str, Any]] = [{"cancel_txn_id": "77"}, {"prv_txn": paid["prv_txn"]}]
    for fields in [*names, *names]:
        cancelled = await street.ask(command="cancel", txn_id="90", **fields)
        assert (cancelled.result, cancelled["prv_txn"]) == (0, paid["prv_txn"])
    assert (await kgs(street), await count(events)) == (HUNDRED, 3)
    known = Identity("elsom", EventKind.REFUNDED, "77")
    assert await street.database.read(lambda tx: tx.events.known(known)) is not None
    assert (await street.pay(street.anna, "77", "100.00")).result == 300
    assert (await street.ask(command="status", txn_id="77")).result == 300


async def test_cancel_of_what_was_used_is_refused(street: Street) -> None:
    order = await street.house.orders.place(ANNA, [LINE], 1)
    price = order.price("KGS")
    assert price is not None
    await street.pay(street.anna, "77", price.decimal())
    assert (await street.ask(command="cancel", txn_id="90", cancel_txn_id="77")).result == 251
    assert (await street.house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_cancel_of_something_else_is_refused(street: Street) -> None:
    await street.pay(street.anna, "77", "100.00")
    wrong: list[dict[str, Any]] = [{"cancel_txn_id": "1"}, {"prv_txn": "1"}, {}]
    for fields in [*wrong, {"cancel_txn_id": "77", "sum": "99.00"}]:
        assert (await street.ask(command="cancel", txn_id="90", **fields)).result == 251
    assert await kgs(street) == HUNDRED


async def test_money_from_a_terminal_cannot_be_refunded_there(street: Street) -> None:
    paid = await street.pay(street.anna, "77", "100.00")
    number = str(paid["prv_txn"])
    payment = await street.database.read(lambda tx: tx.payments.by_reference(number))
    assert payment is not None
    attempt = await street.house.refunds.refund(payment.id, HUNDRED, who=CASHIER, reason="mistake")
    assert attempt.state is AttemptState.KNOWN
    assert await kgs(street) == HUNDRED
    assert "refund_failed" in await notices(street.database)


async def test_command_outside_of_the_contract_is_refused(street: Street) -> None:
    await street.pay(street.anna, "77", "100.00", network="pay24")
    assert (await street.ask(network="pay24", command="cancel", txn_id="77")).result == 300
    assert (await street.ask(network="pay24", command="status", txn_id="77")).result == 300


async def test_slow_books_are_answered_in_time_and_the_repeat_tells_the_truth(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminals, "SECONDS_FOR_ANSWER", 0)
    assert (await street.pay(street.anna, "77", "100.00")).result == 1
    assert (await street.check(street.anna)).result == 1
    monkeypatch.undo()
    assert (await street.pay(street.anna, "77", "100.00")).result == 0
    assert await kgs(street) == HUNDRED


async def test_stranger_learns_nothing(street: Street, count: Count) -> None:
    fields: dict[str, Any] = {"command": "pay", "txn_id": "1", "account": street.anna, "sum": "100.00"}
    for place in (f"nobody/{SECRET}", "elsom/wrong-secret", f"far/{SECRET}", f"pay24/{SECRET}", "terminal/x"):
        for post in (False, True):
            status, _, body = await street.send(f"/terminal/{place}", post=post, **fields)
            assert (status, body) == (403, b"403: Forbidden")
    assert await count(events) == 0


async def test_strangers_are_counted_and_make_up_no_labels(street: Street) -> None:
    await street.send("/terminal/nobody/x")
    await street.send("/terminal/elsom/x")
    assert (street.count("unknown", "forged"), street.count("elsom", "forged")) == (1, 1)
    await street.check(street.anna)
    assert street.count("elsom", "check_0") == 1


async def test_password_is_asked_where_one_is_set(street: Street) -> None:
    path = "/terminal/pay24/another-secret-of-tests"
    assert (await street.send(path, auth=False, command="check", txn_id="1"))[0] == 403
    assert (await street.send(path, command="check", txn_id="1"))[0] == 200


async def test_oversized_body_is_refused(street: Street) -> None:
    status, _, _ = await street.send(f"/terminal/elsom/{SECRET}", post=True, data="x" * 100_000)
    assert status == 413


async def test_look_at_the_address_changes_nothing(street: Street, count: Count) -> None:
    fields: dict[str, Any] = {"command": "pay", "txn_id": "1", "account": street.anna, "sum": "100.00"}
    async with street.http.head(f"/terminal/elsom/{SECRET}", params=fields) as answer:
        assert answer.status == 405
    assert await count(events) == 0
