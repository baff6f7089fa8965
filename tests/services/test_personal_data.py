"""Being forgotten: everything that names a person goes, the books stay and agree."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import ForeignKey, select

from bot.domain import periods
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.personal_data import DESTROYED_WITHIN
from bot.domain.talk import Said
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.personal_data import PersonalData
from bot.storage.tables import audit, connectors, customers, erasures, metadata, orders, payments
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, OWNER, WHATSAPP
from tests.services.money import begun, notices
from tests.services.test_balance import top_up

PERSONAL = ("Anna", "anna@example.org", "+79990001122", "2202 screenshot", "Anna Karenina", "1 Railway St")


@pytest.fixture
async def known(house: House, database: Database, fake: FakeGateway) -> None:
    """Anna has told everything about herself, paid, asked, and ordered once more."""
    await house.customers.set_email(ANNA, PERSONAL[1])
    await house.customers.set_phone(ANNA, PERSONAL[2])
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, order)))
    await house.talk.ask(ANNA, Said(5, PERSONAL[3]))
    await house.orders.place(ANNA, [LINE], 1)

    def tell(tx: Tx) -> None:
        payer = tx.customers.person(ANNA)
        tx.connection.execute(
            metadata.tables["payers"].update().values(title=PERSONAL[4], address=PERSONAL[5])
        )
        tx.outbox.to_customer(ANNA, "answer", text=f"Dear {PERSONAL[4]}", key="k")
        assert payer

    await database.write(tell)


async def dump(database: Database) -> str:
    """Every row of the books as text, but for notices to operators, which are purged after 30 days."""

    def read(tx: Tx) -> str:
        rows: list[Any] = []
        for table in metadata.sorted_tables:
            query = select(table)
            if table.name == "outbox":
                query = query.where(table.c.address != 0)
            rows += [dict(row._mapping) for row in tx.connection.execute(query)]
        return json.dumps(rows, default=str, ensure_ascii=False)

    return await database.read(read)


async def count(database: Database, table: Any, *where: Any) -> int:
    query = select(table).where(*where)
    return await database.read(lambda tx: len(tx.connection.execute(query).all()))


@pytest.mark.usefixtures("known")
async def test_nothing_that_names_him_is_left_and_the_books_stay(house: House, database: Database) -> None:
    whole = await dump(database)
    assert [words for words in PERSONAL if words not in whole] == []
    before = await count(database, payments)
    erasure = await house.personal_data.forget(ANNA)
    whole = await dump(database)
    assert [words for words in (*PERSONAL, f'"{ANNA}') if words in whole] == []
    assert await count(database, customers, customers.c.id == ANNA) == 0
    assert await count(database, payments) == before
    assert await count(database, connectors, connectors.c.payer_id.is_not(None)) == 0
    assert await count(database, orders, orders.c.state == "awaiting") == 0
    assert erasure.done_at is not None
    assert erasure.deleted is not None
    assert (erasure.deleted["requisites"], erasure.deleted["connectors"], erasure.deleted["cards"]) == (
        1,
        2,
        1,
    )
    assert (await house.books.prove()).disagreements == []


@pytest.mark.usefixtures("known")
async def test_the_audit_log_proves_it_without_naming_him(house: House, database: Database) -> None:
    erasure = await house.personal_data.forget(ANNA)
    row = select(audit).where(audit.c.action == "forgotten")
    (proof,) = await database.read(lambda tx: tx.connection.execute(row).all())
    assert proof.subject == f"erasure:{erasure.id}"
    assert proof.who < 0
    assert proof.details["deleted"]["notices"] >= 1
    kept = await database.read(lambda tx: tx.connection.execute(select(erasures.c.kept)).scalar_one())
    assert kept["books"] > kept["consents"] > periods.now().date().isoformat()


@pytest.mark.usefixtures("known")
async def test_who_comes_back_is_a_stranger(house: House, database: Database, fake: FakeGateway) -> None:
    await house.personal_data.forget(ANNA)
    with pytest.raises(CustomerError, match="start_first"):
        await house.personal_data.forget(ANNA)
    customer = await house.customers.greet(ANNA, name="A.", language="ru")
    assert (customer.email, customer.phone, customer.consented_at) == ("", "", None)
    assert (await house.payments.history(ANNA)).total == 0
    await top_up(house, database, fake, 10_000)
    assert (await house.payments.history(ANNA)).total == 1


async def test_money_on_the_balance_is_settled_first(
    house: House, database: Database, fake: FakeGateway
) -> None:
    payment = await top_up(house, database, fake, 50_000)
    erasure = await house.personal_data.forget(ANNA)
    assert erasure.done_at is None
    assert erasure.due_at - erasure.asked_at <= DESTROYED_WITHIN
    before = await house.personal_data.before_erasure(ANNA)
    assert (before.unsettled.balances, before.due_at) == ((Money(50_000, "RUB"),), erasure.due_at)
    assert await house.personal_data.forget(ANNA) == erasure, "a second tap is the same wish"
    assert (await notices(database)).count("erasure_waits") == 1
    assert await house.personal_data.carry_out() == 0
    await house.refunds.refund(payment, Money(50_000, "RUB"), who=OWNER, reason="forget me")
    assert await house.personal_data.carry_out() == 1
    assert await count(database, customers, customers.c.id == ANNA) == 0
    assert (await notices(database))[-1] == "forgotten"
    assert await house.personal_data.carry_out() == 0


async def test_one_that_is_overdue_is_told_to_operators_once(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await top_up(house, database, fake, 50_000)
    await house.personal_data.forget(ANNA)
    late = erasures.update().values(due_at=periods.now())
    await database.write(lambda tx: tx.connection.execute(late))
    for _ in range(2):
        await house.personal_data.carry_out()
    assert (await notices(database)).count("erasure_waits") == 2


async def test_a_payment_on_its_way_ends_first(house: House, database: Database, fake: FakeGateway) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    assert (await house.personal_data.forget(ANNA)).done_at is None
    await house.callbacks.receive("fake", fake.refuse(reference))
    assert await house.personal_data.carry_out() == 1


async def test_a_wish_can_be_taken_back(house: House, database: Database, fake: FakeGateway) -> None:
    await top_up(house, database, fake, 50_000)
    await house.personal_data.forget(ANNA)
    await house.personal_data.take_back(ANNA)
    assert (await house.personal_data.before_erasure(ANNA)).due_at is None
    assert await house.personal_data.carry_out() == 0


@pytest.mark.usefixtures("known")
async def test_everything_of_ones_own_and_nothing_of_others(house: House) -> None:
    await house.customers.set_email(BOB, "bob@example.org")
    text = json.dumps(await house.personal_data.everything(ANNA), default=str, ensure_ascii=False)
    assert [words for words in PERSONAL if words not in text] == []
    assert "bob@example.org" not in text
    assert "fingerprint" not in text


def test_no_table_that_names_a_customer_is_forgotten() -> None:
    """A new table says what becomes of it, here and in docs/personal-data.md."""

    def names(keys: set[ForeignKey]) -> bool:
        return any(key.target_fullname == "customers.id" for key in keys)

    tables = {table.name for table in metadata.sorted_tables if names(table.foreign_keys)}
    assert tables == PersonalData.touched
