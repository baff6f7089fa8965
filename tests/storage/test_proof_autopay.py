"""Each rule of autopays, broken by hand in books that are right, is named by the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import delete, insert, select, update

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.events import Paid
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import (
    arrears,
    attempts,
    autopay_consents,
    autopays,
    connectors,
    events,
    orders,
    payments,
    saved_cards,
)
from bot.storage.tx import Tx
from tests.autopays import PRICE, Connected, connect, send_charge
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, WHATSAPP, give_anna_her_lines, surroundings

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Charged:
    """An autopay of Anna's that has charged once."""

    its: Connected
    payment_id: int
    attempt_id: int


Spoil: TypeAlias = Callable[[Tx, Charged], None]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Path("catalog.example.toml"))


@pytest.fixture
async def house(database: Database, catalogue: Catalogue) -> House:
    house = build_house(database, surroundings(catalogue, FakeGateway()))
    await house.customers.greet(ANNA, name="Anna", language="en")
    await database.write(give_anna_her_lines)
    return house


@pytest.fixture
async def charged(house: House, database: Database) -> Charged:
    its = await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    reference = await database.write(lambda tx: send_charge(tx, ANNA, its))
    await house.settlement.take(Paid("fake", "m-1", reference, PRICE, provider_payment="sale-1"))

    def known(tx: Tx) -> Charged:
        payment, attempt = (
            tx.payments.by_reference(reference),
            tx.attempts.by_reference(f"attempt-{reference}"),
        )
        assert payment is not None and attempt is not None
        tx.attempts.known(attempt.id, outcome="succeeded")
        return Charged(its, payment.id, attempt.id)

    return await database.write(known)


def twice(tx: Tx, charged: Charged) -> None:
    send_charge(tx, ANNA, charged.its, number=2)
    second = select(payments.c.id).where(payments.c.reference.like("%-2")).scalar_subquery()
    tx.connection.execute(update(attempts).where(attempts.c.number == 2).values(sent_at=None))
    told = select(events).where(events.c.payment_id == charged.payment_id)
    row = tx.connection.execute(told).one()._asdict() | {"movement": "m-2"}
    row.pop("id")
    row.pop("payment_id")
    tx.connection.execute(insert(events).values(**row, payment_id=second))


def no_call(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(delete(attempts).where(attempts.c.id == charged.attempt_id))


def another_sum(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(update(attempts).values(minor=1))


def no_autopay(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(update(payments).values(autopay_id=None))


def too_early(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(update(payments).values(settled_at=periods.now() + DAY))
    tx.connection.execute(update(attempts).values(state="sent"))
    send_charge(tx, ANNA, charged.its, number=2)


def after_success(tx: Tx, charged: Charged) -> None:
    send_charge(tx, ANNA, charged.its, number=2)


def after_refusal_of_consent(tx: Tx, charged: Charged) -> None:
    before = periods.now() - DAY
    given = update(autopay_consents).values(given_at=before - DAY, ended_at=before)
    tx.connection.execute(given)


def more_than_agreed(tx: Tx, charged: Charged) -> None:
    for table in (autopays, autopay_consents):
        tx.connection.execute(update(table).values(minor=PRICE.minor - 1))


def no_consent(tx: Tx, charged: Charged) -> None:
    tx.autopay_consents.end(charged.its.autopay_id, "revoked")


def revoked_with_consent(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(update(autopays).values(state="revoked"))


def higher_than_agreed(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(update(autopays).values(minor=PRICE.minor + 1))


def unlinked(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(update(saved_cards).values(unlinked_at=periods.now(), token=""))


def waiting(tx: Tx, charged: Charged) -> None:
    tx.connection.execute(update(autopays).values(state="waiting"))


def two_orders(tx: Tx, charged: Charged) -> None:
    moment = periods.now()
    order = {
        "customer_id": ANNA,
        "payer_id": charged.its.payer_id,
        "state": "awaiting",
        "created_at": moment,
        "expires_at": moment,
    }
    for number in (1, 2):
        made = (
            insert(orders)
            .values(reference=f"o-{number}", prices=[["RUB", 99000]], **order)
            .returning(orders.c.id)
        )
        order_id = tx.connection.execute(made).scalar_one()
        reference = send_charge(tx, ANNA, charged.its, cycle=f"o-{number}")
        tx.connection.execute(
            update(payments).where(payments.c.reference == reference).values(order_id=order_id)
        )


def in_arrears(tx: Tx, charged: Charged) -> None:
    today = periods.now().date()
    tx.connection.execute(update(connectors).values(paid_until=today + DAY))
    owed = {
        "connector_id": WHATSAPP,
        "autopay_id": charged.its.autopay_id,
        "customer_id": ANNA,
        "stage": "grace",
    }
    tx.connection.execute(insert(arrears).values(**owed, since=today, created_at=periods.now()))


def token_kept(tx: Tx, charged: Charged) -> None:
    tx.autopay_consents.end(charged.its.autopay_id, "revoked")
    tx.connection.execute(update(autopays).values(state="revoked"))
    tx.connection.execute(update(saved_cards).values(unlinked_at=periods.now()))


BROKEN: list[tuple[Spoil, str]] = [
    (twice, "2 charges brought money for one"),
    (no_call, "charged it by 0 calls"),
    (another_sum, "charged it by 1 calls, 0 like it"),
    (no_autopay, "a charge of no autopay"),
    (too_early, "charged one again before the end of attempt"),
    (after_success, "charged one again after attempt"),
    (after_refusal_of_consent, "charged 99000 RUB without a consent"),
    (more_than_agreed, "charged 99000 RUB without a consent"),
    (no_consent, "(active): 0 consents stand"),
    (revoked_with_consent, "(revoked): 1 consents stand"),
    (higher_than_agreed, "(active): 1 consents stand, or another sum"),
    (unlinked, "is not linked"),
    (waiting, "charged before its card was saved"),
    (two_orders, "2 orders of it are open"),
    (in_arrears, "connector wa-1: in arrears since"),
    (token_kept, "unlinked, and its token is kept for nothing"),
]


class Undone(Exception):
    """Ends a unit so that nothing of it stays."""


async def test_what_is_broken_is_named(house: House, database: Database, charged: Charged) -> None:
    assert (await house.books.prove()).disagreements == []
    for spoil, says in BROKEN:
        found: list[str] = []

        def look(tx: Tx, spoil: Spoil = spoil, found: list[str] = found) -> None:
            spoil(tx, charged)
            found.extend(tx.proof.all())
            raise Undone

        with pytest.raises(Undone):
            await database.write(look)
        assert [line for line in found if says in line], (spoil.__name__, found)
    assert (await house.books.prove()).disagreements == []


async def test_one_that_ended_after_its_charge_was_right(
    house: House, database: Database, charged: Charged
) -> None:
    """A consent that ends while a charge is under way did stand when it was sent."""

    def end(tx: Tx) -> None:
        tx.autopay_consents.end(charged.its.autopay_id, "button")
        tx.autopays.change(charged.its.autopay_id, state="revoked", due_at=None)

    await database.write(end)
    assert (await house.books.prove()).disagreements == []
