"""Days that are lent until a transfer arrives: nobody gains them twice, nor hears of somebody else's line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.errors import CustomerError
from bot.domain.periods import add_months, today
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.payers import ROMASHKA
from tests.services.conftest import ANNA, BOB, OWNER, WHATSAPP
from tests.services.money import paid_until
from tests.services.test_invoices import invoiced
from tests.services.test_invoices_given_up import transfer
from tests.services.test_told_elsewhere import stands, told


async def test_what_was_lent_is_lent_again_when_the_transfer_is_undone(
    house: House, database: Database
) -> None:
    invoice, day = await invoiced(house), today(house.invoices._zone)
    await house.bridges.bridge(OWNER, invoice.id, 5, "known for years")
    (line,) = await told(database, house, "1c", transfer(invoice))
    assert await paid_until(database, WHATSAPP) == add_months(day, 1)
    await house.statement_desk.undo(OWNER, line)
    assert await paid_until(database, WHATSAPP) == day + timedelta(days=5)
    with pytest.raises(CustomerError, match="bridged_already"):
        await house.bridges.bridge(OWNER, invoice.id, 5, "known for years")
    (again,) = await told(database, house, "1c", transfer(invoice, number="58"))
    assert (await stands(database, again))[0].value == "booked"
    assert await paid_until(database, WHATSAPP) == add_months(day, 1), "the lent days were paid for"


async def test_a_bridge_outlives_that_an_earlier_payment_is_undone(house: House, database: Database) -> None:
    first, day = await invoiced(house), today(house.invoices._zone)
    (line,) = await told(database, house, "1c", transfer(first))
    second = await invoiced(house)
    await house.bridges.bridge(OWNER, second.id, 5, "known for years")
    await house.statement_desk.undo(OWNER, line)
    for invoice in (first, second):
        with pytest.raises(CustomerError, match="bridged_already"):
            await house.bridges.bridge(OWNER, invoice.id, 5, "known for years")
    await told(database, house, "1c", transfer(second, number="58"))
    assert await paid_until(database, WHATSAPP) == add_months(day, 1)


async def test_neither_another_invoice_nor_another_owner_lends_anew(house: House, database: Database) -> None:
    invoice = await invoiced(house)
    await house.bridges.bridge(OWNER, invoice.id, 5, "known for years")
    await house.orders.cancel(ANNA, invoice.order_id)
    await house.connector_links.detach(ANNA, WHATSAPP)
    await house.connector_links.attach(ANNA, await house.connector_links.to_attach(WHATSAPP))
    again = await invoiced(house)
    with pytest.raises(CustomerError, match="bridged_already"):
        await house.bridges.bridge(OWNER, again.id, 5, "known for years")


async def test_who_pays_for_anothers_line_hears_neither_its_name_nor_its_date(
    house: House, database: Database
) -> None:
    link = await house.connector_links.to_pay(WHATSAPP)
    await house.customers.greet(BOB, name="Bob", language="en")
    invoice = await invoiced_by_link(house, link)
    await house.bridges.bridge(OWNER, invoice, 5, "known for years")
    query = select(outbox.c.payload).where(outbox.c.kind == "bridged", outbox.c.address == BOB)
    payload = await database.read(lambda tx: tx.connection.execute(query).scalar_one())
    (line,) = payload["lines"]
    assert line["paid_until"] is None
    assert "999" not in line["title"]


async def invoiced_by_link(house: House, link: str) -> int:
    """Bob's firm has an invoice for Anna's line."""
    firm = await house.payers.save(BOB, None, ROMASHKA)
    order = await house.orders.place(BOB, [WHATSAPP], 1, payer_id=firm.id, link=link)
    return (await house.invoices.issue(BOB, order.id, "RUB")).id
