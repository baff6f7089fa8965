"""A bank statement in the group: told in the bank's sums, its doubtful lines decided on one paged card."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.invoices import Invoice, InvoiceState
from bot.domain.money import Money
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import audit
from tests.gateways.bank import writing
from tests.handlers.operators.conftest import ANNA, Drop
from tests.handlers.operators_rig import CASHIER, OWNER, Group, Operator
from tests.handlers.rig import Seen
from tests.payers import ROMASHKA
from tests.services.money import notices
from tests.statements import Transfer, one_c

SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
async def invoice(house: House) -> Invoice:
    """Anna's firm is to pay 990 ₽."""
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    order = await house.orders.place(ANNA, ["wa-1"], 1, payer_id=firm.id)
    return await house.invoices.issue(ANNA, order.id, "RUB")


@pytest.fixture
def olga(group: Group) -> Operator:
    return group.person(OWNER)


async def state(house: House, invoice: Invoice) -> InvoiceState:
    return (await house.invoices.get(ANNA, invoice.id)).invoice.state


async def dropped(group: Group, files: Drop, who: Operator, *transfers: Transfer) -> Seen:
    """Bring a statement; the card that follows it."""
    await group.hang_up_news()
    await files.by(who, one_c(*transfers), "kl_to_1c.txt")
    return next(seen for seen in await group.hang_up_news() if "решения" in seen.text)


def now(group: Group, seen: Seen) -> Seen:
    return group.telegram.messages[seen.id]


async def test_summary_adds_up_to_the_bank_and_the_line_is_active(
    group: Group,
    clara: Operator,
    files: Drop,
    invoice: Invoice,
    house: House,
    sqlite_database: Database,
) -> None:
    content = one_c(Transfer("990.00", invoice.purpose), Transfer("5.00", "?", number="58"))
    await files.by(clara, content, "вчера.dat", kind="application/octet-stream")
    told = group.newest.text
    for words in ("995", "разнесено: 1", f"990{SPACE}₽", "ждут решения: 1", "Суммы сходятся с банком"):
        assert words in told
    assert await state(house, invoice) is InvoiceState.PAID
    assert "paid" in await notices(sqlite_database)


async def test_camt_file_pays_the_invoice_as_well(
    group: Group, clara: Operator, files: Drop, invoice: Invoice, house: House
) -> None:
    transfer = writing.Transfer(minor=99000, purpose=invoice.purpose)
    await files.by(clara, writing.camt(transfer).encode(), "statement.xml", kind="application/xml")
    assert "разнесено: 1" in group.newest.text
    assert await state(house, invoice) is InvoiceState.PAID


async def test_register_files_still_find_their_way(group: Group, clara: Operator, files: Drop) -> None:
    await files.by(clara, b"Total:\t0\t0.00", "ELSOM_1.txt")
    assert "Elsom" in group.newest.text


async def test_operators_own_files_are_their_talk(group: Group, clara: Operator, files: Drop) -> None:
    await clara.says("hello")
    before = len(group.telegram.calls)
    await files.by(clara, b"%PDF", "plan.pdf", kind="application/pdf")
    await files.by(clara, b"PK\x03\x04", "plan.docx", kind="application/msword")
    assert len(group.telegram.calls) == before


async def test_refusals_say_what_to_do(group: Group, clara: Operator, oleg: Operator, files: Drop) -> None:
    await files.by(clara, one_c(Transfer("5.00"))[:200], "kl_to_1c.txt")
    assert "обрывается" in group.newest.text or "середине" in group.newest.text
    await files.by(clara, b"<x/>", "camt.xml", kind="application/xml")
    assert "camt.053" in group.newest.text
    await files.by(clara, b"", "kl_to_1c.txt", size=21 * 1024 * 1024)
    assert "python -m bot statement FILE" in group.newest.text
    await files.by(oleg, one_c(Transfer("5.00")), "kl_to_1c.txt")
    assert "кассир" in group.newest.text


async def test_pages_turn_and_each_line_is_decided_once(
    group: Group, clara: Operator, olga: Operator, files: Drop, house: House, invoice: Invoice
) -> None:
    card = await dropped(
        group,
        files,
        clara,
        Transfer("100.00", invoice.purpose),
        Transfer("7.00", "возврат", number="58"),
        Transfer("8.00", "возврат", number="59"),
    )
    assert "1 из 3" in card.text
    assert card.buttons[0].startswith(f"✔ {invoice.number}"), "the proposal stands first"
    await clara.taps("›", card)
    assert "2 из 3" in now(group, card).text
    await clara.taps("Не наше", now(group, card))
    foreign = now(group, card).button("Да")
    assert foreign is not None
    await clara.taps("Да", now(group, card))
    assert "Clara" in group.newest.text
    assert "2 из 2" in now(group, card).text, "the card goes on to the next line"
    await olga.taps_data(foreign["callback_data"], now(group, card))
    assert "Clara" in group.toast, "the second hears who was first"
    await olga.taps("‹", now(group, card))
    await olga.taps(invoice.number, now(group, card))
    await olga.taps("Да", now(group, card))
    assert await state(house, invoice) is InvoiceState.PART_PAID
    await olga.taps("Не наше", now(group, card))
    await olga.taps("Да", now(group, card))
    assert "Решены все строки" in now(group, card).text
    assert now(group, card).buttons == []


