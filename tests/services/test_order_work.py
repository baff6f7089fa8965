"""Work on what is made to order: from stage to stage, with what the customer gets, and back again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.notices import MAIL
from bot.domain.order_forms import OrderWork
from bot.domain.periods import now, today
from bot.domain.states import OrderState
from bot.domain.webhooks import SELLER
from bot.services import returns
from bot.services.house import House
from bot.services.made_to_order import work_cards
from bot.services.made_to_order.work_cards import subject_of
from bot.storage.database import Database
from bot.storage.tables import outbox, webhooks
from bot.storage.tx import Tx
from tests.made_to_order import SentIn, order_of, pay, send_in
from tests.services.conftest import ANNA, CASHIER, OPERATOR, OWNER, VIEWER

WORKING, TESTING, DONE = range(3)
ZONE = ZoneInfo("Europe/Moscow")


@pytest.fixture
async def letters(database: Database) -> Database:
    database.listeners.update({MAIL, SELLER})
    return database


@pytest.fixture
async def paid(house: House, letters: Database, catalogue: Catalogue) -> AsyncIterator[tuple[SentIn, int]]:
    """An approved order that was paid by card; it and its card."""
    await letters.write(lambda tx: tx.customers.set_email(ANNA, "anna@example.org"))
    sent_in = await letters.write(lambda tx: send_in(tx, catalogue, ANNA))
    await house.reviews.approve(OPERATOR, sent_in.card_id)
    await pay(house, sent_in)
    card = await letters.read(lambda tx: tx.cards.open_about(subject_of(sent_in.order_id)))
    assert card is not None
    yield sent_in, card.id


async def told(database: Database, kind: str) -> list[dict[str, Any]]:
    query = select(outbox.c.payload).where(outbox.c.kind == kind).order_by(outbox.c.id)
    return list(await database.read(lambda tx: tx.connection.scalars(query).all()))


async def hooks(database: Database) -> list[str]:
    query = select(webhooks.c.kind).where(webhooks.c.kind.like("order.%")).order_by(webhooks.c.id)
    return list(await database.read(lambda tx: tx.connection.scalars(query).all()))


async def work_of(database: Database, sent_in: SentIn) -> OrderWork:
    work = await database.read(lambda tx: tx.order_work.get(sent_in.order_id))
    assert work is not None
    return work


async def test_money_hangs_the_work_up_and_confirms_it_by_letter(
    house: House, database: Database, paid: tuple[SentIn, int]
) -> None:
    sent_in, card_id = paid
    order = await database.read(lambda tx: order_of(tx, sent_in))
    assert order.state is OrderState.PAID
    assert [row["card"] for row in await told(database, "order_work")] == [card_id]
    (notice,) = await told(database, "paid")
    assert all(line["made"] for line in notice["lines"]), "nothing is switched on: work begins"
    (letter,) = await told(database, "receipt")
    assert letter["titles"] == order.titles
    assert await hooks(database) == ["order.approved", "order.paid"]


async def test_each_stage_is_told_and_the_last_one_ends_it(
    house: House, database: Database, paid: tuple[SentIn, int]
) -> None:
    sent_in, card_id = paid
    card = await house.order_work.move(OPERATOR, card_id, WORKING)
    assert card.payload["stage"] == "working"
    assert card.payload["stage_due"] == today(ZONE) + timedelta(days=14)
    file = {"file_id": "draft-1", "kind": "document"}
    await house.order_work.draft(OPERATOR, card_id, {"words": "Look at it"})
    await house.order_work.draft(OPERATOR, card_id, {"file": file, "due": today(ZONE) + timedelta(days=2)})
    card = await house.order_work.move(CASHIER, card_id, TESTING)
    assert card.payload["stage_due"] == today(ZONE) + timedelta(days=2)
    assert card.payload["draft"] == {}
    card = await house.order_work.move(OPERATOR, card_id, DONE)
    assert (card.closed_by, card.answer) == (OPERATOR, "work_done")
    order = await database.read(lambda tx: order_of(tx, sent_in))
    assert order.state is OrderState.FULFILLED
    assert (await work_of(database, sent_in)).done_at is not None
    stages = await told(database, "order_stage")
    assert [each["stage"]["en"] for each in stages] == ["In work", "For approval", "Done"]
    assert (stages[1]["words"], stages[1]["file"]) == ("Look at it", file)
    assert (await hooks(database))[2:] == ["order.stage"] * 3 + ["order.done"]
    steps = await database.read(lambda tx: tx.order_work.steps(sent_in.order_id))
    assert [(step.stage, step.who) for step in steps] == [
        ("working", OPERATOR),
        ("testing", CASHIER),
        ("done", OPERATOR),
    ]


async def test_two_tap_the_same_stage_and_one_moves_it(
    house: House, database: Database, paid: tuple[SentIn, int]
) -> None:
    outcomes = await asyncio.gather(
        *(house.order_work.move(who, paid[1], WORKING) for who in (OPERATOR, CASHIER, OWNER)),
        return_exceptions=True,
    )
    winners = [each for each in outcomes if isinstance(each, Card)]
    losers = [each for each in outcomes if isinstance(each, CustomerError)]
    assert len(winners) == 1 and {each.code for each in losers} == {"done_by"}
    assert len(await told(database, "order_stage")) == 1


async def test_a_step_is_taken_back_by_who_made_it_or_by_a_cashier(
    house: House, database: Database, paid: tuple[SentIn, int]
) -> None:
    sent_in, card_id = paid
    await house.order_work.move(CASHIER, card_id, WORKING)
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.order_work.undo(OPERATOR, card_id)
    await house.order_work.undo(CASHIER, card_id)
    assert (await work_of(database, sent_in)).stage == ""
    with pytest.raises(CustomerError, match="already_done"):
        await house.order_work.undo(CASHIER, card_id)
    for stage in (WORKING, TESTING, DONE):
        await house.order_work.move(OPERATOR, card_id, stage)
    card = await house.order_work.undo(OPERATOR, card_id)
    assert card.closed_by is None and card.payload["stage"] == "testing"
    order = await database.read(lambda tx: order_of(tx, sent_in))
    assert order.state is OrderState.PAID
    await house.order_work.move(OPERATOR, card_id, DONE)


async def test_late_work_rises_once(house: House, database: Database, paid: tuple[SentIn, int]) -> None:
    await house.order_work.move(OPERATOR, paid[1], WORKING)
    assert await house.order_work.raise_overdue() == 0
    with time_machine.travel(now() + timedelta(days=15)):
        assert await house.order_work.raise_overdue() == 1
        assert await house.order_work.raise_overdue() == 0
    assert len(await told(database, "order_work")) == 2


async def test_nobody_works_for_money_that_went_back(
    house: House, database: Database, catalogue: Catalogue, paid: tuple[SentIn, int]
) -> None:
    sent_in, card_id = paid
    await house.order_work.move(OPERATOR, card_id, WORKING)

    def back(tx: Tx) -> None:
        order = order_of(tx, sent_in)
        price = order.prices[0]
        tx.customers.lock_payer(order.payer_id)
        returns.take_out(tx, order, price, whole=True)

    await database.write(back)
    card = await house.desk.card(card_id)
    assert card.payload["over"] and len(card.payload["gone"]) == 1
    assert card.closed_by is not None, "nothing waits there"
    with pytest.raises(CustomerError, match="money_gone"):
        await house.order_work.move(OPERATOR, card_id, TESTING)
    (word,) = await told(database, "order_work_refunded")
    assert word["whole"] and word["under"] == card_id

    def again(tx: Tx) -> None:
        tariff = catalogue.tariff("app")
        assert tariff is not None
        tx.orders.move(sent_in.order_id, to=OrderState.PAID, only_from=OrderState.REFUNDED)
        order = order_of(tx, sent_in)
        work_cards.open_work(tx, order, tariff, order.prices[0])

    await database.write(again)
    card = await house.order_work.move(OPERATOR, card_id, TESTING)
    assert card.payload["stage"] == "testing", "paid once more, it goes on where it stood"


async def test_who_does_not_hear_the_chat_gets_a_letter(
    house: House, database: Database, paid: tuple[SentIn, int]
) -> None:
    await database.write(lambda tx: tx.customers.set_reachable(ANNA, False))
    await house.order_work.move(OPERATOR, paid[1], WORKING)
    query = select(outbox.c.email).where(outbox.c.kind == "order_stage")
    assert await database.read(lambda tx: tx.connection.scalars(query).all()) == ["anna@example.org"]


async def test_whoever_may_only_look_moves_nothing(house: House, paid: tuple[SentIn, int]) -> None:
    for act in (
        house.order_work.move(VIEWER, paid[1], WORKING),
        house.order_work.undo(VIEWER, paid[1]),
        house.order_work.draft(VIEWER, paid[1], {"words": "x"}),
    ):
        with pytest.raises(CustomerError, match="not_allowed"):
            await act
