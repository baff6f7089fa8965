"""Each rule of orders by a form, broken by hand in books that are right, is named by the proof."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import delete, update

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.states import Role
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import form_answers, order_forms, order_work, orders
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.made_to_order import SentIn, pay, send_in
from tests.services.conftest import ANNA, OPERATOR, give_anna_her_lines, surroundings

Spoil: TypeAlias = Callable[[Tx], object]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Path("catalog.example.toml"))


@pytest.fixture
async def house(database: Database, catalogue: Catalogue) -> House:
    house = build_house(database, surroundings(catalogue, FakeGateway()))
    assert house.desk.role(OPERATOR) is Role.OPERATOR
    await house.customers.greet(ANNA, name="Anna", language="en")
    await database.write(give_anna_her_lines)
    return house


@pytest.fixture
async def sent_in(house: House, database: Database, catalogue: Catalogue) -> SentIn:
    return await database.write(lambda tx: send_in(tx, catalogue, ANNA))


def order_is(state: str) -> Spoil:
    return lambda tx: tx.connection.execute(update(orders).values(state=state))


def form_is(state: str) -> Spoil:
    return lambda tx: tx.connection.execute(update(order_forms).values(state=state))


def no_form(tx: Tx) -> None:
    tx.connection.execute(delete(form_answers))
    tx.connection.execute(delete(order_forms))


def work_done(tx: Tx) -> None:
    tx.connection.execute(update(order_work).values(done_at=periods.now()))


def no_work(tx: Tx) -> None:
    tx.connection.execute(delete(order_work))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (order_is("awaiting"), "(review): its order is awaiting"),
        (form_is("approved"), "(approved): its order is review"),
        (form_is("withdrawn"), "(withdrawn): its order is review"),
        (no_form, "in review without a form"),
    ],
)
async def test_a_review_that_disagrees_is_named(
    house: House, database: Database, sent_in: SentIn, spoil: Spoil, says: str
) -> None:
    assert (await house.books.prove()).disagreements == []
    await database.write(spoil)
    assert any(says in each for each in (await house.books.prove()).disagreements)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (work_done, "(paid): its work is done"),
        (no_work, "(paid): its work is not begun"),
        (order_is("fulfilled"), "(fulfilled): its work is open"),
    ],
)
async def test_work_that_disagrees_is_named(
    house: House, database: Database, sent_in: SentIn, spoil: Spoil, says: str
) -> None:
    await house.reviews.approve(OPERATOR, sent_in.card_id)
    await pay(house, sent_in)
    assert (await house.books.prove()).disagreements == []
    await database.write(spoil)
    assert any(says in each for each in (await house.books.prove()).disagreements)
