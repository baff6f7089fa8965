"""What becomes of an invoice when its order dies: no transfer finds it open by mistake, and none is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.invoices import Invoice, InvoiceLine, InvoiceState, Unit
from bot.domain.money import Money
from bot.domain.promos import Promo
from bot.domain.statements import LineState, StatementLine
from bot.domain.states import OrderState
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import invoices
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, LINE, OWNER, WHATSAPP, surroundings
from tests.services.money import used
from tests.services.test_invoices import invoiced, ordered, state_of
from tests.services.test_told_elsewhere import stands, told
from tests.statements import DAY, FIRM, OURS


def transfer(invoice: Invoice, minor: int = 0, number: str = "57") -> StatementLine:
    amount = Money(minor or invoice.total.minor, "RUB")
    return StatementLine(OURS, DAY, number, amount, payer_tax_number=FIRM, purpose=invoice.number)


async def billed(house: House, database: Database, payer_id: int) -> Invoice:
    """A month's bill of 500 roubles."""
    price = Money(500_00, "RUB")
    line = InvoiceLine("SIP 100", 1, Unit.USAGE, price, price, uses=1)

    def form(tx: Tx) -> Invoice:
        payer = tx.payers.get(payer_id)
        assert payer is not None
        used(tx, LINE, payer_id, "2026-10", price)
        bill = house.invoices.bill(tx, payer, "2026-10", "RUB", [line])
        assert bill is not None
        return bill

    return await database.write(form)


async def test_a_months_bill_cannot_be_cancelled_as_an_order(house: House, database: Database) -> None:
    bill = await billed(house, database, (await ordered(house)).payer_id)
    with pytest.raises(CustomerError, match="order_not_open"):
        await house.orders.cancel(ANNA, bill.order_id)
    assert await state_of(house, bill) is InvoiceState.ISSUED


async def test_who_is_forgotten_owes_his_bill_and_no_offer(house: House, database: Database) -> None:
    lapsed = await invoiced(house)
    await house.orders.place(ANNA, [WHATSAPP], 1, payer_id=lapsed.payer_id)
    bill = await billed(house, database, lapsed.payer_id)
    await house.personal_data.forget(ANNA)
    states = {
        row.id: row.state
        for row in await database.read(lambda tx: tx.connection.execute(invoices.select()).all())
    }
    assert states == {lapsed.id: InvoiceState.VOID, bill.id: InvoiceState.ISSUED}
    (late,) = await told(database, house, "1c", transfer(lapsed))
    assert await stands(database, late) == (LineState.WAITING, "void")
    (owed,) = await told(database, house, "1c", transfer(bill))
    assert (await stands(database, owed))[0] is LineState.BOOKED


async def test_the_invoice_of_a_connector_that_left_is_void(house: House, database: Database) -> None:
    invoice = await invoiced(house)
    await house.connector_links.detach(ANNA, WHATSAPP)
    assert await state_of(house, invoice) is InvoiceState.VOID
    (line,) = await told(database, house, "1c", transfer(invoice))
    assert await stands(database, line) == (LineState.WAITING, "void")


async def test_a_code_that_makes_another_order_cheaper_takes_the_invoice_along(
    database: Database, catalogue: Catalogue, fake: FakeGateway, house: House
) -> None:
    codes = {"HALF": Promo("HALF", percent=50)}
    house = build_house(database, surroundings(replace(catalogue, promos=codes), fake))
    first = await house.orders.place(
        ANNA, [WHATSAPP], 1, payer_id=(await ordered(house)).payer_id, promo="HALF"
    )
    invoice = await house.invoices.issue(ANNA, first.id, "RUB")
    await house.orders.place(ANNA, [WHATSAPP], 3, promo="HALF")
    assert (await house.orders.get(ANNA, first.id)).state is OrderState.REPLACED
    assert await state_of(house, invoice) is InvoiceState.VOID


