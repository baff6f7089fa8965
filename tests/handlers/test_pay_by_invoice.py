"""Paying by an invoice in the chat: the payer in one tap, the summary, and what follows."""

from __future__ import annotations

import pytest

from bot.domain.invoices import InvoiceState
from bot.domain.payer_details import PayerDetails
from bot.domain.requisites import PartyKind
from bot.domain.states import Lane
from bot.gateways.bank.gateway import Bank
from bot.gateways.base import Gateway
from bot.services.house import House
from tests.autopays import connect
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person
from tests.handlers.test_pay import NBSP
from tests.payers import LYUTIK

ROMASHKA = PayerDetails(
    PartyKind.ORGANISATION,
    "RU",
    "ООО Ромашка",
    "7707083893",
    "773601001",
    "101000, Москва",
    "buh@example.com",
)


@pytest.fixture
def gateways(card: FakeGateway) -> list[Gateway]:
    return [card, Bank(("RUB",))]


@pytest.fixture
async def firm(house: House) -> int:
    return (await house.payers.save(ANNA, None, ROMASHKA)).id


async def choose_invoice(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Счёт для организации")


async def test_the_only_payer_is_taken_unasked_and_the_order_is_his(
    anna: Person, house: House, firm: int
) -> None:
    await choose_invoice(anna)
    text = anna.screen.text
    for words in ("ООО Ромашка", "ИНН 7707083893", f"990{NBSP}₽", "Без НДС", "Действителен до", "/terms"):
        assert words in text
    assert anna.taps_made == 3
    await anna.taps("‹ Назад")
    assert "Как удобнее заплатить?" in anna.screen.text
    await anna.taps("Банковская карта")
    payment = (await house.payments.history(ANNA)).items[0]
    assert payment.payer_id == (await house.balance.payers(ANNA))[0].id, "a card pays for Anna herself"


async def test_one_of_several_payers_is_picked_in_one_tap(anna: Person, house: House, firm: int) -> None:
    await house.payers.save(ANNA, None, LYUTIK)
    await choose_invoice(anna)
    assert {"ООО Ромашка", "ИП Лютик", "Другой плательщик"} < set(anna.screen.buttons)
    await anna.taps("ИП Лютик")
    assert "ИНН 500100732259" in anna.screen.text
    await anna.taps("Другой плательщик")
    await anna.taps("ООО Ромашка")
    assert "ИНН 7707083893" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "На кого выставить счёт?" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Как удобнее заплатить?" in anna.screen.text


async def test_payers_of_one_name_are_told_apart(anna: Person, house: House, firm: int) -> None:
    await house.payers.save(ANNA, None, ROMASHKA)
    await choose_invoice(anna)
    assert "ООО Ромашка · 7707083893 · 773601001" in anna.screen.buttons


async def test_another_payer_is_filled_in_from_the_summary_and_back_returns_there(
    anna: Person, house: House, firm: int
) -> None:
    await choose_invoice(anna)
    await anna.taps("Другой плательщик")
    await anna.taps("Другой плательщик")
    assert "Кто платит по счёту?" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "На кого выставить счёт?" in anna.screen.text
    await anna.taps("ООО Ромашка")
    await anna.taps("Изменить реквизиты")
    assert "Всё верно?" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Выставить счёт" in anna.screen.buttons
    await anna.taps("Изменить реквизиты")
    await anna.taps("Изменить")
    await anna.taps("Адрес")
    await anna.says("190000, Санкт-Петербург")
    await anna.taps("Сохранить")
    assert "190000, Санкт-Петербург" in anna.screen.text
    assert "Выставить счёт" in anna.screen.buttons
    assert (await house.payers.details(ANNA, firm)).address == "190000, Санкт-Петербург"


async def test_a_promo_code_lowers_the_total(anna: Person, firm: int) -> None:
    await choose_invoice(anna)
    await anna.taps("Промокод")
    await anna.says("START")
    assert f"Итого по счёту: 890{NBSP}₽" in anna.screen.text
    assert "ООО Ромашка" in anna.screen.text


async def test_several_connectors_stand_on_one_invoice(anna: Person, firm: int) -> None:
    await anna.says("/pay")
    await anna.taps("Оплатить несколько сразу")
    await anna.taps("WhatsApp")
    await anna.taps("Line 5")
    await anna.taps("Продолжить (2)")
    await anna.taps("1 месяц")
    await anna.taps("Счёт для организации")
    assert "WhatsApp +7 999" in anna.screen.text
    assert "Line 5" in anna.screen.text


async def test_the_invoice_is_issued_in_one_tap_and_its_screen_says_what_to_do(
    anna: Person, house: House, firm: int
) -> None:
    await choose_invoice(anna)
    await anna.taps("Выставить счёт")
    (view,) = (await house.invoices.page(ANNA)).items
    invoice = view.invoice
    assert (invoice.payer_id, invoice.buyer.name) == (firm, "ООО Ромашка")
    text = anna.screen.text
    assert "Счёт выставлен" in text
    assert invoice.number in text
    assert invoice.purpose not in text, "the paper's message says it"
    await anna.taps("Подробнее о счёте")
    text = anna.screen.text
    assert invoice.purpose in text
    assert "Номер счёта должен быть" in text
    assert anna.screen.button("Скопировать назначение") == {
        "text": "Скопировать назначение",
        "copy_text": {"text": invoice.purpose},
    }
    assert (await house.outbox.waiting({Lane.MONEY: 9})) != [], "the paper is on its way"


async def test_a_second_way_to_the_same_invoice_shows_it_and_issues_no_other(
    anna: Person, house: House, firm: int
) -> None:
    await choose_invoice(anna)
    await anna.taps("Выставить счёт")
    await anna.taps("Заплатить иначе")
    assert "Как удобнее заплатить?" in anna.screen.text
    await anna.taps("Счёт для организации")
    assert "Скопировать назначение" in anna.screen.buttons
    assert (await house.invoices.page(ANNA)).total == 1


async def test_an_invoice_is_paid_by_card_instead(
    anna: Person, house: House, firm: int, card: FakeGateway
) -> None:
    await choose_invoice(anna)
    await anna.taps("Выставить счёт")
    await anna.taps("Заплатить иначе")
    await anna.taps("Банковская карта")
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference))
    (view,) = (await house.invoices.page(ANNA)).items
    assert view.invoice.state is InvoiceState.PAID


