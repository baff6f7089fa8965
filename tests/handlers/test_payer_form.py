"""The payer's form, as Pay opens it for an invoice: every answer checked, changed, left out, resumed."""

from __future__ import annotations

import pytest

from bot.domain.requisites import PartyKind
from bot.gateways.bank.gateway import Bank
from bot.gateways.base import Gateway
from bot.services.house import House
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, BOB
from tests.handlers.rig import Chat, Person

ROMASHKA = 'ООО «Ромашка» | "Север"'
ADDRESS = "101000, Москва, ул. Мясницкая, д. 1"


@pytest.fixture
def gateways(card: FakeGateway) -> list[Gateway]:
    return [card, Bank(("RUB", "BYN"))]


async def open_form(anna: Person, price: str = "450") -> None:
    await anna.says("/pay")
    await anna.taps("Line 5")
    await anna.taps("1 месяц")
    await anna.taps(f"Счёт для организации · {price}")


async def fill_in_firm(anna: Person) -> None:
    await anna.taps("Организация")
    await anna.says("ИНН/КПП 7707083893/773601001")
    await anna.says(f"  {ROMASHKA}\n")
    await anna.says(ADDRESS)
    await anna.says("buh@example.com")


async def test_an_organisation_is_filled_in_and_saved(anna: Person, house: House) -> None:
    await open_form(anna)
    assert "Кто платит по счёту?" in anna.screen.text
    await fill_in_firm(anna)
    for words in (ROMASHKA, "ИНН 7707083893 · КПП 773601001", ADDRESS, "buh@example.com"):
        assert words in anna.screen.text
    assert await house.payers.of_customer(ANNA) == []
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    assert payer.details.name == ROMASHKA
    assert payer.kpp == "773601001"
    assert "Выставить счёт" in anna.screen.buttons
    assert ROMASHKA in anna.screen.text


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("Организация", "7707083894", "контрольная цифра не сходится"),
        ("Организация", "77070838", "здесь 10 знаков, а вы прислали 8"),
        ("Организация", "500100732259", "12 цифр — это ИНН предпринимателя"),
        ("ИП", "7707083893", "10 цифр — это ИНН организации"),
        ("ИП", "500100732258", "контрольная цифра не сходится"),
        ("Организация", "номер", "10 цифр и больше ничего"),
        ("Организация", "7707083893/77360100", "В КПП 9 знаков"),
    ],
)
async def test_a_wrong_tax_number_is_told_and_asked_again(
    anna: Person, kind: str, typed: str, words: str
) -> None:
    await open_form(anna)
    await anna.taps(kind)
    await anna.says(typed)
    assert words in anna.screen.text
    assert "Пришлите ИНН" in anna.screen.text


async def test_every_other_answer_is_checked_as_well(anna: Person) -> None:
    await open_form(anna)
    await anna.taps("Организация")
    await anna.says("7707083893")
    await anna.says("12")
    assert "В КПП 9 знаков" in anna.screen.text
    await anna.says("773601001")
    await anna.says("я" * 161)
    assert "не длиннее 160 знаков, а здесь их 161" in anna.screen.text
    await anna.says(ROMASHKA)
    assert "Пропустить" not in anna.screen.buttons, "an organisation's address stands on its papers"
    await anna.says("д" * 301)
    assert "не длиннее 300 знаков" in anna.screen.text
    await anna.says("123")
    assert "не похоже на адрес" in anna.screen.text
    await anna.says(ADDRESS)
    await anna.says("почта@example.com")
    assert "Не похоже на адрес эл. почты" in anna.screen.text
    await anna.says("buh@example.com")
    assert "Всё верно?" in anna.screen.text


async def test_an_entrepreneur_has_no_kpp_and_may_leave_out_the_address(anna: Person, house: House) -> None:
    await open_form(anna)
    await anna.taps("ИП")
    await anna.says("500100732259")
    await anna.says("ИП Иванов Иван Иванович")
    await anna.taps("Пропустить")
    await anna.taps("Пропустить")
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    assert payer.kind == PartyKind.ENTREPRENEUR
    assert (payer.kpp, payer.address, payer.email) == ("", "", "")


async def test_a_person_is_himself_and_his_known_address_takes_one_tap(anna: Person, house: House) -> None:
    await house.customers.set_email(ANNA, "anna@example.com")
    await open_form(anna)
    await anna.taps("Физлицо")
    await anna.taps("Пропустить")
    await anna.says("Иванова Анна Ивановна")
    await anna.taps("Пропустить")
    await anna.taps("anna@example.com")
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    assert payer.id == (await house.balance.payers(ANNA))[0].id
    assert payer.email == "anna@example.com"


