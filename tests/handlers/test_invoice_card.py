"""An issued invoice in the chat: how it stands, the paper again, giving it up, telling that it was paid."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.invoices import Invoice, InvoiceState
from bot.gateways.bank.gateway import Bank
from bot.gateways.base import Gateway
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import operator_cards, outbox
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Chat, Person
from tests.handlers.test_pay_by_invoice import ROMASHKA, choose_invoice

PDF = {"file_id": "pdf-1", "file_unique_id": "u", "file_name": "платёжка.pdf", "mime_type": "application/pdf"}


@pytest.fixture
def gateways(card: FakeGateway) -> list[Gateway]:
    return [card, Bank(("RUB",))]


@pytest.fixture
async def invoice(anna: Person, house: House) -> Invoice:
    await house.payers.save(ANNA, None, ROMASHKA)
    await choose_invoice(anna)
    await anna.taps("Выставить счёт")
    await anna.taps("Подробнее о счёте")
    return (await house.invoices.page(ANNA)).items[0].invoice


async def cards(database: Database) -> list[Any]:
    query = select(operator_cards.c.payload).where(operator_cards.c.kind == "payment_sent")
    return await database.read(lambda tx: list(tx.connection.execute(query).scalars()))


async def written(database: Database, kind: str) -> int:
    query = select(outbox.c.id).where(outbox.c.kind == kind)
    return await database.read(lambda tx: len(tx.connection.execute(query).all()))


async def test_the_paper_comes_again(anna: Person, invoice: Invoice, sqlite_database: Database) -> None:
    await anna.taps("Прислать PDF ещё раз")
    assert invoice.number in anna.screen.text
    assert await written(sqlite_database, "invoice_issued") == 3, "twice to Anna, once to operators"


async def test_it_is_found_again_in_the_section_and_back_leads_to_its_list(
    anna: Person, invoice: Invoice
) -> None:
    await anna.says("/invoices")
    await anna.taps("Мои счета")
    await anna.taps(invoice.number)
    assert invoice.purpose in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Ваши счета" in anna.screen.text
    await anna.taps(invoice.number)
    await anna.taps("Мы отправили платёж")
    await anna.taps("‹ Назад")
    await anna.taps("‹ Назад")
    assert "Ваши счета" in anna.screen.text


async def test_giving_it_up_takes_one_more_tap(anna: Person, house: House, invoice: Invoice) -> None:
    await anna.taps("Отменить счёт")
    assert "Отменить его?" in anna.screen.text
    await anna.taps("‹ Назад")
    assert invoice.purpose in anna.screen.text
    await anna.taps("Отменить счёт")
    await anna.taps("Да, отменить")
    assert "Счёт отменён" in anna.screen.text
    assert invoice.purpose not in anna.screen.text, "nobody shall pay it"
    assert "Мы отправили платёж" not in anna.screen.buttons
    assert (await house.invoices.get(ANNA, invoice.id)).invoice.state is InvoiceState.VOID
    await anna.taps_data(f"sent:{invoice.id}:0")
    assert "больше не ждёт оплаты" in anna.screen.text


async def test_payment_is_told_without_a_file(
    anna: Person, invoice: Invoice, sqlite_database: Database
) -> None:
    await anna.taps("Мы отправили платёж")
    assert "Пришлите платёжное поручение" in anna.screen.text
    await anna.taps("Без файла")
    assert "Операторы знают об этом" in anna.screen.text
    assert "Выписки банка загружаем" in anna.screen.text
    (card,) = await cards(sqlite_database)
    assert (card["invoice_id"], card["file"]) == (invoice.id, None)
    await anna.taps("Мы отправили платёж")
    await anna.taps("Без файла")
    assert len(await cards(sqlite_database)) == 1, "one card says it"


async def test_files_of_an_album_are_all_kept_and_one_too_many_is_told(
    anna: Person, invoice: Invoice, sqlite_database: Database
) -> None:
    await anna.taps("Мы отправили платёж")
    await anna.sends(document=PDF, media_group_id="1")
    for number in range(4):
        photo = {"file_id": f"photo-{number}", "file_unique_id": "u", "width": 9, "height": 9}
        await anna.sends(photo=[photo], media_group_id="1")
    assert "Получено файлов: 5" in anna.screen.text
    await anna.sends(document=PDF)
    assert "Не больше 5 файлов" in anna.screen.text
    await anna.taps("Передать, файлов: 5")
    (card,) = await cards(sqlite_database)
    assert card["file"] == {"file_id": "pdf-1", "is_picture": False, "name": "платёжка.pdf"}
    assert await written(sqlite_database, "payment_order") == 4


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({**PDF, "mime_type": "application/x-msdownload"}, "PDF"),
        ({**PDF, "file_size": 21 * 1024 * 1024}, "20 МБ"),
    ],
)
async def test_what_nobody_could_open_is_not_taken(
    anna: Person, invoice: Invoice, document: dict[str, Any], words: str
) -> None:
    await anna.taps("Мы отправили платёж")
    await anna.sends(document=document)
    assert words in anna.screen.text
    assert "Без файла" in anna.screen.buttons, "nothing was kept"


async def test_words_are_no_payment_order_and_a_restart_forgets_nothing(
    anna: Person, invoice: Invoice, chat: Chat
) -> None:
    await anna.taps("Мы отправили платёж")
    await anna.sends(document=PDF)
    await anna.says("заплатили вчера")
    assert "Получено файлов: 1" in anna.screen.text
    chat.restart()
    await anna.taps_data("nonsense")
    assert "Получено файлов: 1" in anna.screen.text


async def test_strangers_see_nothing(bob: Person, invoice: Invoice) -> None:
    await bob.says("/start")
    for data in ("showinvoice:{}:0", "paper:{}", "sent:{}:0", "void:{}:1:0", "void:{}:0:1"):
        await bob.taps_data(data.format(invoice.id))
        assert "Nothing of yours" in bob.screen.text
        assert invoice.number not in bob.screen.text
