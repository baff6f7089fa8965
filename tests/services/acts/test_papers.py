"""Papers sent once more, and notes: by whoever may, to an address that is one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.notices import MAIL
from bot.domain.payer_details import PayerDetails
from bot.domain.records import RecordKind
from bot.domain.requisites import PartyKind
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, OPERATOR, VIEWER, WHATSAPP
from tests.services.money import begun
from tests.services.test_desk import refused_with

ELSEWHERE = "books@example.org"


@pytest.fixture
def books(database: Database) -> Database:
    database.listeners.add(MAIL)
    return database


async def letters(database: Database) -> list[tuple[str, str]]:
    query = select(outbox.c.kind, outbox.c.email).where(outbox.c.email != "").order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.email) for row in rows]


async def test_each_paper_goes_where_it_is_sent(house: House, books: Database, fake: FakeGateway) -> None:
    await house.customers.set_email(ANNA, "anna@example.org")
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    send = house.acts.papers.send
    assert await house.acts.papers.address(OPERATOR, RecordKind.ORDER, order.id) == "anna@example.org"
    await send(OPERATOR, RecordKind.ORDER, order.id, ELSEWHERE)
    await house.payers.save(ANNA, None, PayerDetails(PartyKind.PERSON, "RU", "Анна Петрова"))
    invoice = await house.invoices.issue(ANNA, order.id, "RUB")
    await send(OPERATOR, RecordKind.INVOICE, invoice.id, ELSEWHERE)
    await house.callbacks.receive("fake", fake.pay(await begun(house, books, order)))
    payments = await house.payments.history(ANNA)
    payment = next(each for each in payments.items if each.method == "fake")
    await send(OPERATOR, RecordKind.PAYMENT, payment.id, ELSEWHERE)
    sent = [kind for kind, email in await letters(books) if email == ELSEWHERE]
    assert sent == ["order_link", "invoice", "receipt"]
    await send(OPERATOR, RecordKind.PAYMENT, payment.id, ELSEWHERE)
    assert (await letters(books))[-1] == ("receipt", ELSEWHERE), "as often as it is wanted"


async def test_what_is_no_address_or_no_paper_is_refused(house: House, books: Database) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    send = house.acts.papers.send
    await refused_with("bad_email", send(OPERATOR, RecordKind.ORDER, order.id, "не адрес"))
    await refused_with("not_allowed", send(VIEWER, RecordKind.ORDER, order.id, ELSEWHERE))
    await refused_with("not_paid_yet", send(OPERATOR, RecordKind.PAYMENT, 17, ELSEWHERE))
    await refused_with("record_gone", house.acts.papers.address(OPERATOR, RecordKind.INVOICE, 17))


async def test_a_note_is_read_by_other_operators(house: House, database: Database) -> None:
    await house.acts.notes.add(OPERATOR, ANNA, "звонить после обеда")
    record = await house.records.get(VIEWER, RecordKind.CUSTOMER, str(ANNA))
    assert [note.words for note in record.notes] == ["звонить после обеда"]  # type: ignore[union-attr]  # it is a customer's
    await refused_with("not_allowed", house.acts.notes.add(VIEWER, ANNA, "нет"))
    await refused_with("words_needed", house.acts.notes.add(OPERATOR, ANNA, " "))
