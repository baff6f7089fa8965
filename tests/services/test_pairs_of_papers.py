"""Invoices, statements, promises, bridges and bills two at a time: no error, exact books, nothing twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import func, select

from bot.domain.customers import Payer
from bot.domain.errors import CustomerError
from bot.domain.invoices import InvoiceLine, Unit
from bot.domain.money import Money
from bot.domain.statements import LineState, StatementHead, StatementLine
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import extensions, statement_lines, transfers
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.payers import ROMASHKA
from tests.services.conftest import ANNA, CASHIER, LINE, OWNER, WHATSAPP
from tests.services.money import begun, used
from tests.statements import DAY, FIRM, OURS

PAIRS = 500

Act = Callable[[], Awaitable[object]]


@dataclass
class Office:
    """Anna's firm, the bank, two cashiers and the clock, each with what is at hand just now."""

    house: House
    database: Database
    fake: FakeGateway
    chance: random.Random
    firm: Payer
    orders: list[int] = field(default_factory=list)
    invoices: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)

    def acts(self) -> list[Act]:
        papers = [self.order, self.issue, self.issue, self.issue, self.void, self.bill, self.cancel]
        money = [self.transfer, self.transfer, self.again, self.settle, self.pay, self.promise, self.tick]
        desk = [self.to_invoice, self.to_invoice, self.to_payer, self.set_aside, self.undo, self.undo]
        return [*papers, *money, *desk, self.bridge, self.expire, self.leave]

    async def order(self) -> None:
        lines = self.chance.choice([[WHATSAPP], [LINE], [LINE, WHATSAPP]])
        payer = self.chance.choice([self.firm.id, self.firm.id, None])
        self.orders.append((await self.house.orders.place(ANNA, lines, 1, payer_id=payer)).id)

    async def issue(self) -> None:
        """Now and then for an order that was placed before, else for a new one."""
        if self.chance.random() < 0.7:
            await self.order()
        self.invoices.append((await self.house.invoices.issue(ANNA, self._one(self.orders), "RUB")).id)

    async def void(self) -> None:
        await self.house.invoices.void(ANNA, self._one(self.invoices))

    async def cancel(self) -> None:
        await self.house.orders.cancel(ANNA, self._one(self.orders))

    async def expire(self) -> None:
        await self.house.orders.expire()

    async def leave(self) -> None:
        await self.house.connector_links.detach(ANNA, LINE)
        await self.house.connector_links.attach(ANNA, await self.house.connector_links.to_attach(LINE))

    async def bill(self) -> None:
        month, price = f"{1000 + next(self.numbers)}-01", Money(300_00, "RUB")
        line = InvoiceLine("SIP 100", 1, Unit.USAGE, price, price, uses=1)

        def form(tx: Tx) -> None:
            used(tx, LINE, self.firm.id, month, price)
            bill = self.house.invoices.bill(tx, self.firm, month, "RUB", [line])
            assert bill is not None
            self.invoices.append(bill.id)

        await self.database.write(form)

    async def transfer(self) -> None:
        """The bank tells of money; what is sure is booked at once."""
        invoice = await self.house.invoices.document(self._one(self.invoices))
        part = self.chance.choice([1, 1, 1, 2])
        amount = Money(invoice.total.minor // part, "RUB")
        await self._told(
            StatementLine(OURS, DAY, "57", amount, payer_tax_number=FIRM, purpose=invoice.number)
        )

    async def again(self) -> None:
        """A line that was told before, in another file."""
        line_id = self._one(self.lines)
        line = await self.database.read(lambda tx: tx.statement_lines.get(line_id))
        if line is not None:
            await self._told(line.line, line.key)

    async def settle(self) -> None:
        await self.house.statements.settle()

    async def to_invoice(self) -> None:
        await self._decided(
            lambda card, line: self.house.statement_desk.to_invoice(
                CASHIER, card, line, self._one(self.invoices)
            )
        )

    async def to_payer(self) -> None:
        await self._decided(
            lambda card, line: self.house.statement_desk.to_payer(OWNER, card, line, self.firm.id)
        )

    async def set_aside(self) -> None:
        await self._decided(lambda card, line: self.house.statement_desk.not_ours(OWNER, card, line))

    async def undo(self) -> None:
        await self.house.statement_desk.undo(CASHIER, self._one(self.lines))

    async def promise(self) -> None:
        invoice = await self.house.invoices.document(self._one(self.invoices))
        amount = Money(invoice.total.minor // self.chance.choice([1, 2]), "RUB")
        await self.house.promises.note(CASHIER, invoice.id, amount)

    async def bridge(self) -> None:
        await self.house.bridges.bridge(OWNER, self._one(self.invoices), 3, "known for years")

    async def tick(self) -> None:
        await self.house.orders.use_balance(ANNA, self._one(self.orders), True)

    async def pay(self) -> None:
        order = await self.house.orders.get(ANNA, self._one(self.orders))
        callback = self.fake.pay(await begun(self.house, self.database, order))
        assert (await self.house.callbacks.receive("fake", callback)).status == 200

    async def _told(self, line: StatementLine, key: str = "") -> None:
        file = f"file-{next(self.numbers)}"
        key = key or f"line-{next(self.numbers)}"

        def keep(tx: Tx) -> int:
            head = StatementHead("1c", (OURS,), DAY, DAY, 1, (line.amount,))
            statement = tx.statements.begin(file, "kl_to_1c.txt", head, CASHIER)
            tx.statements.keep(statement.id, [(key, line)])
            tx.statements.loaded(statement.id)
            found = select(statement_lines.c.id).where(statement_lines.c.key == key)
            return int(tx.connection.execute(found).scalar_one())

        self.lines.append(await self.database.write(keep))
        await self.house.statements.settle()

    async def _decided(self, decide: Callable[[int, int], Awaitable[object]]) -> None:
        card = await self.database.read(lambda tx: tx.cards.open_about("statements"))
        waiting = await self.database.read(lambda tx: tx.statement_lines.waiting_beside(0))
        if card is not None and waiting is not None:
            await decide(card.id, waiting.id)

    def _one(self, known: list[int]) -> int:
        if not known:
            raise CustomerError("not_found")
        return self.chance.choice(known[-3:])


async def test_any_two_units_of_papers_at_once_meet_no_error_and_book_nothing_twice(
    house: House, database: Database, fake: FakeGateway
) -> None:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    office = Office(house, database, fake, random.Random(20261122), firm)
    for _ in range(PAIRS):
        await asyncio.gather(*(_kindly(office.chance.choice(office.acts())) for _ in range(2)))
    await database.read(_each_line_moved_its_sum_once)


def _each_line_moved_its_sum_once(tx: Tx) -> None:
    """Beyond what the books prove of themselves, which the fixture asks."""
    came = select(func.count()).where(transfers.c.reason == "paid", transfers.c.event_id.is_not(None))
    once = came.group_by(transfers.c.event_id).having(func.count() > 1)
    assert tx.connection.execute(once).all() == []
    done = select(func.count()).where(statement_lines.c.state == LineState.BOOKED.value)
    assert tx.connection.execute(done).scalar_one() > PAIRS // 25, "it was not only refusals"
    moved = select(func.count()).select_from(extensions)
    assert tx.connection.execute(moved).scalar_one() > PAIRS // 25


async def _kindly(act: Act) -> None:
    """What somebody is told no to is no error."""
    try:
        await act()
    except CustomerError:
        return
