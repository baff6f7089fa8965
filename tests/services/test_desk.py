"""The operators' desk: money without an owner always finds a way, once, by somebody who may."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import periods
from bot.domain.customers import Connector
from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import EventFate, OrderState, Role
from bot.domain.talk import Said
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import audit, events, operator_cards, outbox, transfers
from tests.gateways.fake import FakeGateway
from tests.services.conftest import (
    ANNA,
    BOB,
    CASHIER,
    LINE,
    OPERATOR,
    OWNER,
    STRANGER,
    VIEWER,
    WHATSAPP,
    Count,
)
from tests.services.money import balance, begun, notices, price_of

SPARE = "spare-1"


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


async def stray(
    house: House, amount: Money, movement: str = "m-1", reference: str = "lost-with-a-restore"
) -> None:
    """Money with our mark that no payment of ours bears."""
    await house.settlement.take(Paid("fake", movement, reference, amount, provider_payment=f"p-{movement}"))


async def cards(database: Database) -> list[Card]:
    query = select(operator_cards.c.id).order_by(operator_cards.c.id)
    ids = await database.read(lambda tx: list(tx.connection.execute(query).scalars()))
    found = await database.read(lambda tx: [tx.cards.get(id_) for id_ in ids])
    return [card for card in found if card is not None]


async def the_card(database: Database, kind: str) -> Card:
    return next(card for card in await cards(database) if card.kind == kind)


async def event_id(database: Database) -> int:
    query = select(events.c.id).order_by(events.c.id.desc()).limit(1)
    return await database.read(lambda tx: int(tx.connection.execute(query).scalar_one()))


async def fates(database: Database) -> list[str]:
    return await database.read(lambda tx: list(tx.connection.execute(select(events.c.fate)).scalars()))


async def answers(database: Database) -> list[str]:
    query = select(outbox.c.payload).where(outbox.c.kind == "answer").order_by(outbox.c.id)
    return await database.read(lambda tx: [each["text"] for each in tx.connection.execute(query).scalars()])


async def payment_id(database: Database, reference: str) -> int:
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    return payment.id


async def complained(house: House, payment: int | None, amount: str) -> None:
    day = periods.now().date()
    await house.complaints.complain(ANNA, payment_id=payment, day=day, amount=amount)


async def refused_with(code: str, act: Awaitable[Any]) -> CustomerError:
    with pytest.raises(CustomerError) as caught:
        await act
    assert caught.value.code == code
    return caught.value


async def test_it_is_this_settles_what_the_customer_complained_about(
    house: House, database: Database, order: Order
) -> None:
    payment = await payment_id(database, await begun(house, database, order))
    price = price_of(order)
    await stray(house, price)
    await complained(house, payment, price.decimal())
    card = await the_card(database, "complaint")
    shown = await house.desk.card(card.id)
    assert shown.payload["name"] == "Anna"
    assert [clue["amount"] for clue in shown.payload["candidates"]] == [price]
    closed = await house.desk.give_to_payment(CASHIER, card.id, await event_id(database), payment)
    assert [each.kind for each in closed] == ["complaint", "money_suspense"]
    assert {each.closed_by for each in closed} == {CASHIER}
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await fates(database) == [EventFate.BOOKED]


async def test_money_goes_to_a_payment_that_was_searched_for(
    house: House, database: Database, order: Order
) -> None:
    reference = await begun(house, database, order)
    await stray(house, price_of(order))
    card, event = await the_card(database, "money_suspense"), await event_id(database)
    number = await payment_id(database, reference)
    for words in (reference[-8:], f"№ {number}", price_of(order).decimal().replace(".", ",")):
        found = await house.desk.owners(CASHIER, card.id, words)
        assert [owner.payment.id for owner in found if owner.payment] == [number], words
    await house.desk.give_to_payment(CASHIER, card.id, event, number)
    assert "paid" in await notices(database)
    assert await balance(database) == Money(0, "RUB")


async def test_money_goes_to_the_balance_of_a_customer_who_never_began_a_payment(
    house: House, database: Database
) -> None:
    amount = Money(12345, "RUB")
    await stray(house, amount)
    card, event = await the_card(database, "money_suspense"), await event_id(database)
    for words in ("bob", str(BOB)):
        (owner,) = await house.desk.owners(CASHIER, card.id, words)
        assert (owner.customer.id, owner.payment) == (BOB, None)
    await house.desk.give_to_customer(CASHIER, card.id, event, BOB)
    assert await balance(database, customer=BOB) == amount
    assert (await notices(database))[-1] == "topped_up"


async def test_a_short_search_finds_nobody_by_chance(house: House, database: Database) -> None:
    await stray(house, Money(100, "RUB"))
    card = await the_card(database, "money_suspense")
    for words in ("", " ", "№", "zzzzzz", "%", "_"):
        assert await house.desk.owners(CASHIER, card.id, words) == []


async def test_money_that_came_twice_rests_on_its_payers_balance(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    await stray(house, price_of(order), "second", reference)
    card = await the_card(database, "money_review")
    number = await payment_id(database, reference)
    assert (card.payload["customer_id"], card.payload["payment_id"]) == (ANNA, number)
    await house.desk.give_to_payment(OWNER, card.id, await event_id(database), number)
    assert await balance(database) == price_of(order)
    assert (await notices(database))[-2:] == ["on_balance", "on_balance"]


async def test_money_in_another_currency_is_given_as_well(
    house: House, database: Database, order: Order
) -> None:
    number = await payment_id(database, await begun(house, database, order))
    await stray(house, Money(500, "KGS"))
    card, event = await the_card(database, "money_suspense"), await event_id(database)
    await house.desk.give_to_payment(CASHIER, card.id, event, number)
    assert await balance(database, "KGS") == Money(500, "KGS")


async def test_two_operators_at_once_give_it_once(
    house: House, database: Database, order: Order, count: Count
) -> None:
    number = await payment_id(database, await begun(house, database, order))
    await stray(house, price_of(order))
    await complained(house, number, price_of(order).decimal())
    money, complaint = await the_card(database, "money_suspense"), await the_card(database, "complaint")
    event = await event_id(database)
    desk = house.desk
    presses = [
        desk.give_to_payment(CASHIER, money.id, event, number),
        desk.give_to_payment(OWNER, money.id, event, number),
        desk.give_to_customer(OWNER, money.id, event, BOB),
        desk.give_to_payment(CASHIER, complaint.id, event, number),
        desk.give_to_payment(OWNER, complaint.id, event, number),
        desk.give_to_customer(CASHIER, money.id, event, ANNA),
    ]
    ends = await asyncio.gather(*presses, return_exceptions=True)
    told = [end.code for end in ends if isinstance(end, CustomerError)]
    assert len(told) == 5, ends
    assert set(told) <= {"card_answered", "already_done"}
    assert await count(transfers, transfers.c.reason == "assigned") == 1


async def test_the_second_is_told_which_card_it_was(house: House, database: Database) -> None:
    await stray(house, Money(100, "RUB"))
    card, event = await the_card(database, "money_suspense"), await event_id(database)
    await house.desk.give_to_customer(CASHIER, card.id, event, ANNA)
    refusal = await refused_with("card_answered", house.desk.give_to_customer(OWNER, card.id, event, BOB))
    assert refusal.blanks == {"card": card.id}
    assert (await house.desk.card(card.id)).closed_by == CASHIER
    assert (await notices(database)).count("topped_up") == 1


async def test_candidates_that_somebody_took_are_no_longer_offered(
    house: House, database: Database, order: Order
) -> None:
    number = await payment_id(database, await begun(house, database, order))
    await stray(house, Money(100, "RUB"))
    await complained(house, number, "1")
    money, complaint = await the_card(database, "money_suspense"), await the_card(database, "complaint")
    event = await event_id(database)
    await house.desk.give_to_customer(CASHIER, money.id, event, BOB)
    assert (await house.desk.card(complaint.id)).payload["candidates"] == []
    await refused_with("already_done", house.desk.give_to_payment(CASHIER, complaint.id, event, number))
    assert (await house.desk.card(complaint.id)).closed_by is None, "the complaint still waits"


async def test_a_card_gives_no_money_but_its_own(house: House, database: Database) -> None:
    await stray(house, Money(100, "RUB"), "m-1")
    first = await event_id(database)
    await stray(house, Money(200, "RUB"), "m-2")
    second_card = (await cards(database))[-1]
    await refused_with("not_found", house.desk.give_to_customer(CASHIER, second_card.id, first, BOB))
    await refused_with("not_found", house.desk.give_to_customer(CASHIER, second_card.id, first + 1, 404))
    await refused_with("not_found", house.desk.give_to_payment(CASHIER, second_card.id, first + 1, 404))
    await refused_with("card_gone", house.desk.give_to_customer(CASHIER, 404, first, BOB))


async def test_money_without_an_owner_cannot_be_dismissed(house: House, database: Database) -> None:
    await stray(house, Money(100, "RUB"))
    card = await the_card(database, "money_suspense")
    await refused_with("money_waits", house.desk.dismiss(OWNER, card.id))
    assert [each.id for each in await house.desk.open_cards(VIEWER)] == [card.id]


@pytest.mark.parametrize("who", [STRANGER, VIEWER, OPERATOR])
async def test_money_is_given_by_cashiers_alone(house: House, database: Database, who: int) -> None:
    await stray(house, Money(100, "RUB"))
    card, event = await the_card(database, "money_suspense"), await event_id(database)
    desk = house.desk
    for act in (
        desk.give_to_customer(who, card.id, event, BOB),
        desk.give_to_payment(who, card.id, event, 1),
        desk.owners(who, card.id, "bob"),
        desk.owners_of(who, BOB),
        desk.card_for(who, card.id, Role.CASHIER),
        desk.close_payments(who, closed=True),
    ):
        await refused_with("not_allowed", act)
    assert not await desk.payments_closed()


@pytest.mark.parametrize("who", [STRANGER, VIEWER])
async def test_who_only_looks_on_changes_nothing(house: House, database: Database, who: int) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    card = await the_card(database, "question")
    for act in (
        house.talk.answer(who, card.id, Said(11, "Here.")),
        house.desk.dismiss(who, card.id),
        house.desk.lines(who, card.id, "spare"),
        house.desk.attach(who, card.id, SPARE),
    ):
        await refused_with("not_allowed", act)
    await refused_with("not_allowed", house.desk.open_cards(STRANGER))


async def test_every_act_is_in_the_audit_log(house: House, database: Database) -> None:
    await stray(house, Money(100, "RUB"))
    card, event = await the_card(database, "money_suspense"), await event_id(database)
    await house.desk.give_to_customer(CASHIER, card.id, event, BOB)
    await house.desk.close_payments(OWNER, closed=True)
    query = select(audit.c.who, audit.c.action, audit.c.details).order_by(audit.c.id)
    rows = await database.read(lambda tx: [tuple(row) for row in tx.connection.execute(query)])
    details = {"card": card.id, "answer": f"event:{event} customer:{BOB}"}
    assert rows == [(CASHIER, "card_closed", details), (OWNER, "payments_closed", {})]


async def test_a_line_is_found_and_attached_once(house: House, database: Database) -> None:
    await database.write(lambda tx: tx.connectors.add(_spare(SPARE, "Spare line", "+79990001122")))
    await house.connectors.find(BOB, "the spare one")
    card = await the_card(database, "find_connector")
    for words in (SPARE, "spare LINE", "9990001122", "8 (999) 000-11-22", "11-22"):
        assert [line.id for line in await house.desk.lines(OPERATOR, card.id, words)] == [SPARE]
    assert await house.desk.lines(OPERATOR, card.id, LINE) == [], "that one is Anna's"
    assert (await house.desk.card(card.id)).payload["found"] == [SPARE]
    presses = [house.desk.attach(who, card.id, SPARE) for who in (OPERATOR, CASHIER, OWNER)]
    ends = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(end, CustomerError) for end in ends) == 2
    assert (await house.connectors.get(BOB, SPARE)).title == "Spare line"
    assert (await notices(database)).count("connector_attached") == 1
    await refused_with("card_answered", house.desk.lines(OPERATOR, card.id, "spare"))


async def test_a_line_that_somebody_took_meanwhile_leaves_the_card_open(
    house: House, database: Database
) -> None:
    await house.connectors.find(BOB, "line 5")
    card = await the_card(database, "find_connector")
    await refused_with("connector_taken", house.desk.attach(OPERATOR, card.id, LINE))
    assert (await house.desk.card(card.id)).closed_by is None


async def test_a_question_is_answered_by_one_person(house: House, database: Database) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    card = await the_card(database, "question")
    await house.talk.answer(OPERATOR, card.id, Said(11, "Here."))
    await house.talk.answer(OPERATOR, card.id, Said(11, "Here."))
    await house.talk.answer(OPERATOR, card.id, Said(12, "And there."))
    await refused_with("card_answered", house.talk.answer(CASHIER, card.id, Said(13, "No, here.")))
    assert await answers(database) == ["Here.", "And there."]


async def test_answers_at_once_come_from_one_person(house: House, database: Database) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    card = await the_card(database, "question")
    wrote = [house.talk.answer(who, card.id, Said(who, f"I am {who}")) for who in (OPERATOR, CASHIER, OWNER)]
    ends = await asyncio.gather(*wrote, return_exceptions=True)
    assert sum(isinstance(end, CustomerError) for end in ends) == 2
    assert len(await answers(database)) == 1


async def test_asking_back_leaves_a_complaint_open(house: House, database: Database) -> None:
    await complained(house, None, "990")
    card = await the_card(database, "complaint")
    await house.talk.answer(OPERATOR, card.id, Said(11, "From which bank?"))
    assert (await house.desk.card(card.id)).closed_by is None
    await house.desk.dismiss(OPERATOR, card.id)
    await refused_with("card_answered", house.desk.dismiss(OPERATOR, card.id))


async def test_the_owner_of_a_complaint_without_a_payment_is_chosen(
    house: House, database: Database, order: Order
) -> None:
    number = await payment_id(database, await begun(house, database, order))
    await stray(house, price_of(order))
    await complained(house, None, price_of(order).decimal())
    card = await the_card(database, "complaint")
    owners = await house.desk.owners_of(CASHIER, ANNA)
    assert [owner.payment.id if owner.payment else None for owner in owners] == [number, None]
    await house.desk.give_to_payment(CASHIER, card.id, await event_id(database), number)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_the_switch_is_pressed_once(house: House, order: Order) -> None:
    await house.desk.close_payments(CASHIER, closed=True)
    await refused_with("already_done", house.desk.close_payments(OWNER, closed=True))
    await refused_with("payments_closed", house.payments.start(ANNA, order.id, "fake"))
    await house.desk.close_payments(OWNER, closed=False)
    assert (await house.payments.start(ANNA, order.id, "fake")).url


def _spare(id_: str, title: str, phone: str) -> Connector:
    return Connector(id_, "line", title, "line", None, None, None, phone=phone)
