"""«Мы отправили платёж» in the group: the card with its file, and the bridge until the money arrives."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain.attachments import Attachment
from bot.domain.invoices import Invoice
from bot.domain.periods import today
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import audit, outbox
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import VIEWER, Group, Operator
from tests.handlers.rig import Seen
from tests.payers import LYUTIK

PAPER = Attachment("pdf-1", is_picture=False, name="платёжка.pdf")
SNAP = Attachment("photo-1", is_picture=True)


@pytest.fixture
async def invoice(house: House) -> Invoice:
    payer = await house.payers.save(ANNA, None, LYUTIK)
    order = await house.orders.place(ANNA, ["wa-1"], 1, payer_id=payer.id)
    return await house.invoices.issue(ANNA, order.id, "RUB")


async def card(house: House, group: Group, invoice: Invoice, *files: Attachment) -> Seen:
    """The customer's word as it hangs in the group, alone."""
    await group.hang_up_news()
    await house.bridges.say_sent(ANNA, invoice.id, files)
    return (await group.hang_up_news())[0]


def in_days(count: int) -> str:
    return str((today(ZoneInfo("Europe/Moscow")) + timedelta(days=count)).day)


async def test_the_card_names_invoice_sum_payer_and_bears_the_file(
    house: House, group: Group, invoice: Invoice
) -> None:
    seen = await card(house, group, invoice, PAPER)
    for words in (invoice.number, "990", "ИП Лютик", "500100732259", "Anna", "платёжка.pdf"):
        assert words in seen.text
    assert group.telegram.sent("sendDocument")[-1].fields["document"] == "pdf-1"
    assert seen.buttons == ["Включить до оплаты, до 5 дн.", "Ответить", "Закрыть", "Беру", "👤 Клиент"]


async def test_every_file_arrives(house: House, group: Group, invoice: Invoice) -> None:
    await card(house, group, invoice, SNAP, PAPER, SNAP)
    assert len(group.telegram.sent("sendPhoto")) == 2
    assert len(group.telegram.sent("sendDocument")) == 1


@pytest.mark.parametrize("files", [(), (PAPER,), (SNAP,)])
async def test_an_operator_switches_it_on_for_some_days(
    house: House,
    group: Group,
    oleg: Operator,
    invoice: Invoice,
    sqlite_database: Database,
    files: tuple[Attachment, ...],
) -> None:
    seen = await card(house, group, invoice, *files)
    await oleg.taps("Включить до оплаты", seen)
    question = group.newest
    assert "от 1 до 5" in question.text
    await oleg.replies(question, "3 постоянный клиент")
    assert "Включено до" in group.newest.text
    assert in_days(3) in group.newest.text
    assert "Oleg: включено на 3 дня" in seen.text
    assert seen.buttons == []
    assert (await house.connectors.get(ANNA, "wa-1")).bridged_since is not None
    told = select(outbox.c.address).where(outbox.c.kind == "bridged").order_by(outbox.c.address)
    assert await sqlite_database.read(lambda tx: list(tx.connection.execute(told).scalars())) == [0, ANNA]
    row = select(audit.c.details).where(audit.c.action == "bridged")
    details = await sqlite_database.read(lambda tx: tx.connection.execute(row).scalar_one())
    assert details == {"days": 3, "reason": "постоянный клиент"}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("три дня", "Пришлите число дней, от 1 до 5"),
        ("3", "Пришлите число дней, от 1 до 5"),
        ("6 просили", "от 1 до 5"),
        ("0 просили", "от 1 до 5"),
        ("3 …", "Пришлите число дней, от 1 до 5"),
    ],
)
async def test_a_reply_without_days_or_reason_switches_nothing_on(
    house: House, group: Group, oleg: Operator, invoice: Invoice, words: str, answer: str
) -> None:
    seen = await card(house, group, invoice)
    await oleg.taps("Включить до оплаты", seen)
    await oleg.replies(group.newest, words)
    assert answer in group.newest.text
    assert (await house.connectors.get(ANNA, "wa-1")).bridged_since is None
    assert "Включить до оплаты, до 5 дн." in seen.buttons


async def test_a_viewer_may_not_and_the_second_is_told(
    house: House, group: Group, oleg: Operator, invoice: Invoice
) -> None:
    seen = await card(house, group, invoice)
    await group.person(VIEWER).taps("Включить до оплаты", seen)
    assert "Ваша роль" in group.toast or "роль" in group.toast
    button = seen.button("Включить до оплаты")
    assert button is not None
    await oleg.taps("Включить до оплаты", seen)
    await oleg.replies(group.newest, "2 просили")
    await oleg.taps_data(button["callback_data"], seen)
    assert "включено на 2 дня" in group.toast


async def test_a_cancelled_invoice_is_not_bridged(
    house: House, group: Group, oleg: Operator, invoice: Invoice
) -> None:
    seen = await card(house, group, invoice)
    await house.invoices.void(ANNA, invoice.id)
    await oleg.taps("Включить до оплаты", seen)
    assert "Счёт отменён" in group.toast
    assert seen.buttons == []
