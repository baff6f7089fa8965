"""Finding: by every number and every way of writing a name, and never by what is a pattern to a database."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select, text

from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.records import ConnectorRecord, RecordKind, button_id
from bot.domain.search_words import wanted
from bot.services.house import House
from bot.services.record.finding import hits
from bot.services.record.found_lines import found_line
from bot.services.records import FILLED
from bot.storage.database import Database
from bot.storage.tables import metadata, search_words
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.payers import ROMASHKA
from tests.services.conftest import ANNA, BOB, LINE, STRANGER, VIEWER, WHATSAPP, Count
from tests.services.money import begun

ODD = "spare:1 ы"
"""An id that fits into no button."""

WAYS_TO_ANNA = (
    *("елкина", "Мари анна", "омур ёлк", "ӨМҮРОВА", "  АННА  "),
    *("@anna_e", "anna_e", "https://t.me/Anna_E", "@ANN"),
    *("anna@example.org", "ANNA@exam", str(ANNA)),
    *("+7 (999) 123-45-67", "8 999 123 45 67", "9991234567", "123-45-67", "4567", "007 999 1234567"),
)
WAYS_TO_BOB = ("+996 555 123456", "0555 12-34-56", "996555123456")
WAYS_TO_THE_LINE = (ODD, "офис", "8 029 765 43 21", "80297654321", "+375297654321", "7654321", "spare ы")


@pytest.fixture
async def house(house: House, database: Database) -> House:
    await house.customers.greet(ANNA, name="Анна-Мария Ёлкина Өмүрова", language="ru", username="Anna_E")
    await house.customers.set_email(ANNA, "Anna@Example.org")
    await house.customers.set_phone(ANNA, "+79991234567")
    await house.customers.set_phone(BOB, "+996555123456")
    line = Connector(ODD, "line", "Офис +375 29 765-43-21", "line", None, None, None)
    await database.write(lambda tx: tx.connectors.add(line))
    return house


async def found(house: House, words: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.id) for each in (await house.records.find(VIEWER, words)).found]


async def test_people_and_things_are_found_however_they_are_written(house: House) -> None:
    ways = {
        ("customer", str(ANNA)): WAYS_TO_ANNA,
        ("customer", str(BOB)): WAYS_TO_BOB,
        ("connector", ODD): WAYS_TO_THE_LINE,
    }
    for goal, words in ways.items():
        for each in words:
            assert await found(house, each) == [goal], each
    for nobody in ("елкина петр", "на", "@nna", "example.org", "1999", "123456789012"):
        assert await found(house, nobody) == [], nobody


async def test_papers_and_payers_are_found_by_their_numbers(house: House) -> None:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    code = await house.codes.code(ANNA, firm.id)
    order = await house.orders.place(ANNA, [WHATSAPP], 1, payer_id=firm.id)
    invoice = await house.invoices.issue(ANNA, order.id, "RUB")
    payer = ("payer", str(firm.id))
    for words in (code, code[2:], " ".join(code), "7707083893", "ромашка", "север ромаш", "BUH@example.com"):
        assert await found(house, words) == [payer], words
    for words in (invoice.number, invoice.number.removeprefix("INV-"), f"№ {invoice.number.lower()}"):
        assert await found(house, words) == [("invoice", str(invoice.id))], words
    assert ("invoice", str(invoice.id)) in await found(house, invoice.number.rpartition("-")[2])


async def test_a_payment_is_found_by_our_number_and_the_providers(
    house: House, database: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    movement = await database.read(lambda tx: tx.records.events_of(payment.id, 1)[0].movement)
    for words in (reference, reference[:8], reference[-8:], payment.provider_payment, movement):
        assert await found(house, words) == [("payment", str(payment.id))], words
    assert ("payment", str(payment.id)) in await found(house, f"№{payment.id}")


async def test_words_follow_every_change_of_a_name(house: House, database: Database) -> None:
    await house.customers.greet(ANNA, name="Яна", language="ru", username="")
    await house.customers.set_phone(ANNA, "+79997654321")
    for gone in ("елкина", "@anna_e", "9991234567"):
        assert await found(house, gone) == [], gone
    for now in ("яна", "9997654321", "anna@example.org"):
        assert await found(house, now) == [("customer", str(ANNA))], now

    def retitle(tx: Tx) -> None:
        tx.connectors.change(LINE, kind="line", title="Склад", tariff="line", phone="+79990009988", email="")

    await database.write(retitle)
    assert await found(house, "склад") == await found(house, "0009988") == [("connector", LINE)]


async def test_who_is_forgotten_is_found_by_no_word(house: House, count: Count) -> None:
    await house.personal_data.forget(ANNA)
    while await house.personal_data.carry_out():
        pass
    for words in WAYS_TO_ANNA:
        assert await found(house, words) == [], words
    assert await count(search_words, search_words.c.subject == str(ANNA)) == 0
    assert await found(house, "whatsapp") == [("connector", WHATSAPP)]


async def test_a_button_leads_to_a_connector_with_any_id(house: House) -> None:
    record = await house.records.get(VIEWER, RecordKind.CONNECTOR, button_id(ODD))
    assert isinstance(record, ConnectorRecord)
    assert record.connector.id == ODD


async def test_many_come_in_pages_and_too_many_are_said_to_be(house: House) -> None:
    for number in range(60):
        await house.customers.greet(5000 + number, name=f"Иван {number}", language="ru")
    first = await house.records.find(VIEWER, "иван")
    last = await house.records.find(VIEWER, "иван", 99)
    assert (len(first.found), first.page, first.pages, first.cut) == (8, 0, 5, True)
    assert (len(last.found), last.page) == (8, 4)
    assert set(first.found).isdisjoint(last.found)


async def test_a_stranger_finds_nothing(house: House) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.records.find(STRANGER, "Anna")


async def test_books_from_before_are_gone_through_once(house: House, database: Database) -> None:
    def forget(tx: Tx) -> set[Any]:
        kept = {tuple(row) for row in tx.connection.execute(select(search_words))}
        tx.connection.execute(delete(search_words))
        return kept

    kept = await database.write(forget)
    units = 0
    while await house.records.keep_words():
        units += 1
    assert units > 3
    now = await database.read(lambda tx: {tuple(row) for row in tx.connection.execute(select(search_words))})
    assert now == kept
    assert await database.read(lambda tx: tx.facts.get(FILLED)) == "done"


JUNK = (
    *(
        "%",
        "_",
        "%%%%%",
        "*",
        "( ",
        "+",
        "@",
        "@@@@",
        "00",
        "\x00",
        "a\x00b",
        "\ud800",
        "\u202e",
        "🦊",
        "٤٥٦٧",
    ),
    *("٤٥٦٧", "'; drop table customers; --", "INV-2026-000999", "<7654321", "#0123456789abcdef"),
    *("а" * 1000, "9" * 300),
)


async def test_junk_finds_nothing_and_breaks_nothing(house: House) -> None:
    for words in ("", " ", *JUNK):
        assert await found(house, words) == [], words


async def test_whatever_is_asked_the_books_answer(house: House, database: Database) -> None:
    @settings(max_examples=60)
    @given(st.text(max_size=80) | st.from_regex(r"[+8]?[\d ()-]{3,20}|@\w+|\w+@\w*|INV-\d+-\d+"))
    def ask(tx: Tx, words: str) -> None:
        for kind, text_id in hits(tx, wanted(words)):
            assert found_line(tx, kind, text_id) is not None

    await database.read(ask)


async def test_no_table_is_read_through(house: House, database: Database) -> None:
    """Whatever is asked, the database says of each statement how it finds the rows."""
    questions = ("елкина мар", "anna@example.org", "@anna", "4567", "INV-2026-000001", "abcdefgh", ODD)

    def plans(tx: Tx) -> str:
        asked = _statements(tx, questions)
        if database.dialect == "sqlite":
            rows = [
                tx.connection.exec_driver_sql(f"explain query plan {sql}", blanks) for sql, blanks in asked
            ]
            return "\n".join(str(row.detail) for told in rows for row in told)
        tx.connection.execute(text("set local enable_seqscan = off"))
        rows = [tx.connection.exec_driver_sql(f"explain {sql}", blanks) for sql, blanks in asked]
        return "\n".join(str(row[0]) for told in rows for row in told)

    told = await database.read(plans)
    assert "search_words" in told
    assert "payments" in told
    read_through = re.compile(r"(?:SCAN|Seq Scan on) (?:" + "|".join(metadata.tables) + r")\b.*")
    assert read_through.findall(told) == []


def _statements(tx: Tx, questions: tuple[str, ...]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        asked.append((told[2], told[3]))

    event.listen(tx.connection, "before_cursor_execute", note)
    for words in questions:
        hits(tx, wanted(words))
    event.remove(tx.connection, "before_cursor_execute", note)
    return asked
