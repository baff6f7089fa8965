"""One transfer that two files of different formats tell of, each in its own words."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.catalogue import Catalogue
from bot.domain.invoices import Invoice, InvoiceState
from bot.domain.invoicing import Acquirer
from bot.domain.money import Money
from bot.domain.statements import Doubt, LineState, StatementHead, StatementLine
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import statement_lines, transfers
from bot.storage.tx import Tx
from tests.payers import ROMASHKA
from tests.services.conftest import ANNA, OWNER, WHATSAPP, surroundings
from tests.statements import DAY, FIRM, OURS

ACQUIRER = Acquirer(provider="yookassa", tax_number="7750005725", words=())
_files = count()


@pytest.fixture
async def invoice(house: House) -> Invoice:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    order = await house.orders.place(ANNA, [WHATSAPP], 1, payer_id=firm.id)
    return await house.invoices.issue(ANNA, order.id, "RUB")


async def told(database: Database, house: House, form: str, *lines: StatementLine) -> list[int]:
    """A file of that format is loaded and decided about; the ids of its lines."""
    keys = [f"{form}-{next(_files)}" for _line in lines]

    def keep(tx: Tx) -> list[int]:
        total = sum((line.amount for line in lines), Money(0, "RUB"))
        head = StatementHead(form, (OURS,), DAY, DAY, len(lines), (total,))
        statement = tx.statements.begin("/".join(keys), "a file", head, OWNER)
        tx.statements.keep(statement.id, list(zip(keys, lines, strict=True)))
        tx.statements.loaded(statement.id)
        query = select(statement_lines.c.id).where(statement_lines.c.key.in_(keys))
        return sorted(tx.connection.scalars(query))

    ids = await database.write(keep)
    await house.statements.settle()
    return ids


async def stands(database: Database, line_id: int) -> tuple[LineState, str]:
    line = await database.read(lambda tx: tx.statement_lines.get(line_id))
    assert line is not None
    return line.state, line.why


def half(invoice: Invoice, **told: str) -> StatementLine:
    amount = Money(invoice.total.minor // 2, "RUB")
    return StatementLine(OURS, DAY, "57", amount, payer_tax_number=FIRM, purpose=invoice.number, **told)


def changed(line: StatementLine, what: str, other: str) -> StatementLine:
    different: dict[str, Any] = {what: other, "purpose": "for tea"}
    return replace(line, **different)


async def test_half_a_payment_told_twice_is_booked_once(
    house: House, database: Database, invoice: Invoice
) -> None:
    (first,) = await told(database, house, "1c", half(invoice, payer_account="40702810000000000009"))
    card = await database.read(lambda tx: tx.cards.open_about("statements"))
    assert card is not None
    await house.statement_desk.to_invoice(OWNER, card.id, first, invoice.id)
    (twin,) = await told(database, house, "camt.053", half(invoice, reference="A1"))
    assert await stands(database, twin) == (LineState.WAITING, Doubt.TOLD_ELSEWHERE.value)
    assert (await house.invoices.get(ANNA, invoice.id)).invoice.state is InvoiceState.PART_PAID


async def test_the_other_half_in_the_same_format_is_booked_by_itself(
    house: House, database: Database, invoice: Invoice
) -> None:
    (first,) = await told(database, house, "1c", half(invoice))
    card = await database.read(lambda tx: tx.cards.open_about("statements"))
    assert card is not None
    await house.statement_desk.to_invoice(OWNER, card.id, first, invoice.id)
    (second,) = await told(database, house, "1c", replace(half(invoice), number="58"))
    assert (await stands(database, second))[0] is LineState.BOOKED
    assert (await house.invoices.get(ANNA, invoice.id)).invoice.state is InvoiceState.PAID


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("payer_account", "40702810000000000001"),
        ("payer_tax_number", "5024002119"),
        ("account", "40702810938000000002"),
    ],
)
async def test_another_payer_or_account_makes_no_twin(
    house: House, database: Database, invoice: Invoice, what: str, other: str
) -> None:
    whole = replace(half(invoice), amount=invoice.total, payer_account="40702810000000000009")
    await told(database, house, "camt.053", changed(whole, what, other))
    (line,) = await told(database, house, "1c", whole)
    assert (await stands(database, line))[0] is LineState.BOOKED


async def test_a_lump_sum_is_cleared_once(house: House, database: Database, catalogue: Catalogue) -> None:
    assert catalogue.invoicing is not None
    invoicing = replace(catalogue.invoicing, acquirers=(ACQUIRER,))
    house = build_house(database, surroundings(replace(catalogue, invoicing=invoicing)))
    lump = StatementLine(OURS, DAY, "9", Money(5_000_00, "RUB"), payer_tax_number=ACQUIRER.tax_number)
    (first,) = await told(database, house, "1c", lump)
    (twin,) = await told(database, house, "camt.053", replace(lump, reference="B2"))
    assert (await stands(database, first))[0] is LineState.CLEARING
    assert await stands(database, twin) == (LineState.WAITING, Doubt.TOLD_ELSEWHERE.value)
    cleared = select(func.count()).where(transfers.c.reason == "cleared")
    assert await database.read(lambda tx: tx.connection.execute(cleared).scalar_one()) == 1


async def test_of_two_files_at_once_one_is_booked(house: House, database: Database, invoice: Invoice) -> None:
    whole = replace(half(invoice), amount=invoice.total)
    lines = [replace(whole, reference="C3"), whole]

    def keep(tx: Tx) -> None:
        for form, line in zip(("camt.053", "1c"), lines, strict=True):
            head = StatementHead(form, (OURS,), DAY, DAY, 1, (line.amount,))
            statement = tx.statements.begin(form, form, head, OWNER)
            tx.statements.keep(statement.id, [(f"once-{form}", line)])
            tx.statements.loaded(statement.id)

    await database.write(keep)
    await house.statements.settle()
    states = await database.read(lambda tx: sorted(tx.connection.scalars(select(statement_lines.c.state))))
    assert states == [LineState.BOOKED, LineState.WAITING]