async def test_the_section_leads_into_the_same_dialog(anna: Person, firm: int) -> None:
    await anna.says("/invoices")
    await anna.taps("Счёт для организации")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    assert "Выставить счёт" in anna.screen.buttons, "the method was chosen already"


async def test_the_history_leads_to_the_invoice_and_back(anna: Person, firm: int) -> None:
    await choose_invoice(anna)
    await anna.taps("Выставить счёт")
    await anna.says("/history")
    await anna.taps("990")
    assert "рабочий день" in anna.screen.text, "nobody looks again in five minutes"
    await anna.taps("Открыть счёт")
    assert "Скопировать назначение" in anna.screen.buttons
    await anna.taps("‹ Назад")
    assert "рабочий день" in anna.screen.text


async def test_another_order_does_not_push_a_waiting_invoice_aside_unasked(
    anna: Person, house: House, firm: int
) -> None:
    await choose_invoice(anna)
    await anna.taps("Выставить счёт")
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    (view,) = (await house.invoices.page(ANNA)).items
    assert view.invoice.number in anna.screen.text
    await anna.taps("Открыть счёт")
    assert view.invoice.purpose in anna.screen.text
    await anna.taps("‹ Назад")
    assert view.invoice.number in anna.screen.text
    await anna.taps("‹ Назад")
    await anna.taps("Line 5")
    assert "На какой срок?" in anna.screen.text, "nothing waits for this one"
    await anna.taps("‹ Назад")
    await anna.taps("WhatsApp")
    await anna.taps("Выбрать заново")
    await anna.taps("1 месяц")
    await anna.taps("Банковская карта")
    (view,) = (await house.invoices.page(ANNA)).items
    assert view.invoice.state is InvoiceState.LAPSED


@pytest.mark.usefixtures("firm")
async def test_the_summary_tells_of_the_autopay_that_an_invoice_concerns(anna: Person, house: House) -> None:
    await house.books.database.write(lambda tx: connect(tx, ANNA, "wa-1"))
    await choose_invoice(anna)
    assert f"990{NBSP}₽ каждый месяц, •••• 7173\nСледующий — " in anna.screen.text
    await anna.taps("Изменить")
    assert "Удалить автоплатёж" in anna.screen.buttons
