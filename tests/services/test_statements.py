"""Statements from the file to the books: each line once, the sure ones booked, the rest on one card."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.errors import BadStatement, CommitUnknown, CustomerError, StorageUnavailable
from bot.domain.invoices import Invoice, InvoiceState
from bot.domain.statements import LineState, StatementReport
from bot.gateways.registry import ProviderSettings, open_gateways, statement_reader
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import events, operator_cards, statement_lines, statements, transfers
from bot.storage.tx import Tx
from tests.gateways.bank.writing import Transfer as Entry
from tests.gateways.bank.writing import camt
from tests.payers import ROMASHKA
from tests.services.conftest import (
    ANNA,
    CASHIER,
    LINE,
    OPERATOR,
    WHATSAPP,
    Count,
    give_anna_her_lines,
    surroundings,
)
from tests.services.money import notices
from tests.statements import FIRM, OURS, Transfer, one_c

YOOKASSA = "7750005725"


@dataclass
class Desk:
    """A house that takes transfers, and the bank's files that are brought to it."""

    house: House
    database: Database
    folder: Path

    async def invoiced(self, *connectors: str, months: int = 1) -> Invoice:
        firm = await self.house.payers.save(ANNA, None, ROMASHKA)
        order = await self.house.orders.place(ANNA, connectors or (WHATSAPP,), months, payer_id=firm.id)
        return await self.house.invoices.issue(ANNA, order.id, "RUB")

    def file(self, *transfers: Transfer, name: str = "kl_to_1c.txt", **how: str) -> Path:
        path = self.folder / name
        path.write_bytes(one_c(*transfers, **how))
        return path

    async def bring(self, *transfers: Transfer, who: int = CASHIER) -> StatementReport:
        return await self.house.statements.receive(who, self.file(*transfers), "kl_to_1c.txt")

    async def state(self, invoice: Invoice) -> InvoiceState:
        return (await self.house.invoices.get(ANNA, invoice.id)).invoice.state

    async def lines(self) -> list[tuple[str, str]]:
        query = select(statement_lines.c.state, statement_lines.c.why).order_by(statement_lines.c.id)
        return await self.database.read(
            lambda tx: [(row.state, row.why) for row in tx.connection.execute(query)]
        )


