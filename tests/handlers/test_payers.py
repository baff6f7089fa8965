"""Another payer in the chat: added, given a code, topped up, and chosen for a connector or a payment."""

from __future__ import annotations

import pytest

from bot.domain.money import Money
from bot.gateways.base import Gateway
from bot.gateways.terminals.gateway import Terminals
from bot.gateways.terminals.settings import TerminalSettings
from bot.i18n.code_words import spaced_code
from bot.services.house import House
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, BOB
from tests.handlers.rig import Chat, Person
from tests.handlers.test_pay import NBSP

FIRM = "ООО Ромашка"


@pytest.fixture
def gateways(card: FakeGateway) -> list[Gateway]:
    network = {"secret": "a-secret-path-of-tests", "currency": "RUB", "allow": ["127.0.0.1"]}
    return [card, Terminals({"gorod": TerminalSettings.model_validate(network)})]


async def add_firm(anna: Person) -> None:
    await anna.says("/balance")
    await anna.taps("Добавить плательщика")
    await anna.says(FIRM)


async def code_of(house: House, payer: int) -> str:
    return await house.codes.code(ANNA, (await house.balance.payers(ANNA))[payer].id)


async def test_a_payer_is_added_from_the_codes_and_gets_one_of_his_own(anna: Person, house: House) -> None:
    await anna.says("/code")
    await anna.taps("Добавить плательщика")
    assert "Пришлите название организации" in anna.screen.text
    await anna.says("  ООО   Ромашка ")
    assert f"Добавлен плательщик: {FIRM}" in anna.screen.text
    assert "Кода оплаты пока нет" in anna.screen.text
    await anna.taps("Получить код")
    code = await code_of(house, 1)
    assert spaced_code(code) in anna.screen.text
    assert (anna.screen.button("Скопировать код") or {})["copy_text"] == {"text": code}
    await anna.taps("‹ Назад")
    assert FIRM in anna.screen.text
    assert spaced_code(code) in anna.screen.text
    await anna.taps("Anna")
    assert "Кода оплаты пока нет" in anna.screen.text, "the person has none yet"


async def test_a_new_payer_has_balances_and_is_topped_up(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await add_firm(anna)
    await anna.taps(f"Баланс: 0{NBSP}₽")
    assert FIRM in anna.screen.text
    await anna.taps("Пополнить")
    await anna.says("500")
    await anna.taps("Банковская карта")
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference))
    assert payment.payer_id == (await house.balance.payers(ANNA))[1].id
    await anna.says("/balance")
    assert f"{FIRM} · 500{NBSP}₽" in anna.screen.buttons
    assert f"Anna · 0{NBSP}₽" in anna.screen.buttons


async def test_a_top_up_asks_who_pays_only_where_there_are_several(anna: Person) -> None:
    await anna.says("/code")
    await anna.taps("Пополнить")
    assert "Какой баланс" in anna.screen.text
    await add_firm(anna)
    await anna.says("/code")
    await anna.taps("Пополнить")
    assert "Кто платит?" in anna.screen.text
    await anna.taps(FIRM)
    assert "Какой баланс" in anna.screen.text
    await anna.taps(f"{FIRM} · 0{NBSP}₽")
    assert "На какую сумму" in anna.screen.text
    for words in ("Какой баланс", "Кто платит?", "Anna"):
        await anna.taps("‹ Назад")
        assert words in anna.screen.text + "".join(anna.screen.buttons)


async def test_a_connector_gets_another_payer_on_its_page(anna: Person, house: House) -> None:
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("Line 5")
    assert "Сменить плательщика" not in anna.screen.buttons, "there is nobody else"
    await add_firm(anna)
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("Line 5")
    assert "Плательщик: Anna" in anna.screen.text
    await anna.taps("Сменить плательщика")
    await anna.taps("‹ Назад")
    await anna.taps("Сменить плательщика")
    await anna.taps(FIRM)
    assert f"Плательщик: {FIRM}" in anna.screen.text
    assert (await house.connectors.get(ANNA, "li-1")).payer_id == (await house.balance.payers(ANNA))[1].id


async def test_payment_by_code_asks_whose_and_waits_for_his_money(anna: Person, house: House) -> None:
    await add_firm(anna)
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Терминал или кошелёк")
    assert "Кто платит?" in anna.screen.text
    await anna.taps(FIRM)
    await anna.taps("Показать код оплаты")
    assert spaced_code(await code_of(house, 1)) in anna.screen.text
    payment = (await house.payments.history(ANNA)).items[0]
    assert payment.payer_id == (await house.balance.payers(ANNA))[1].id
    assert payment.amount == Money(99000, "RUB")


async def test_back_from_the_code_to_a_card_leaves_the_payer_behind(anna: Person, house: House) -> None:
    await add_firm(anna)
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Терминал или кошелёк")
    await anna.taps(FIRM)
    await anna.taps("‹ Назад")
    assert "Кто платит?" in anna.screen.text
    await anna.taps("‹ Назад")
    await anna.taps("Банковская карта")
    payment = (await house.payments.history(ANNA)).items[0]
    assert payment.payer_id == (await house.balance.payers(ANNA))[0].id


async def test_strangers_payers_are_nobodys(anna: Person, bob: Person, house: House) -> None:
    await add_firm(anna)
    firm = (await house.balance.payers(ANNA))[1].id
    await bob.says("/start")
    await bob.taps_data(f"payer:{firm}:code")
    assert "Nothing of yours" in bob.screen.text
    assert FIRM not in bob.screen.text
    assert [each.customer_id for each in await house.balance.payers(BOB)] == [BOB]


async def test_the_question_survives_a_restart_and_an_empty_name(anna: Person, chat: Chat) -> None:
    await anna.says("/balance")
    await anna.taps("Добавить плательщика")
    chat.restart()
    await anna.taps_data("nonsense")
    assert "Пришлите название организации" in anna.screen.text
    await anna.says("\u200b")
    assert "Пришлите название организации" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Баланс: " in anna.screen.text


async def test_requisites_are_filled_in_on_the_payers_page(anna: Person, house: House) -> None:
    await add_firm(anna)
    await anna.taps("Реквизиты для документов")
    await anna.taps("‹ Назад")
    assert FIRM in anna.screen.text
    await anna.taps("Реквизиты для документов")
    await anna.taps("Организация")
    await anna.says("7707083893/773601001")
    await anna.says("101000, Москва")
    await anna.taps("Пропустить")
    await anna.taps("Сохранить")
    assert anna.toast == "Сохранено."
    for words in (FIRM, "ИНН 7707083893 · КПП 773601001", "101000, Москва"):
        assert words in anna.screen.text
    assert "Получить код оплаты" in anna.screen.buttons
    (payer,) = await house.payers.of_customer(ANNA)
    assert payer.title == FIRM