async def test_belarusian_numbers_are_asked_for_byn(anna: Person, house: House) -> None:
    await open_form(anna, "16,50")
    await anna.taps("Организация")
    assert "УНП" in anna.screen.text
    await anna.says("200988541")
    await anna.says("ООО Василёк")
    await anna.says("220030, Минск, пр. Независимости, 1")
    await anna.taps("Пропустить")
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    assert (payer.country, payer.tax_number) == ("BY", "200988541")


async def test_one_answer_is_changed_and_back_leaves_it(anna: Person, house: House) -> None:
    await open_form(anna)
    await fill_in_firm(anna)
    await anna.taps("Изменить")
    await anna.taps("Название")
    await anna.taps("‹ Назад")
    assert ROMASHKA in anna.screen.text
    await anna.taps("Изменить")
    await anna.taps("Название")
    await anna.says("АО Лютик")
    assert "АО Лютик" in anna.screen.text
    assert ROMASHKA not in anna.screen.text
    assert ADDRESS in anna.screen.text
    await anna.taps("Изменить")
    await anna.taps("‹ Назад")
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    assert payer.title == "АО Лютик"


async def test_another_kind_asks_for_another_number(anna: Person, house: House) -> None:
    await open_form(anna)
    await fill_in_firm(anna)
    await anna.taps("Изменить")
    await anna.taps("Кто это")
    await anna.taps("ИП")
    assert "12 знаков" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "ИНН 7707083893" in anna.screen.text, "nothing was changed"
    await anna.taps("Изменить")
    await anna.taps("Кто это")
    await anna.taps("ИП")
    await anna.says("500100732259")
    assert "ИНН 500100732259" in anna.screen.text
    assert "КПП" not in anna.screen.text
    await anna.taps("Сохранить")
    assert (await house.payers.of_customer(ANNA))[0].kpp == ""


async def test_back_goes_through_the_questions_and_out(anna: Person) -> None:
    await open_form(anna)
    await anna.taps("Организация")
    await anna.says("7707083893")
    await anna.taps("‹ Назад")
    assert "Пришлите ИНН" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Кто платит по счёту?" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Как удобнее заплатить?" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "На какой срок?" in anna.screen.text


async def test_the_form_survives_a_restart_an_interruption_and_a_picture(anna: Person, chat: Chat) -> None:
    await open_form(anna)
    await anna.taps("Организация")
    chat.restart()
    await anna.taps_data("nonsense")
    assert "Пришлите ИНН" in anna.screen.text
    await anna.sends_photo()
    assert "Пришлите ИНН" in anna.screen.text
    await anna.says("7707083893")
    await anna.says("773601001")
    await anna.says(ROMASHKA)
    await anna.says(ADDRESS)
    await anna.says("buh@example.com")
    await anna.taps("Изменить")
    chat.restart()
    await anna.taps_data("nonsense")
    assert "Что изменить?" in anna.screen.text


async def test_a_long_number_is_no_card_where_a_tax_number_was_asked(anna: Person) -> None:
    await open_form(anna)
    await anna.taps("Организация")
    await anna.says("4111 1111 1111 1111")
    assert "здесь 10 знаков" in anna.screen.text
    await anna.says("7707083893")
    await anna.says("773601001")
    await anna.says("4111 1111 1111 1111")
    assert "Сообщение удалено" in anna.screen.text


async def test_a_firm_added_by_its_name_is_asked_for_the_rest(anna: Person, house: House) -> None:
    firm = await house.balance.add_payer(ANNA, "ООО Ромашка")
    await open_form(anna)
    assert "На кого выставить счёт?" in anna.screen.text
    await anna.taps("ООО Ромашка")
    assert "Физлицо" not in anna.screen.buttons, "a firm does not become a person"
    await anna.taps("Организация")
    await anna.says("7707083893/773601001")
    await anna.says(ADDRESS)
    await anna.taps("Пропустить")
    assert "ООО Ромашка" in anna.screen.text
    await anna.taps("Сохранить")
    assert [payer.id for payer in await house.payers.of_customer(ANNA)] == [firm.id]


async def test_nobody_opens_somebody_elses_payer(anna: Person, bob: Person, house: House) -> None:
    await open_form(anna)
    await fill_in_firm(anna)
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    await bob.says("/start")
    await bob.taps_data(f"pays:{payer.id}")
    assert ROMASHKA not in bob.screen.text
    assert await house.payers.of_customer(BOB) == []


async def test_the_address_of_a_refused_letter_is_asked_at_once(anna: Person, house: House) -> None:
    await open_form(anna)
    await fill_in_firm(anna)
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    await anna.taps_data(f"mend:{payer.id}:0")
    assert "На какую почту" in anna.screen.text
    await anna.says("glavbuh@example.com")
    await anna.taps("Сохранить")
    (payer,) = await house.payers.of_customer(ANNA)
    assert (payer.email, payer.kpp) == ("glavbuh@example.com", "773601001")
    assert ROMASHKA in anna.screen.text, "the payer's own page"