@pytest.fixture
async def desk(database: Database, catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(database, catalogue, tmp_path) as desk:
        yield desk


@asynccontextmanager
async def opened_desk(database: Database, catalogue: Catalogue, folder: Path) -> AsyncIterator[Desk]:
    gateways = open_gateways(ProviderSettings(), transfers=catalogue.transfers)
    around = replace(surroundings(catalogue), gateways=gateways, statement_reader=statement_reader())
    house = build_house(database, around)
    await house.customers.greet(ANNA, name="Anna", language="en")
    await database.write(give_anna_her_lines)
    yield Desk(house, database, folder)
    proof = await house.books.prove()
    assert proof.disagreements == [], "whatever a test did, the books agree with themselves"


def paying(invoice: Invoice, amount: str = "", *, tax_number: str = FIRM, number: str = "57") -> Transfer:
    return Transfer(amount or invoice.total.decimal(), invoice.purpose, tax_number, number)


async def test_transfer_with_number_sum_and_tax_number_pays_the_invoice(desk: Desk) -> None:
    invoice = await desk.invoiced()
    report = await desk.bring(paying(invoice))
    assert await desk.state(invoice) is InvoiceState.PAID
    assert [(group.state, group.count) for group in report.groups] == [(LineState.BOOKED, 1)]
    assert report.adds_up


async def test_same_file_again_and_overlapping_ones_book_nothing_twice(desk: Desk, count: Count) -> None:
    first, second = await desk.invoiced(), await desk.invoiced(LINE)
    await desk.bring(paying(first))
    booked = await count(transfers)
    again = await desk.bring(paying(first))
    assert (again.again, again.adds_up, await count(transfers)) == (True, True, booked)
    overlap = await desk.bring(paying(first), paying(second, number="58"))
    assert [(each.told_before, each.count) for each in overlap.groups] == [(False, 1), (True, 1)]
    assert overlap.adds_up
    assert await desk.state(second) is InvoiceState.PAID


async def test_two_equal_transfers_of_a_day_are_two(desk: Desk, count: Count) -> None:
    """The second finds its invoice paid, and a person decides."""
    invoice = await desk.invoiced()
    report = await desk.bring(paying(invoice), paying(invoice))
    assert await desk.lines() == [("booked", ""), ("waiting", "paid")]
    assert (report.waiting, report.adds_up) == (1, True)
    assert await count(operator_cards, operator_cards.c.kind == "statement_lines") == 1


async def test_what_is_not_sure_waits_on_one_card_with_its_reason(desk: Desk, count: Count) -> None:
    first, second = await desk.invoiced(), await desk.invoiced(LINE)
    void = await desk.invoiced(WHATSAPP, months=3)
    await desk.house.invoices.void(ANNA, void.id)
    await desk.bring(
        paying(first, "1.00"),
        paying(second, "100000.00"),
        Transfer("10.00", f"{first.number} и {second.number}"),
        Transfer("11.00", "Оплата по счёту INV-2020-000999"),
        paying(void),
        Transfer("12.00"),
        Transfer(second.total.decimal(), "за связь"),
        paying(second, tax_number="500100732259"),
    )
    assert [why for _state, why in await desk.lines()] == [
        "part",
        "over",
        "two_numbers",
        "unknown_number",
        "void",
        "no_number",
        "fits",
        "other_payer",
    ]
    assert {state for state, _why in await desk.lines()} == {"waiting"}
    assert await count(operator_cards) == 1
    assert (await notices(desk.database)).count("statement_lines") == 1


async def test_number_in_cyrillic_letters_is_the_same_number(desk: Desk) -> None:
    invoice = await desk.invoiced()
    typed = invoice.number.replace("-", " – ").replace("INV", "inv")
    await desk.bring(Transfer(invoice.total.decimal(), f"Оплата по счету №  {typed}"))
    assert await desk.state(invoice) is InvoiceState.PAID


async def test_acquirers_lump_sum_is_a_clearing_transfer(desk: Desk) -> None:
    await desk.bring(Transfer("5000.00", "Перечисление по реестру 18.11", tax_number=YOOKASSA))
    assert await desk.lines() == [("clearing", "")]


async def test_somebody_else_pays_where_the_seller_lets_him(
    desk: Desk, database: Database, catalogue: Catalogue
) -> None:
    assert catalogue.invoicing is not None
    open_handed = replace(catalogue, invoicing=replace(catalogue.invoicing, third_party=True))
    around = replace(
        surroundings(open_handed),
        gateways=open_gateways(ProviderSettings(), transfers=catalogue.transfers),
        statement_reader=statement_reader(),
    )
    invoice = await desk.invoiced()
    house = build_house(database, around)
    path = desk.file(paying(invoice, tax_number="500100732259"))
    await house.statements.receive(CASHIER, path, "kl_to_1c.txt")
    assert await desk.lines() == [("booked", "other_payer")]


async def test_what_the_bank_takes_back_is_a_card_once(desk: Desk, count: Count) -> None:
    undone = Entry().but(RvslInd="<RvslInd>true</RvslInd>")
    path = desk.folder / "camt.xml"
    path.write_text(camt(undone), encoding="utf-8")
    for _ in range(2):
        await desk.house.statements.load(path, "camt.xml")
    assert (await notices(desk.database)).count("statement_reversals") == 1
    assert await count(operator_cards) == 1
    assert await desk.lines() == []


async def test_it_takes_a_cashier(desk: Desk, count: Count) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await desk.bring(Transfer("1.00"), who=OPERATOR)
    assert await count(statements) == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(OURS.encode(), b"40702810938000000002"),
        lambda content: content.replace(
            "ВсегоПоступило=5".encode("cp1251"), "ВсегоПоступило=6".encode("cp1251")
        ),
        lambda content: b"PK\x03\x04" + content,
        lambda content: content.replace(b"=5.00", b"=-5.00"),
        lambda _: b"",
        lambda _: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    ],
)
async def test_file_that_is_wrong_in_anything_is_refused_whole(
    desk: Desk, count: Count, spoil: Callable[[bytes], bytes]
) -> None:
    path = desk.file(Transfer("5.00", "за связь"))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(BadStatement):
        await desk.house.statements.receive(CASHIER, path, path.name)
    assert (await count(statements), await count(statement_lines)) == (0, 0)


async def test_two_operators_with_one_file_book_it_once(desk: Desk, count: Count) -> None:
    invoice = await desk.invoiced()
    path = desk.file(paying(invoice), Transfer("7.00", "?"))
    receive = desk.house.statements.receive
    reports = await asyncio.gather(*(receive(CASHIER, path, "a.txt") for _ in range(4)))
    assert {report.statement.id for report in reports} == {reports[0].statement.id}
    assert await desk.lines() == [("booked", ""), ("waiting", "no_number")]
    assert await count(operator_cards) == 1
    assert await count(events) == 1


