"""Refund requests: who decides, what goes back, and what becomes of the service once it has arrived."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.desk_terms import DeskTerms
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.refunds import Destination, RefundPlan, RefundState, ServiceChange
from bot.domain.states import OrderState, Role
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import attempts, extensions, outbox
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import (
    ANNA,
    CASHIER,
    LINE,
    OPERATOR,
    OWNER,
    VIEWER,
    WHATSAPP,
    surroundings,
)
from tests.services.money import balance, begun, notices, paid_until, price_of


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


@pytest.fixture
async def payment(house: House, database: Database, fake: FakeGateway, order: Order) -> Payment:
    """Paid, and its order fulfilled: WhatsApp is paid for a month from today."""
    return await pay(house, database, fake, order)


async def pay(house: House, database: Database, fake: FakeGateway, order: Order) -> Payment:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    found = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert found is not None
    return found


def plan(payment: Payment, **chosen: object) -> RefundPlan:
    return RefundPlan(payment.id, reason="by agreement", **chosen)  # type: ignore[arg-type]  # its fields, by name


async def test_a_cashier_refunds_all_of_it_alone(
    house: House, database: Database, order: Order, payment: Payment
) -> None:
    before = await paid_until(database, WHATSAPP)
    decided = await house.refund_requests.propose(CASHIER, plan(payment))
    assert (decided.request.state, decided.request.outcome) == (RefundState.DONE, "done")
    assert (decided.request.proposed_by, decided.request.confirmed_by) == (CASHIER, CASHIER)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED
    assert await balance(database) == Money(0, "RUB")
    assert await paid_until(database, WHATSAPP) == before, "the service is kept unless somebody says so"


async def test_stopping_ends_the_service_today_once_the_money_arrived(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    before = await paid_until(database, WHATSAPP)
    fake.refunds_end = "unfinished"
    decided = await house.refund_requests.propose(CASHIER, plan(payment, service=ServiceChange.STOP))
    assert decided.request.state is RefundState.SENDING
    assert await paid_until(database, WHATSAPP) == before, "nothing changes before it has arrived"
    fake.refunds_end = "succeeded"
    await make_due(database)
    await house.refunds.ask_due()
    assert await paid_until(database, WHATSAPP) == today()
    assert await causes(database) == ["order", "refund"]


async def test_a_part_shortens_in_proportion_and_in_the_customers_favour(
    house: House, database: Database, payment: Payment
) -> None:
    before = await paid_until(database, WHATSAPP)
    assert before is not None
    days = (before - today()).days
    preview = await house.refund_requests.preview(
        CASHIER, plan(payment, minor=50000, service=ServiceChange.SHORTEN)
    )
    (line,) = preview.lines
    assert line.days == days * 50000 // price_of(preview.order or pytest.fail()).minor
    await house.refund_requests.propose(CASHIER, preview.plan)
    assert await paid_until(database, WHATSAPP) == before - timedelta(days=line.days)


async def test_what_the_provider_refuses_changes_nothing(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    before = await paid_until(database, WHATSAPP)
    fake.day = Day.REFUSES
    decided = await house.refund_requests.propose(CASHIER, plan(payment, service=ServiceChange.STOP))
    assert decided.request.state is RefundState.FAILED
    assert await paid_until(database, WHATSAPP) == before
    assert await balance(database) == payment.amount
    assert "refund_failed" in await notices(database)


async def test_more_than_the_rest_and_a_refunded_one_are_refused(house: House, payment: Payment) -> None:
    await house.refund_requests.propose(CASHIER, plan(payment, minor=10000))
    with pytest.raises(CustomerError, match="refund_too_large"):
        await house.refund_requests.propose(CASHIER, plan(payment, minor=payment.amount.minor))
    await house.refund_requests.propose(CASHIER, plan(payment))
    with pytest.raises(CustomerError, match="not_refundable"):
        await house.refund_requests.propose(CASHIER, plan(payment))


async def test_to_the_balance_calls_nobody(
    house: House, database: Database, fake: FakeGateway, order: Order, payment: Payment
) -> None:
    fake.calls.clear()
    to_balance = plan(payment, destination=Destination.BALANCE, service=ServiceChange.STOP)
    decided = await house.refund_requests.propose(CASHIER, to_balance)
    assert (decided.request.state, decided.request.outcome) == (RefundState.DONE, "balance")
    assert fake.calls == []
    assert await balance(database) == payment.amount
    assert await paid_until(database, WHATSAPP) == today()
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED


async def test_an_operator_proposes_nothing_without_a_limit_and_a_viewer_sees_nothing(
    house: House, payment: Payment
) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.refund_requests.propose(OPERATOR, plan(payment))
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.refund_requests.preview(VIEWER, plan(payment))


async def test_two_who_propose_at_once_send_it_once(
    house: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    done = await asyncio.gather(
        house.refund_requests.propose(CASHIER, plan(payment)),
        house.refund_requests.propose(OWNER, plan(payment)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, CustomerError) for each in done) == 1
    assert fake.calls.count("refund") == 1


def with_desk(catalogue: Catalogue, **terms: object) -> Catalogue:
    return replace(catalogue, desk=DeskTerms(**terms))  # type: ignore[arg-type]  # its fields, by name


@pytest.fixture
def strict(house: House, database: Database, catalogue: Catalogue, fake: FakeGateway) -> House:
    """The same books, where 500 ₽ and more need a second person, and operators may propose up to 600 ₽."""
    terms = with_desk(
        catalogue,
        second_from={"RUB": Money(50000, "RUB")},
        most={Role.OPERATOR: {"RUB": Money(60000, "RUB")}},
    )
    return build_house(database, surroundings(terms, fake))


async def test_above_a_sum_another_person_agrees(
    strict: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    decided = await strict.refund_requests.propose(CASHIER, plan(payment))
    assert (decided.request.state, decided.alone) == (RefundState.PROPOSED, False)
    assert "refund" not in fake.calls
    with pytest.raises(CustomerError, match="second_person_needed"):
        await strict.refund_requests.confirm(CASHIER, decided.request.id)
    with pytest.raises(CustomerError, match="second_person_needed"):
        await strict.refund_requests.confirm(CASHIER, decided.request.id, alone=True)
    done = await strict.refund_requests.confirm(OWNER, decided.request.id)
    assert (done.state, done.confirmed_by) == (RefundState.DONE, OWNER)
    with pytest.raises(CustomerError, match="already_done"):
        await strict.refund_requests.confirm(OWNER, decided.request.id)


async def test_confirming_and_declining_at_once_do_one_of_both(
    strict: House, database: Database, fake: FakeGateway, payment: Payment
) -> None:
    decided = await strict.refund_requests.propose(CASHIER, plan(payment))
    done = await asyncio.gather(
        strict.refund_requests.confirm(OWNER, decided.request.id),
        strict.refund_requests.decline(OWNER, decided.request.id, "not so"),
        strict.refund_requests.confirm(OWNER, decided.request.id),
        return_exceptions=True,
    )
    assert sum(isinstance(each, CustomerError) for each in done) == 2
    assert fake.calls.count("refund") <= 1


async def test_an_operator_proposes_and_a_cashier_agrees(strict: House, payment: Payment) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await strict.refund_requests.propose(OPERATOR, plan(payment))
    decided = await strict.refund_requests.propose(OPERATOR, plan(payment, minor=10000))
    assert decided.request.state is RefundState.PROPOSED
    with pytest.raises(CustomerError, match="not_allowed"):
        await strict.refund_requests.confirm(OPERATOR, decided.request.id)
    assert (await strict.refund_requests.confirm(CASHIER, decided.request.id)).state is RefundState.DONE


async def test_who_is_alone_agrees_a_second_time_in_private(
    house: House, database: Database, catalogue: Catalogue, fake: FakeGateway, payment: Payment
) -> None:
    terms = with_desk(catalogue, second_from={"RUB": Money(50000, "RUB")})
    lonely = build_house(database, replace(surroundings(terms, fake), operators={OWNER: Role.OWNER}))
    await lonely.customers.greet(OWNER, name="Olga", language="ru")
    decided = await lonely.refund_requests.propose(OWNER, plan(payment))
    assert decided.alone
    assert (OWNER, "refund_to_confirm") in await addressed(database)
    with pytest.raises(CustomerError, match="second_person_needed"):
        await lonely.refund_requests.confirm(OWNER, decided.request.id)
    done = await lonely.refund_requests.confirm(OWNER, decided.request.id, alone=True)
    assert done.state is RefundState.DONE


async def test_several_connectors_are_shortened_each_in_its_share(
    house: House, database: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP, LINE], 1)
    payment = await pay(house, database, fake, order)
    half = plan(payment, minor=payment.amount.minor // 2, service=ServiceChange.SHORTEN)
    preview = await house.refund_requests.preview(CASHIER, half)
    assert len(preview.lines) == 2
    await house.refund_requests.propose(CASHIER, half)
    for line in preview.lines:
        assert await paid_until(database, line.connector_id) == line.after


async def test_a_top_up_goes_back_as_far_as_the_balance_reaches(
    house: House, database: Database, fake: FakeGateway
) -> None:
    payer = await database.write(lambda tx: tx.customers.person(ANNA))
    link = await house.payments.start_top_up(ANNA, payer, "fake", Money(150000, "RUB"))
    topped = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert topped is not None
    await house.callbacks.receive("fake", fake.pay(topped.reference))
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.orders.settle(ANNA, order.id, "RUB")
    preview = await house.refund_requests.preview(CASHIER, plan(topped))
    assert preview.amount == Money(150000, "RUB") - price_of(order)
    assert (await house.refund_requests.propose(CASHIER, plan(topped))).request.state is RefundState.DONE
    assert await balance(database) == Money(0, "RUB")


def today() -> date:
    return periods.today(ZoneInfo("Europe/Moscow"))


async def causes(database: Database) -> list[str]:
    query = select(extensions.c.cause).order_by(extensions.c.id)
    return await database.read(lambda tx: list(tx.connection.execute(query).scalars()))


async def addressed(database: Database) -> list[tuple[int, str]]:
    query = select(outbox.c.address, outbox.c.kind)
    return await database.read(lambda tx: [tuple(row) for row in tx.connection.execute(query)])


async def make_due(database: Database) -> None:
    due = update(attempts).values(next_ask_at=periods.now())
    await database.write(lambda tx: tx.connection.execute(due) and None)
