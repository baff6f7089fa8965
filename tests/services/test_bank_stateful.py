"""The same till with bank transfers: invoices, lines, promises, doubts and second thoughts in any order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, rule

from bot.domain.errors import CustomerError
from bot.domain.invoices import Invoice, InvoiceLine, Unit
from bot.domain.money import Money
from bot.domain.statements import KeptLine, LineState, StatementHead, StatementLine
from bot.storage.tables import promises
from bot.storage.tx import Tx
from tests.payers import ROMASHKA
from tests.services.conftest import ANNA, OWNER
from tests.services.money import used
from tests.services.test_books_stateful import LINES, Till

ACCOUNT, DAY = "40702810938000000001", date(2026, 11, 18)


class TillWithBank(Till):
    """The model is what the bank told; what of it was booked, the lines say."""

    invoices = Bundle("invoices")

    @initialize()
    def open_the_house(self) -> None:
        super().open_the_house()
        self.told: dict[int, int] = {}
        self.numbers = count()
        self.firm = self.run(self.house.payers.save(ANNA, None, ROMASHKA))
        assert self.house.invoices.offered

    @rule(
        target=invoices,
        lines=st.sets(st.sampled_from(LINES), min_size=1),
        tick=st.booleans(),
        promo=st.sampled_from(["", "", "TENTH", "FREE"]),
    )
    def issue(self, lines: set[str], tick: bool, promo: str) -> int:
        try:
            place = self.house.orders.place(ANNA, sorted(lines), 1, payer_id=self.firm.id, promo=promo)
            order = self.run(place)
        except CustomerError:  # the code was used
            return self._bill(1_000)
        if tick:
            self.run(self.house.orders.use_balance(ANNA, order.id, True))
        try:
            return self.run(self.house.invoices.issue(ANNA, order.id, "RUB")).id
        except CustomerError:  # the balance covers all of it
            return self._bill(1_000)

    @rule(target=invoices, minor=st.integers(1, 100_000))
    def bill(self, minor: int) -> int:
        return self._bill(minor)

    def _bill(self, minor: int) -> int:
        """The bill of another month, from long ago so that none is met twice."""
        price, month = Money(minor, "RUB"), f"{1000 + next(self.numbers)}-01"
        line = InvoiceLine("SIP 100", 1, Unit.USAGE, price, price, uses=1)

        def form(tx: Tx) -> int:
            used(tx, LINES[0], self.firm.id, month, price)
            bill = self.house.invoices.bill(tx, self.firm, month, "RUB", [line])
            assert bill is not None
            return bill.id

        return self.run(self.database.write(form))

    @rule(
        invoice=invoices,
        off=st.sampled_from([0, 0, 0, -500, 500, -50_000]),
        how=st.sampled_from(["invoice", "invoice", "balance", "clear", "wait"]),
    )
    def transfer(self, invoice: int, off: int, how: str) -> None:
        minor = max(self._invoice(invoice).total.minor + off, 1)
        line_id = self.run(self.database.write(lambda tx: self._kept(tx, minor)))
        self.told[line_id] = minor
        if how != "wait":
            self._decide(line_id, how, invoice)

    @rule(invoice=invoices, part=st.integers(1, 99_000))
    def promise(self, invoice: int, part: int) -> None:
        found = self._invoice(invoice)
        amount = Money(min(part, found.total.minor), "RUB")
        self.run(self.database.write(lambda tx: self.house.bank.promise(tx, found, amount, who=OWNER)))

    @rule(invoice=invoices)
    def tell_what_was_promised(self, invoice: int) -> None:
        waiting = self.run(self.database.read(lambda tx: tx.promises.waiting({invoice})))
        for (_invoice_id, amount), promise in waiting.items():
            self._tell(amount.minor, promise)

    def _tell(self, minor: int, promise: int) -> None:
        line_id = self.run(self.database.write(lambda tx: self._kept(tx, minor)))
        self.told[line_id] = 0  # it was told of by hand
        self._with(line_id, lambda tx, line: self.house.bank.confirm(tx, line, promise))

    @rule(invoice=invoices, how=st.sampled_from(["invoice", "balance", "clear", "undo", "undo", "aside"]))
    def decide(self, invoice: int, how: str) -> None:
        """An operator takes up the line that was told last, or thinks again."""
        if self.told:
            self._decide(max(self.told), how, invoice)

    @rule(invoice=invoices)
    def bridge(self, invoice: int) -> None:
        with suppress(CustomerError):
            self.run(self.house.bridges.bridge(OWNER, invoice, 3, "known for years"))

    @rule(line=st.sampled_from(LINES))
    def leave_and_come_back(self, line: str) -> None:
        """What was ordered for it is given up; what was lent stays lent."""
        links = self.house.connector_links
        with suppress(CustomerError):
            self.run(links.detach(ANNA, line))
            self.run(links.attach(ANNA, self.run(links.to_attach(line))))

    @rule(lines=st.sets(st.sampled_from(LINES), min_size=1))
    def order_anew(self, lines: set[str]) -> None:
        """Whatever is invoiced for these gives way."""
        self.run(self.house.orders.place(ANNA, sorted(lines), 1, payer_id=self.firm.id))

    @rule(invoice=invoices)
    def cancel(self, invoice: int) -> None:
        with suppress(CustomerError):
            self.run(self.house.orders.cancel(ANNA, self._invoice(invoice).order_id))

    @rule(invoice=invoices)
    def void(self, invoice: int) -> None:
        with suppress(CustomerError):
            self.run(self.house.invoices.void(ANNA, invoice))

    def teardown(self) -> None:
        if hasattr(self, "told"):
            assert self.run(self._booked("bank")) == self._expected()
        super().teardown()

    def _expected(self) -> int:
        """What the bank told and somebody took up, and what was promised by hand."""

        def read(tx: Tx) -> int:
            lines = [line for line_id in self.told if (line := tx.statement_lines.get(line_id))]
            taken = [line for line in lines if line.event_id and line.state is not LineState.FOREIGN]
            rows = tx.connection.execute(promises.select()).all()
            return sum(self.told[line.id] for line in taken) + sum(int(row.minor) for row in rows)

        return self.run(self.database.read(read))

    def _decide(self, line_id: int, how: str, invoice: int) -> None:
        bank, firm = self.house.bank, self.firm
        acts: dict[str, Callable[[Tx, KeptLine], None]] = {
            "invoice": lambda tx, line: bank.book_to_invoice(tx, line, invoice),
            "balance": lambda tx, line: bank.book_to_balance(tx, line, firm.id),
            "clear": lambda tx, line: bank.clear(tx, line, "yookassa"),
            "undo": bank.undo,
            "aside": bank.set_aside,
        }
        self._with(line_id, acts[how])

    def _with(self, line_id: int, act: Callable[[Tx, KeptLine], None]) -> None:
        def unit(tx: Tx) -> None:
            line = tx.statement_lines.lock(line_id)
            assert line is not None
            act(tx, line)

        with suppress(CustomerError):
            self.run(self.database.write(unit))

    def _invoice(self, invoice: int) -> Invoice:
        return self.run(self.house.invoices.document(invoice))

    def _kept(self, tx: Tx, minor: int) -> int:
        key, amount = f"line-{next(self.numbers)}", Money(minor, "RUB")
        head = StatementHead("1c", (ACCOUNT,), DAY, DAY, 1, (amount,))
        statement = tx.statements.begin(key, "kl_to_1c.txt", head, OWNER)
        tx.statements.keep(statement.id, [(key, StatementLine(ACCOUNT, DAY, "57", amount))])
        tx.statements.loaded(statement.id)
        return tx.statement_lines.unseen(0, 1_000)[-1].id


TestTillWithBank = TillWithBank.TestCase
TestTillWithBank.settings = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
del Till
