"""Somebody is forgotten while the bank's money, or his own tap, is on its way: one of them is first."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Select, select

from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.invoices import Invoice
from bot.domain.statements import LineState, StatementHead
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import customers, statement_lines
from bot.storage.tx import Tx
from tests.payers import ROMASHKA
from tests.services.conftest import CASHIER
from tests.services.test_invoices_given_up import transfer
from tests.statements import DAY, OURS

TIMES = 8


async def newcomer(house: House, database: Database, number: int) -> Invoice:
    """Somebody with a line of his own and an invoice for it."""
    customer = 5000 + number
    await house.customers.greet(customer, name="Carol", language="en")
    payer = await house.payers.save(customer, None, ROMASHKA)
    line = Connector(f"wa-{customer}", "whatsapp", "WhatsApp", "whatsapp", payer.id, None, None)
    await database.write(lambda tx: tx.connectors.add(line))
    order = await house.orders.place(customer, [line.id], 1, payer_id=payer.id)
    return await house.invoices.issue(customer, order.id, "RUB")


async def test_a_transfer_and_being_forgotten_at_once(house: House, database: Database) -> None:
    """The money is booked before, and he waits for what is left of it; or it waits for a person."""
    for number in range(TIMES):
        invoice = await newcomer(house, database, number)

        def keep(tx: Tx, invoice: Invoice = invoice) -> None:
            head = StatementHead("1c", (OURS,), DAY, DAY, 1, (invoice.total,))
            statement = tx.statements.begin(invoice.number, "kl_to_1c.txt", head, CASHIER)
            tx.statements.keep(statement.id, [(invoice.number, transfer(invoice))])
            tx.statements.loaded(statement.id)

        await database.write(keep)
        await asyncio.gather(
            house.statements.settle(),
            house.personal_data.forget(invoice.customer_id),
        )
        line = select(statement_lines.c.state).where(statement_lines.c.key == invoice.number)
        assert await found(database, line) in ([LineState.BOOKED], [LineState.WAITING])
        person = select(customers.c.id).where(customers.c.id == invoice.customer_id)
        assert await found(database, person) == []


async def found(database: Database, query: Select[Any]) -> list[Any]:
    return await database.read(lambda tx: list(tx.connection.scalars(query)))


async def test_a_tap_and_being_forgotten_at_once(house: House, database: Database) -> None:
    """A tap that comes too late is told no, and leaves nothing of him behind."""
    for number in range(TIMES):
        invoice = await newcomer(house, database, number)
        who, line = invoice.customer_id, f"wa-{invoice.customer_id}"
        ends = await asyncio.gather(
            house.orders.place(who, [line], 1, payer_id=invoice.payer_id),
            house.personal_data.forget(who),
            house.invoices.send(who, invoice.id),
            house.promises.note(CASHIER, invoice.id, invoice.total),
            return_exceptions=True,
        )
        wrong = [end for end in ends if isinstance(end, Exception) and not isinstance(end, CustomerError)]
        assert [end for end in wrong if type(end).__name__ != "NotYours"] == []