async def test_overlapping_files_at_once_book_each_line_once(desk: Desk, count: Count) -> None:
    invoices = [await desk.invoiced(), await desk.invoiced(LINE)]
    shared = [paying(invoice, number=str(place)) for place, invoice in enumerate(invoices)]
    first = desk.file(*shared, name="first.txt")
    second = desk.file(*shared, Transfer("7.00", "?"), name="second.txt")
    load = desk.house.statements.load
    reports = await asyncio.gather(load(first, "first.txt"), load(second, "second.txt"))
    assert await count(statement_lines) == 3
    assert [await desk.state(invoice) for invoice in invoices] == [InvoiceState.PAID] * 2
    assert await count(events) == 2
    again = [await load(first, "first.txt"), await load(second, "second.txt")]
    assert all(report.adds_up for report in [*reports, *again])


async def test_file_that_was_left_half_loaded_is_finished_by_the_same_file(
    desk: Desk, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = await desk.invoiced()
    path = desk.file(Transfer("7.00", "?"), paying(invoice))
    monkeypatch.setattr("bot.services.statements.PART", 1)
    service = desk.house.statements
    keep, calls = type(service)._keep, 0

    async def killed(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise asyncio.CancelledError
        await keep(*arguments)  # type: ignore[arg-type]  # as they came

    with monkeypatch.context() as patch:
        patch.setattr(type(service), "_keep", killed)
        with pytest.raises(asyncio.CancelledError):
            await service.load(path, "a.txt")
    assert await service.settle() == 0
    assert await desk.lines() == [("new", "")], "of a file that is not whole no line is used"
    report = await service.load(path, "a.txt")
    assert await desk.lines() == [("waiting", "no_number"), ("booked", "")]
    assert (report.adds_up, report.again) == (True, False)


async def test_what_a_killed_process_did_not_book_is_booked_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoices = [await desk.invoiced(), await desk.invoiced(LINE)]
    path = desk.file(*(paying(invoice, number=invoice.number) for invoice in invoices))
    service = desk.house.statements
    book, calls = type(service)._settle_line, 0

    async def killed(*arguments: object) -> bool:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise asyncio.CancelledError
        return await book(*arguments)  # type: ignore[arg-type]  # as they came

    with monkeypatch.context() as patch:
        patch.setattr(type(service), "_settle_line", killed)
        with pytest.raises(asyncio.CancelledError):
            await service.load(path, "a.txt")
    assert ("new", "") in await desk.lines()
    await service.settle()
    assert await desk.lines() == [("booked", "")] * 2
    assert [await desk.state(invoice) for invoice in invoices] == [InvoiceState.PAID] * 2


async def test_a_disk_that_fills_up_meanwhile_leaves_nothing_half_and_nothing_twice(
    sqlite_database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    async with opened_desk(sqlite_database, catalogue, tmp_path) as desk:
        invoice = await desk.invoiced()
        strangers = [Transfer("7.00", f"?{place}", number=str(place)) for place in range(1200)]
        path = desk.file(paying(invoice), *strangers)
        async with few_pages_more(sqlite_database, 30):
            with pytest.raises((StorageUnavailable, CommitUnknown)):
                await desk.house.statements.load(path, "a.txt")
        kept = await desk.lines()
        assert 0 < len(kept) < 1201
        assert {state for state, _why in kept} == {"new"}
        assert await desk.state(invoice) is InvoiceState.ISSUED
        report = await desk.house.statements.load(path, "a.txt")
        assert (report.adds_up, report.again, report.statement.incoming) == (True, False, 1201)
        assert Counter(state for state, _why in await desk.lines()) == {"booked": 1, "waiting": 1200}


@asynccontextmanager
async def few_pages_more(database: Database, pages: int) -> AsyncIterator[None]:
    """So much room is left on the disk, and no more."""

    def limit(tx: Tx) -> None:
        used = tx.connection.exec_driver_sql("pragma page_count").scalar_one()
        tx.connection.exec_driver_sql(f"pragma max_page_count = {used + pages}").all()

    await database.write(limit)
    yield
    await database.write(lambda tx: tx.connection.exec_driver_sql("pragma max_page_count = 999999").close())