async def test_a_replaced_invoice_still_asks_for_its_rest_alone(house: House, database: Database) -> None:
    invoice = await invoiced(house)
    (half,) = await told(database, house, "1c", transfer(invoice, 400_00))
    await database.write(lambda tx: _book(tx, house, half, invoice))
    await house.orders.place(ANNA, [WHATSAPP], 3, payer_id=invoice.payer_id)
    assert await state_of(house, invoice) is InvoiceState.LAPSED
    (whole,) = await told(database, house, "1c", transfer(invoice, number="58"))
    assert await stands(database, whole) == (LineState.WAITING, "over")
    rest = invoice.total.minor - 400_00
    (last,) = await told(database, house, "1c", transfer(invoice, rest, number="59"))
    assert (await stands(database, last))[0] is LineState.BOOKED
    assert await state_of(house, invoice) is InvoiceState.PAID


def _book(tx: Tx, house: House, line_id: int, invoice: Invoice) -> None:
    line = tx.statement_lines.lock(line_id)
    assert line is not None
    house.bank.book_to_invoice(tx, line, invoice.id)


async def test_an_invoice_issued_while_its_order_is_cancelled_is_void_or_never_drawn(house: House) -> None:
    firm = (await ordered(house)).payer_id
    for _ in range(25):
        order = await house.orders.place(ANNA, [WHATSAPP], 1, payer_id=firm)
        issued, _cancelled = await asyncio.gather(
            house.invoices.issue(ANNA, order.id, "RUB"),
            house.orders.cancel(ANNA, order.id),
            return_exceptions=True,
        )
        assert (await house.orders.get(ANNA, order.id)).state is OrderState.CANCELLED
        if isinstance(issued, Invoice):
            assert await state_of(house, issued) is InvoiceState.VOID


async def test_an_invoice_issued_while_its_order_is_replaced_lapses_or_was_never_drawn(
    house: House,
) -> None:
    firm, another = (await ordered(house)).payer_id, (await house.balance.add_payer(ANNA, "Firm")).id
    for _ in range(25):
        order = await house.orders.place(ANNA, [WHATSAPP], 1, payer_id=firm)
        issued, _placed = await asyncio.gather(
            house.invoices.issue(ANNA, order.id, "RUB"),
            house.orders.place(ANNA, [WHATSAPP], 1, payer_id=another),
            return_exceptions=True,
        )
        state = (await house.orders.get(ANNA, order.id)).state
        if isinstance(issued, Invoice):
            assert state is OrderState.EXPIRED
            assert await state_of(house, issued) is InvoiceState.LAPSED
        else:
            assert state is OrderState.REPLACED


async def test_two_promises_of_the_whole_at_once_are_one(house: House) -> None:
    """The second finds the invoice paid, and does not leave as much again on the balance."""
    for _ in range(5):
        invoice = await invoiced(house)
        notes = [house.promises.note(OWNER, invoice.id, invoice.total) for _ in range(2)]
        ends = await asyncio.gather(*notes, return_exceptions=True)
        assert sorted(isinstance(end, CustomerError) for end in ends) == [False, True]


async def test_a_promise_and_the_line_it_promised_at_once_are_one(house: House, database: Database) -> None:
    """Whoever comes second finds the other: the line confirms, or nothing is left to promise."""
    card = 0
    for number in range(8):
        invoice = await invoiced(house, months=1)
        wrong = replace(transfer(invoice, number=str(number)), payer_tax_number="5024002119")
        (line,) = await told(database, house, "1c", wrong)
        shown = await database.read(lambda tx: tx.cards.open_about("statements"))
        card = shown.id if shown else card
        await asyncio.gather(
            house.promises.note(OWNER, invoice.id, invoice.total),
            house.statement_desk.to_invoice(OWNER, card, line, invoice.id),
            return_exceptions=True,
        )
        balance = await database.read(lambda tx: tx.ledger.balance(invoice.payer_id, "RUB"))  # noqa: B023 (awaited before the loop goes on)
        assert not balance, "nothing was booked beside the price"


async def test_small_promises_count_together_for_the_second_person(
    database: Database, catalogue: Catalogue, house: House
) -> None:
    assert catalogue.invoicing is not None
    invoicing = replace(catalogue.invoicing, second_from={"RUB": Money(500_00, "RUB")})
    house = build_house(database, surroundings(replace(catalogue, invoicing=invoicing)))
    invoice = await invoiced(house)
    assert await house.promises.note(OWNER, invoice.id, Money(300_00, "RUB")) is None
    card = await house.promises.note(OWNER, invoice.id, Money(300_00, "RUB"))
    assert card is not None, "together they are above the limit"