async def test_card_of_waiting_lines_cannot_be_closed_over_them(
    group: Group, clara: Operator, files: Drop
) -> None:
    card = await dropped(group, files, clara, Transfer("1.00", "?"))
    button = card.button("Не наше")
    assert button is not None
    number = button["callback_data"].split(":")[1]
    await clara.taps_data(f"dismiss:{number}:1", card)
    assert "1 из 1" in now(group, card).text
    assert now(group, card).buttons


async def test_lost_card_hangs_below_again(group: Group, clara: Operator, files: Drop) -> None:
    card = await dropped(group, files, clara, Transfer("1.00", "?"))
    await clara.says("/cards")
    assert "1 из 1" in group.newest.text
    assert now(group, card).buttons == []


async def test_another_invoice_is_named_by_its_last_digits(
    group: Group, clara: Operator, files: Drop, invoice: Invoice, house: House
) -> None:
    card = await dropped(group, files, clara, Transfer("990.00", "за связь", tax_number="500100732259"))
    await clara.taps("Другой счёт", card)
    await clara.replies(group.newest, "999")
    assert "нет" in group.newest.text
    asked = [seen for seen in group.telegram.messages.values() if "какой счёт" in seen.text][-1]
    await clara.replies(asked, invoice.number.rpartition("-")[2].lstrip("0"))
    offered = group.newest
    assert invoice.number in offered.text
    await clara.taps("Да", offered)
    assert await state(house, invoice) is InvoiceState.PAID
    assert "Решены все строки" in now(group, card).text


async def test_money_goes_to_a_payers_balance(
    group: Group, clara: Operator, files: Drop, house: House, invoice: Invoice
) -> None:
    card = await dropped(group, files, clara, Transfer("50.00", "аванс"), Transfer("60.00", "аванс"))
    await clara.taps("На баланс", card)
    assert now(group, card).button("Ромашка") is not None, "found by the line's own tax number"
    await clara.taps("Ромашка", now(group, card))
    await clara.taps("Да", now(group, card))
    code = await house.codes.code(ANNA, invoice.payer_id)
    await clara.taps("На баланс", now(group, card))
    await clara.taps("По коду оплаты", now(group, card))
    await clara.replies(group.newest, code)
    await clara.taps("Ромашка", group.newest)
    await clara.taps("Да", group.newest)
    balances = {each.balance for each in await house.balance.accounts(ANNA)}
    assert Money(11000, "RUB") in balances


async def test_booking_is_undone_from_the_list_and_the_line_waits_again(
    group: Group,
    clara: Operator,
    oleg: Operator,
    files: Drop,
    invoice: Invoice,
    house: House,
    sqlite_database: Database,
) -> None:
    await files.by(clara, one_c(Transfer("990.00", invoice.purpose)), "kl_to_1c.txt")
    await clara.taps("Разнесённые строки", group.newest)
    page = group.newest
    assert invoice.number in page.text
    await oleg.taps("Отменить разнесение", page)
    assert "кассир" in group.toast
    await clara.taps("Отменить разнесение", page)
    await group.hang_up_news()
    await clara.taps("Да, отменить", now(group, page))
    assert await state(house, invoice) is InvoiceState.ISSUED
    card = next(seen for seen in await group.hang_up_news() if "решения" in seen.text)
    assert "разнесение отменили" in card.text
    assert "transfer_undone" in await notices(sqlite_database), "the customer hears of it"
    await clara.taps("Другой счёт", card)
    await clara.replies(group.newest, invoice.number)
    await clara.taps("Да", group.newest)
    assert await state(house, invoice) is InvoiceState.PAID


async def test_payment_noted_by_hand_is_confirmed_by_the_statement(
    group: Group, clara: Operator, oleg: Operator, files: Drop, invoice: Invoice, house: House
) -> None:
    await oleg.says(f"/paid {invoice.number} 990.00")
    assert "кассир" in group.newest.text
    await clara.says("/paid")
    assert "/paid INV" in group.newest.text
    await clara.says(f"/paid {invoice.number} 990,00")
    await clara.taps("Да", group.newest)
    assert await state(house, invoice) is InvoiceState.PAID
    await files.by(clara, one_c(Transfer("990.00", invoice.purpose)), "kl_to_1c.txt")
    assert "отмечено вручную" in group.newest.text
    assert "подтверждено: 1" in group.newest.text


async def test_from_the_limit_on_it_takes_two(
    group: Group, clara: Operator, olga: Operator, invoice: Invoice, house: House
) -> None:
    await group.hang_up_news()
    await clara.says(f"/paid {invoice.number} 100000")
    await clara.taps("Да", group.newest)
    assert await state(house, invoice) is InvoiceState.ISSUED
    card = (await group.hang_up_news())[-1]
    await clara.taps("Я второй", card)
    assert "кто-то другой" in group.toast
    await olga.taps("Я второй", card)
    assert await state(house, invoice) is InvoiceState.PAID
    assert "Olga" in now(group, card).text


async def test_every_decision_is_in_the_audit_log(
    group: Group, clara: Operator, files: Drop, sqlite_database: Database, invoice: Invoice
) -> None:
    card = await dropped(group, files, clara, Transfer("1.00", invoice.purpose))
    await clara.taps("Не наше", card)
    await clara.taps("Да", now(group, card))
    await clara.taps("Отменить разнесение", group.newest)
    await clara.taps("Да, отменить", group.newest)

    query = select(audit.c.action).where(audit.c.who == CASHIER).order_by(audit.c.id)
    told = await sqlite_database.read(lambda tx: list(tx.connection.execute(query).scalars()))
    assert told[-3:] == ["statement_loaded", "statement_line_not_ours", "statement_line_undone"]
