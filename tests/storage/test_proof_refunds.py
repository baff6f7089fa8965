"""Each rule of refund requests, broken by hand in books that are right, is named by the proof."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import delete, insert, select, update

from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.refunds import RefundPlan, ServiceChange
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import attempts, extensions, refund_changes, refund_requests
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, CASHIER, LINE, WHATSAPP, give_anna_her_lines, surroundings
from tests.services.money import begun

Spoil: TypeAlias = Callable[[Tx], object]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Path("catalog.example.toml"))


@pytest.fixture
async def house(database: Database, catalogue: Catalogue) -> House:
    """Anna's WhatsApp was paid for, refunded whole and stopped."""
    fake = FakeGateway()
    house = build_house(database, surroundings(catalogue, fake))
    await house.customers.greet(ANNA, name="Anna", language="en")
    await database.write(give_anna_her_lines)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    stop = RefundPlan(payment.id, service=ServiceChange.STOP, reason="by agreement")
    await house.refund_requests.propose(CASHIER, stop)
    return house


def request(**values: object) -> Spoil:
    return lambda tx: tx.connection.execute(update(refund_requests).values(**values))


def attempt(**values: object) -> Spoil:
    return lambda tx: tx.connection.execute(update(attempts).values(**values))


def moved_again(tx: Tx) -> None:
    """The same refund took days a second time, and of another connector as well."""
    row = tx.connection.execute(select(extensions).where(extensions.c.cause == "refund")).one()._asdict()
    del row["id"]
    tx.connection.execute(insert(extensions), [row, row | {"connector_id": LINE}])


BROKEN: dict[str, tuple[Spoil, str]] = {
    "an open one has an end": (request(state="sending"), "its end and its state"),
    "one that is over has none": (request(ended_at=None), "its end and its state"),
    "one on its way has arrived": (request(state="by_hand", ended_at=None), "its attempt is known (done)"),
    "one that is done has not arrived": (attempt(outcome="refused"), "its attempt is known (refused)"),
    "one is done without an attempt": (request(attempt_id=None), "its attempt is None"),
    "a wish has an attempt": (request(state="asked", ended_at=None), "its attempt is known"),
    "a failed one has none": (request(state="failed", attempt_id=None), "its attempt is None"),
    "another sum was sent": (request(minor=1), "1 decided"),
    "a date did not move": (
        lambda tx: tx.connection.execute(delete(extensions).where(extensions.c.cause == "refund")),
        "connector wa-1 says otherwise",
    ),
    "a date moved by a refund that failed": (request(state="failed"), "connector wa-1 says otherwise"),
    "nobody decided that it moves": (
        lambda tx: tx.connection.execute(delete(refund_changes)),
        "which nobody",
    ),
    "it moved twice": (moved_again, "which nobody"),
}


async def test_books_that_are_right_are_proved(house: House) -> None:
    assert (await house.books.prove()).disagreements == []


@pytest.mark.parametrize("what", list(BROKEN))
async def test_what_is_broken_is_named(house: House, database: Database, what: str) -> None:
    spoil, named = BROKEN[what]
    await database.write(lambda tx: spoil(tx) and None)
    found = (await house.books.prove()).disagreements
    assert any(named in line for line in found), found
