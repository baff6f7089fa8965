"""Lines of bank statements: booked once, promised before, confirmed, cleared, undone, set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from bot.domain import periods
from bot.domain.attachments import Attachment
from bot.domain.errors import CustomerError
from bot.domain.invoices import Invoice, InvoiceState
from bot.domain.money import Money, zero
from bot.domain.periods import add_months, today
from bot.domain.statements import KeptLine, LineState, StatementHead, StatementLine
from bot.domain.states import OrderState, PaymentState
from bot.domain.webhooks import SELLER
from bot.notices.outcomes import outcome
from bot.services.bank import BankService
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import payers, webhooks
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, OPERATOR, VIEWER, WHATSAPP
from tests.services.money import begun, notices, paid_until
from tests.services.test_invoices import invoiced, state_of

MINE = date(2026, 11, 18)
_keys = count()


async def kept(database: Database, amount: Money, **more: Any) -> KeptLine:
    """A line of a statement that was loaded, as it waits for a decision."""
    line = replace(StatementLine("40702810938000000001", MINE, "57", amount), **more)
    key = f"line-{next(_keys)}"

    def keep(tx: Tx) -> KeptLine:
        head = StatementHead("1c", (line.account,), MINE, MINE, 1, (amount,))
        statement = tx.statements.begin(key, "kl_to_1c.txt", head, OPERATOR)
        tx.statements.keep(statement.id, [(key, line)])
        tx.statements.loaded(statement.id)
        found = tx.statement_lines.get(tx.statement_lines.unseen(0, 100)[-1].id)
        assert found is not None
        return found

    return await database.write(keep)


async def decided(database: Database, line: KeptLine, act: Callable[[Tx, KeptLine], Any]) -> KeptLine:
    """Do it in one unit with the line locked, as its callers do; the line after it."""

    def unit(tx: Tx) -> KeptLine:
        locked = tx.statement_lines.lock(line.id)
        assert locked is not None
        act(tx, locked)
        after = tx.statement_lines.get(line.id)
        assert after is not None
        return after

    return await database.write(unit)


async def balance_of(database: Database, payer_id: int) -> Money:
    return await database.read(lambda tx: tx.ledger.balance(payer_id, "RUB"))


@pytest.fixture
def bank(house: House) -> BankService:
    return house.bank


async def paid(house: House, database: Database, invoice: Invoice, amount: Money | None = None) -> KeptLine:
    line = await kept(database, amount or invoice.total)
    return await decided(database, line, lambda tx, each: house.bank.book_to_invoice(tx, each, invoice.id))


async def test_a_transfer_pays_its_invoice_and_switches_the_line_on(house: House, database: Database) -> None:
    invoice = await invoiced(house)
    line = await paid(house, database, invoice)
    assert line.state is LineState.BOOKED
    assert await state_of(house, invoice) is InvoiceState.PAID
    assert await paid_until(database, WHATSAPP) == add_months(today(house.invoices._zone), 1)
    assert (await notices(database))[-2:] == ["paid", "paid_new"]


async def test_a_line_is_booked_once(house: House, database: Database, bank: BankService) -> None:
    invoice = await invoiced(house)
    line = await kept(database, invoice.total)
    await decided(database, line, lambda tx, each: bank.book_to_invoice(tx, each, invoice.id))
    with pytest.raises(CustomerError, match="already_done"):
        await database.write(lambda tx: bank.book_to_invoice(tx, line, invoice.id))
    assert await balance_of(database, invoice.payer_id) == zero("RUB")


async def test_parts_add_up_and_what_is_over_rests(house: House, database: Database) -> None:
    invoice = await invoiced(house)
    part = Money(40_000, "RUB")
    await paid(house, database, invoice, part)
    assert await state_of(house, invoice) is InvoiceState.PART_PAID
    assert (await house.invoices.get(ANNA, invoice.id)).missing == invoice.total - part
    await paid(house, database, invoice, invoice.total)
    assert await state_of(house, invoice) is InvoiceState.PAID
    assert await balance_of(database, invoice.payer_id) == part


async def test_a_lapsed_invoice_is_paid_late_at_its_price(house: House, database: Database) -> None:
    invoice = await invoiced(house)
    with time_machine.travel(periods.now() + timedelta(days=30)):
        await house.orders.expire()
        assert await state_of(house, invoice) is InvoiceState.LAPSED
        await paid(house, database, invoice)
    assert await state_of(house, invoice) is InvoiceState.PAID


async def test_money_for_a_voided_invoice_rests_on_the_balance(house: House, database: Database) -> None:
    invoice = await house.invoices.void(ANNA, (await invoiced(house)).id)
    await paid(house, database, invoice)
    assert await state_of(house, invoice) is InvoiceState.VOID
    assert await balance_of(database, invoice.payer_id) == invoice.total


async def test_a_transfer_goes_to_a_balance(house: House, database: Database, bank: BankService) -> None:
    payer = (await house.balance.payers(BOB))[0]
    line = await kept(database, Money(5_000, "RUB"))
    line = await decided(database, line, lambda tx, each: bank.book_to_balance(tx, each, payer.id))
    assert (line.state, line.invoice_id) == (LineState.BOOKED, None)
    assert await balance_of(database, payer.id) == Money(5_000, "RUB")


async def test_an_acquirers_lump_sum_is_no_income(
    house: House, database: Database, bank: BankService
) -> None:
    line = await kept(database, Money(500_000, "RUB"))
    line = await decided(database, line, lambda tx, each: bank.clear(tx, each, "yookassa"))
    assert (line.state, line.provider) == (LineState.CLEARING, "yookassa")
    assert await notices(database) == []


async def test_a_promise_is_booked_once_and_its_line_confirms_it(
    house: House, database: Database, bank: BankService
) -> None:
    invoice = await invoiced(house)
    promise = await database.write(lambda tx: bank.promise(tx, invoice, invoice.total, who=OPERATOR))
    assert await state_of(house, invoice) is InvoiceState.PAID
    first, second = [await kept(database, invoice.total) for _ in range(2)]
    confirmed = await decided(database, first, lambda tx, each: bank.confirm(tx, each, promise))
    assert confirmed.state is LineState.CONFIRMED
    with pytest.raises(CustomerError, match="already_done"):
        await decided(database, second, lambda tx, each: bank.confirm(tx, each, promise))
    assert await balance_of(database, invoice.payer_id) == zero("RUB")


async def test_an_undone_line_gives_everything_back_and_is_booked_elsewhere(
    house: House, database: Database, bank: BankService
) -> None:
    wrong = await invoiced(house)
    right = await invoiced(house, LINE)
    line = await paid(house, database, wrong)
    line = await decided(database, line, bank.undo)
    assert (line.state, line.invoice_id) == (LineState.WAITING, None)
    assert await paid_until(database, WHATSAPP) is None
    assert await state_of(house, wrong) is InvoiceState.ISSUED
    assert (await house.orders.get(ANNA, wrong.order_id)).state is OrderState.REFUNDED
    assert await balance_of(database, wrong.payer_id) == zero("RUB")
    assert "transfer_undone" in await notices(database)
    await decided(database, line, lambda tx, each: bank.book_to_invoice(tx, each, right.id))
    assert await state_of(house, right) is InvoiceState.PAID
    assert await balance_of(database, right.payer_id) == wrong.total - right.total
    await paid(house, database, wrong)
    assert await state_of(house, wrong) is InvoiceState.PAID, "the true transfer pays it after all"


async def test_undoing_a_part_keeps_the_other_part_for_the_invoice(
    house: House, database: Database, bank: BankService
) -> None:
    invoice = await invoiced(house)
    first = await paid(house, database, invoice, Money(40_000, "RUB"))
    await paid(house, database, invoice, Money(59_000, "RUB"))
    await decided(database, first, bank.undo)
    assert await state_of(house, invoice) is InvoiceState.PART_PAID
    assert (await house.invoices.get(ANNA, invoice.id)).missing == Money(40_000, "RUB")
    await paid(house, database, invoice, Money(40_000, "RUB"))
    assert await state_of(house, invoice) is InvoiceState.PAID
    assert await paid_until(database, WHATSAPP) == add_months(today(house.invoices._zone), 1)


async def test_the_sellers_systems_hear_of_a_booking_and_of_its_end(
    house: House, database: Database, bank: BankService
) -> None:
    database.listeners.add(SELLER)
    invoice = await invoiced(house)
    await paid(house, database, invoice, Money(40_000, "RUB"))
    rest = await paid(house, database, invoice, Money(59_000, "RUB"))
    await decided(database, rest, bank.undo)
    query = select(webhooks.c.kind, webhooks.c.payload).where(webhooks.c.kind.startswith("invoice."))
    news = await database.read(lambda tx: tx.connection.execute(query.order_by(webhooks.c.id)).all())
    assert [(row.kind, row.payload["state"]) for row in news] == [
        ("invoice.issued", "issued"),
        ("invoice.part_paid", "part_paid"),
        ("invoice.paid", "paid"),
        ("invoice.reopened", "part_paid"),
    ]
    assert news[-1].payload["order"] != news[0].payload["order"], "it asks for a new order now"


async def test_undoing_a_second_payment_leaves_the_first_alone(
    house: House, database: Database, bank: BankService
) -> None:
    invoice = await invoiced(house)
    await paid(house, database, invoice)
    twice = await paid(house, database, invoice)
    await decided(database, twice, bank.undo)
    assert await state_of(house, invoice) is InvoiceState.PAID
    assert await balance_of(database, invoice.payer_id) == zero("RUB")


async def test_what_was_bought_on_top_moves_back_by_the_months_undone(
    house: House, database: Database, bank: BankService, fake: FakeGateway
) -> None:
    line = await paid(house, database, await invoiced(house, months=3))
    later = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, later)))
    await decided(database, line, bank.undo)
    assert await paid_until(database, WHATSAPP) == add_months(today(house.invoices._zone), 1)


async def test_an_undone_promise_stands_no_more(house: House, database: Database, bank: BankService) -> None:
    invoice = await invoiced(house)
    promise = await database.write(lambda tx: bank.promise(tx, invoice, invoice.total, who=OPERATOR))
    line = await kept(database, invoice.total)
    line = await decided(database, line, lambda tx, each: bank.confirm(tx, each, promise))
    await decided(database, line, bank.undo)
    assert await state_of(house, invoice) is InvoiceState.ISSUED
    with pytest.raises(CustomerError, match="already_done"):
        await decided(database, line, lambda tx, each: bank.confirm(tx, each, promise))


async def test_what_was_spent_meanwhile_becomes_a_debt_that_operators_see(
    house: House, database: Database, bank: BankService
) -> None:
    invoice = await house.invoices.void(ANNA, (await invoiced(house)).id)
    line = await paid(house, database, invoice)
    other = await house.orders.place(ANNA, [LINE], 1, payer_id=invoice.payer_id)
    await house.orders.settle(ANNA, other.id, "RUB")
    await decided(database, line, bank.undo)
    assert await balance_of(database, invoice.payer_id) == Money(-45_000, "RUB")
    assert "taken_back" in await notices(database)


async def test_a_line_undone_may_be_none_of_ours_and_ours_again(
    house: House, database: Database, bank: BankService
) -> None:
    invoice = await invoiced(house)
    line = await decided(database, await paid(house, database, invoice), bank.undo)
    line = await decided(database, line, bank.set_aside)
    assert line.state is LineState.FOREIGN
    line = await decided(database, line, bank.undo)
    await decided(database, line, lambda tx, each: bank.book_to_invoice(tx, each, invoice.id))
    assert await state_of(house, invoice) is InvoiceState.PAID


async def test_the_payment_of_an_undone_transfer_says_so(
    house: House, database: Database, bank: BankService
) -> None:
    invoice = await invoiced(house)
    await decided(database, await paid(house, database, invoice), bank.undo)
    payment = (await house.payments.history(ANNA)).items[0]
    assert (payment.state, payment.refusal) == (PaymentState.REFUSED, "undone")


class TestBridges:
    async def test_lent_days_are_a_part_of_what_is_paid_for(self, house: House, database: Database) -> None:
        invoice, day = await invoiced(house), today(house.invoices._zone)
        until = await house.bridges.bridge(OPERATOR, invoice.id, 5, "a good customer")
        assert until == await paid_until(database, WHATSAPP) == day + timedelta(days=5)
        with time_machine.travel(periods.now() + timedelta(days=3)):
            await paid(house, database, invoice)
        assert await paid_until(database, WHATSAPP) == add_months(day, 1)

    async def test_a_bridge_that_ended_is_deducted(self, house: House, database: Database) -> None:
        invoice = await invoiced(house)
        await house.bridges.bridge(OPERATOR, invoice.id, 5, "a good customer")
        with time_machine.travel(periods.now() + timedelta(days=20)):
            await paid(house, database, invoice)
            start = today(house.invoices._zone) - timedelta(days=5)
        assert await paid_until(database, WHATSAPP) == add_months(start, 1)

    async def test_only_once_for_a_few_days_with_a_reason(self, house: House) -> None:
        invoice = await invoiced(house)
        for days, reason, code in (
            (6, "x", "bridge_too_long"),
            (0, "x", "bridge_too_long"),
            (1, " ", "reason"),
        ):
            with pytest.raises(CustomerError, match=code):
                await house.bridges.bridge(OPERATOR, invoice.id, days, reason)
        with pytest.raises(CustomerError):
            await house.bridges.bridge(VIEWER, invoice.id, 1, "x")
        await house.bridges.bridge(OPERATOR, invoice.id, 1, "x")
        with pytest.raises(CustomerError, match="bridged_already"):
            await house.bridges.bridge(OPERATOR, invoice.id, 1, "x")

    async def test_a_paid_invoice_needs_no_bridge(self, house: House, database: Database) -> None:
        invoice = await invoiced(house)
        await paid(house, database, invoice)
        with pytest.raises(CustomerError, match="invoice_not_open"):
            await house.bridges.bridge(OPERATOR, invoice.id, 1, "x")

    async def test_the_customers_word_is_one_card(self, house: House, database: Database) -> None:
        invoice = await invoiced(house)
        await house.bridges.say_sent(ANNA, invoice.id)
        with pytest.raises(CustomerError, match="payment_sent_known"):
            await house.bridges.say_sent(ANNA, invoice.id)
        assert (await notices(database))[-1] == "payment_sent"
        await house.bridges.say_sent(ANNA, invoice.id, [Attachment("AgAD", is_picture=True)])
        assert (await notices(database))[-1] == "payment_order", "a file that comes later finds its card"

    @pytest.mark.parametrize("answer", ["invoice_paid", "invoice_void"])
    async def test_the_card_of_his_word_closes_by_itself(
        self, house: House, database: Database, answer: str
    ) -> None:
        invoice = await invoiced(house)
        await house.bridges.say_sent(ANNA, invoice.id)
        hung = await database.read(lambda tx: tx.cards.open_about(f"invoice:{invoice.id}"))
        assert hung is not None
        if answer == "invoice_paid":
            await paid(house, database, invoice)
        else:
            await house.invoices.void(ANNA, invoice.id)
        card = await database.read(lambda tx: tx.cards.get(hung.id))
        assert card is not None
        assert (card.closed_by, card.answer) == (0, answer)
        assert "{" not in outcome(card.answer, "")


async def test_a_private_persons_transfer_owes_a_receipt_that_a_person_makes(
    house: House, database: Database
) -> None:
    invoice = await invoiced(house)
    await paid(house, database, invoice)
    assert "receipt_by_hand" not in await notices(database), "firms owe each other none"
    as_person = update(payers).where(payers.c.id == invoice.payer_id).values(kind="entrepreneur")
    await database.write(lambda tx: tx.connection.execute(as_person))
    await paid(house, database, invoice, Money(100, "RUB"))
    assert "receipt_by_hand" not in await notices(database)
    payer = await database.write(lambda tx: tx.customers.person(ANNA))
    line = await kept(database, Money(50_000, "RUB"))
    await decided(database, line, lambda tx, each: house.bank.book_to_balance(tx, each, payer))
    assert (await notices(database)).count("receipt_by_hand") == 1
